"""What the README shows is true: its commands run, and its story is the story that they tell."""

import re
import shlex
import subprocess

from tests.e2e.conftest import ROOT, TOOLS, Stack
from tests.e2e.test_story import assert_hatched, progress
from tests.support.oracle import assert_story
from tests.support.require import require

README = (ROOT / "README.md").read_text()
ADDRESS = "127.0.0.1:8080"


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def _grpcurl(stack: Stack, command: str, **replaced: str) -> str:
    """Runs a grpcurl line of the README against the test's own stack."""
    grpcurl = TOOLS / "grpcurl"
    require(grpcurl.exists(), "grpcurl is not there: run tests/tools/grpcurl, which needs Go")
    for shown, real in replaced.items():
        command = command.replace(f"{shown}/…", real)
    parts = shlex.split(command.replace("\\\n", " ").replace(ADDRESS, stack.envoy))
    assert "grpcurl" == parts[0]
    done = subprocess.run(
        [str(grpcurl), *parts[1:]], capture_output=True, text=True, timeout=90, check=False
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout


def test_the_calls_tell_the_story_that_is_shown(stack: Stack) -> None:
    """The first call tells the events shown, in that order; the second goes on after number 42."""
    create, watch = (block for block in _blocks("sh") if "grpcurl" in block)
    events = progress(_grpcurl(stack, create))
    assert_hatched(events)
    shown = [tuple(line.split()[:2]) for line in _blocks("text")[0].splitlines()]
    told = iter([(str(e.WhichOneof("event")), e.step) for e in events])
    for kind, *rest in shown:
        step = rest[0] if kind not in ("queued", "started", "completed") else ""
        assert (kind, step) in told, f"{kind} {step} is not told where the README shows it"
    again = progress(_grpcurl(stack, watch, generations=events[0].generation))
    assert_story(again, after=42)


def test_the_command_writes_what_is_shown(stack: Stack) -> None:
    """The text and nothing else goes to standard output, and its story beside it."""
    (line,) = [b.strip() for b in _blocks("sh") if b.startswith(".venv/bin/hatchery write")]
    done = stack.hatchery(*shlex.split(line)[1:])
    assert 0 == done.returncode, done.stderr
    assert len(done.stdout.split()) > 20
    assert "tokens/s" in done.stderr


def test_the_companion_answers_what_is_shown(stack: Stack) -> None:
    """The reply and nothing else goes to standard output, and the thinking beside it."""
    (line,) = [b.strip() for b in _blocks("sh") if b.startswith(".venv/bin/hatchery chat")]
    hatched = stack.hatchery("hatch", "a shy water dragon who loves books")
    assert 0 == hatched.returncode, hatched.stderr
    done = stack.hatchery(*shlex.split(line)[1:])
    assert 0 == done.returncode, done.stderr
    assert done.stdout.strip()
    assert "plain answer" in done.stderr


def test_every_make_target_that_is_named_is_there() -> None:
    """The README names no target that the Makefile lacks."""
    named = set(re.findall(r"`make ([a-z]+)", README)) | set(
        re.findall(r"^make ([a-z]+)", "".join(_blocks("sh")), re.MULTILINE)
    )
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"hatch", "test"} <= named
    assert set() == named - targets


def test_every_link_leads_somewhere() -> None:
    """Each relative link and picture of the README and of the documents is there."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)#:]+)\)|src=\"([^\":]+)\"", page.read_text())
        for target in filter(None, link)
        if not (page.parent / target).exists()
    ]
    assert [] == broken
