"""What images hold, and what the policy scanner says of them and of the manifests."""

import os
import re
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.manifests import BUILT, KUBERNETES, ROOT, TOOLS, manifests, workloads
from tests.support.require import require

DOCKERFILE = ROOT / "deploy" / "docker" / "Dockerfile"
IMAGES = {"gateway", "llm", "avatar", "avatar-mflux", "edge"}
# Beside what Hatchery depends on: an engine that is an extra, and what it needs.
EXTRA = {"mflux", "jinja2"}


def project() -> Mapping[str, Any]:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def named(requirements: list[Any], groups: Mapping[str, Any]) -> Iterator[str]:
    """The packages of a group and those that it includes."""
    for one in requirements:
        if isinstance(one, dict):
            yield from named(groups[one["include-group"]], groups)
        else:
            yield re.split(r"[\[<>=;]", one)[0].strip()


def locked(file: Path) -> dict[str, set[str]]:
    """The versions of each package in a lock."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", file.read_text(), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("image", sorted(IMAGES))
def test_an_image_holds_what_hatchery_depends_on(image: str) -> None:
    """Of the versions that everything else is tested with, and nothing that is not declared."""
    groups = project()["dependency-groups"]
    declared = set(named(project()["project"]["dependencies"], groups)) | EXTRA
    assert set() == set(named(groups[image], groups)) - declared
    lock = locked(ROOT / "locks" / "images" / f"{image}.txt")
    assert set(named(groups[image], groups)) <= set(lock)
    tested = locked(ROOT / "locks" / "dev.txt")
    assert {} == {
        name: versions
        for name, versions in lock.items()
        if name in tested and not versions <= tested[name]
    }


def test_each_image_is_built_the_same_way() -> None:
    """From its lock, then with the code, as an ordinary user."""
    text = DOCKERFILE.read_text()
    for image in IMAGES:
        assert f"RUN install-hatchery packages {image}.txt /opt/hatchery\n" in text
        assert f"FROM {image}-packages AS {image}-built\n" in text
        stage = text.split(f"FROM base AS {image}\n")[1].split("\nFROM ")[0]
        users = re.findall(r"^USER (\S+)$", stage, re.MULTILINE)
        assert not users or "65532:65532" == users[-1]
        assert f"COPY --from={image}-built /opt/hatchery /opt/hatchery\n" in stage
    assert IMAGES == {file.stem for file in (ROOT / "locks" / "images").iterdir()} - {"build"}


def scan(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs the policy scanner, with no word to anybody outside."""
    program = TOOLS / "checkov" / "bin" / "checkov"
    require(program.exists(), "the policy scanner is not there: run tests/tools/checkov")
    return subprocess.run(
        [program, *arguments],
        env={**os.environ, "LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_policy_scanner_finds_nothing_in_the_manifests(tmp_path: Path) -> None:
    """But what deploy/kubernetes/checkov.yaml says why it is so."""
    for name in BUILT:
        lines = "\n---\n".join(_text(one) for one in manifests(name))
        (tmp_path / f"{name}.json.yaml").write_text(lines)
    done = scan("--config-file", KUBERNETES / "checkov.yaml", "--directory", tmp_path)
    assert 0 == done.returncode, done.stdout
    assert re.search(r"Passed checks: [1-9]\d\d", done.stdout)


def _text(manifest: Any) -> str:
    return yaml.safe_dump(manifest)


def test_the_policy_scanner_finds_nothing_in_the_images() -> None:
    """Each of them."""
    done = scan("--framework", "dockerfile", "--skip-download", "--file", DOCKERFILE, "--compact")
    assert 0 == done.returncode, done.stdout


def test_the_policy_scanner_would_find_something(tmp_path: Path) -> None:
    """It is not the exceptions that make it silent."""
    (tmp_path / "Dockerfile").write_text("FROM python:latest\nRUN true\nUSER root\n")
    done = scan("--framework", "dockerfile", "--skip-download", "--directory", tmp_path)
    assert "CKV_DOCKER_8" in done.stdout
    text = _text(workloads("laptop")["llm"])
    assert "readOnlyRootFilesystem: true" in text
    loose = text.replace("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false")
    (tmp_path / "llm.yaml").write_text(loose)
    done = scan("--config-file", KUBERNETES / "checkov.yaml", "--directory", tmp_path)
    assert "CKV_K8S_22" in done.stdout
