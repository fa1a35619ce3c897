"""The configurations of programs of others, by these programs themselves."""

import subprocess
from pathlib import Path

import pytest

from deploy.envoy import edge, program
from deploy.envoy.settings import EdgeSettings
from tests.support.authority import Authority
from tests.support.manifests import BUILT, KUBERNETES, environment, workloads
from tests.support.nats import nats_program


@pytest.mark.parametrize("name", BUILT)
def test_envoy_takes_what_every_overlay_says(name: str, tmp_path: Path) -> None:
    """With the certificates that it would find there."""
    told = {
        variable.removeprefix("HATCHERY_").lower(): value
        for variable, value in environment(name, workloads(name)["edge"]).items()
    }
    for setting in {"tls", "edge_tls"} & set(told):
        told[setting] = str(Authority().write(tmp_path / setting, "edge"))
    config = edge.written(EdgeSettings(**{**told, "run_dir": str(tmp_path / "run")}))
    found = program.find()
    assert found
    done = subprocess.run(
        [found, "--mode", "validate", "--config-path", config],
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    assert "deprecated" not in done.stderr


def test_nats_takes_its_configuration(tmp_path: Path) -> None:
    """With a certificate where it looks for one; without, it says so."""
    text = (KUBERNETES / "components" / "nats" / "nats.conf").read_text()
    config = tmp_path / "nats.conf"
    config.write_text(text.replace("/etc/hatchery/tls", str(tmp_path / "tls")))
    check = [nats_program(), "-t", "--config", config]
    assert 0 != subprocess.run(check, capture_output=True, check=False).returncode
    Authority().write(tmp_path / "tls", "nats")
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
