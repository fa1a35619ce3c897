"""What images are made of, as far as that can be told without making them."""

import re

import pytest

from tests.support.containers.context import sent
from tests.support.containers.dockerfile import DOCKER, ROOT, stages
from tests.support.containers.images import OFFICIAL

IMAGES = {"gateway", "llm", "avatar", "avatar-mflux", "edge"}


def test_every_image_is_a_target() -> None:
    """Of one file, in which each stage has a name, and comes after what it is made of."""
    known = [OFFICIAL]
    for stage in stages().values():
        assert stage.parent in known
        known.append(stage.name)
        copied = [one.value.split() for one in stage.instructions if one.word == "COPY"]
        froms = {words[0].partition("=")[2] for words in copied if words[0].startswith("--from=")}
        assert froms <= set(known)
    assert set(known) >= IMAGES
    assert {OFFICIAL, "base"} == {stages()[name].parent for name in IMAGES} | {OFFICIAL}


def test_every_image_starts_and_tells_how_it_is() -> None:
    """By a list of words, so that no shell stands between it and who ends it."""
    for name in IMAGES:
        said = {one.word: one.value for one in stages()[name].instructions}
        assert said["ENTRYPOINT"].startswith('["python", "-P", "-m", '), name
        assert ' CMD ["python", "-P", "-m", ' in said["HEALTHCHECK"], name
        assert said.get("USER", "65532:65532") == "65532:65532", name


def test_an_instruction_that_nobody_tries_is_found() -> None:
    """The images of the tests are made by what is known; the rest must not come in unseen."""
    with pytest.raises(ValueError, match="ONBUILD"):
        stages("FROM scratch AS one\nONBUILD RUN true\n")
    with pytest.raises(ValueError, match="without a name"):
        stages("FROM scratch AS one\nFROM one AS one\n")


def test_the_engine_is_sent_what_images_are_built_from() -> None:
    """The code, its page and the locks; no test, no state, no source of the page."""
    names = {path.as_posix() for path in sent()}
    assert names >= {"pyproject.toml", "deploy/docker/install", "clients/web/dist/index.html"}
    assert {"LICENSE", "README.md", "clients", "deploy", "locks", "protos", "pyproject.toml"} == {
        name.partition("/")[0] for name in names
    } - {"services"}
    assert not {
        name for name in names if "node_modules" in name or name.startswith("clients/web/src")
    }


@pytest.mark.parametrize("name", [*sorted(IMAGES), "build"])
def test_every_package_is_locked_by_its_hash(name: str) -> None:
    """Also those of the image for cards, which no test builds."""
    text = (ROOT / "locks" / "images" / f"{name}.txt").read_text().strip()
    for entry in re.split(r"\n(?=\S)", text):
        assert re.match(r"[\w.-]+(\[[\w,]+\])?==[\w.+!-]+", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_installing_needs_hashes() -> None:
    """Nothing comes from an index but what a lock knows."""
    text = (DOCKER / "install").read_text()
    for line in text.splitlines():
        if "-r " in line:
            assert "--require-hashes --no-deps --only-binary :all:" in line
