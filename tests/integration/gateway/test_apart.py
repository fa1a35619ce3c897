"""What a stranger's text may make endless is done apart, and ended."""

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from services.gateway.apart import Apart
from services.gateway.recipes.artifact.html import verify
from services.gateway.recipes.artifact.steps import pack
from services.runtime.errors import Internal, OutputInvalid
from tests.contract.gateway.test_artifacts import APP


def _forever(_: str) -> None:
    while True:
        pass


def _begins(path: str) -> None:
    Path(path).touch()
    _forever(path)


def _hungry(_: str) -> int:
    return len(b"x" * 2**30)


def _dies(_: str) -> None:
    os._exit(9)


def _deep(text: str) -> None:
    _deep(text)


def _breaks(_: str) -> None:
    raise KeyError


def _children() -> set[int]:
    """Processes of ours that came of a spawn; the tracker that watches over them stays."""
    children = psutil.Process().children()
    return {child.pid for child in children if "spawn_main" in " ".join(child.cmdline())}


async def test_what_it_makes_comes_back() -> None:
    """A value, and an error of ours as it was raised."""
    apart = Apart()
    assert None is await apart(verify, APP)
    content, title = await apart(pack, APP, "x")
    assert ("Counter", True) == (title, "Content-Security-Policy" in content)
    with pytest.raises(OutputInvalid, match="no HTML document"):
        await apart(verify, "hello")


@pytest.mark.parametrize(
    ("do", "problem"),
    [
        (_forever, "within reason"),
        (_hungry, "within reason"),
        (_dies, "within reason"),
        (_deep, "too deeply"),
    ],
)
async def test_what_does_not_end_is_ended(do: object, problem: str) -> None:
    """Too long, too much, dead, too deep: each a failure of the model's, and no process is left."""
    apart, before = Apart(seconds=0.5, memory=2**28), _children()
    with pytest.raises(OutputInvalid, match=problem):
        await apart(do, "x")  # type: ignore[arg-type]
    assert _children() <= before


async def test_a_fault_of_ours_is_none_of_the_models() -> None:
    """It is INTERNAL, and no reason to have it written again."""
    with pytest.raises(Internal):
        await Apart()(_breaks, "x")


async def test_everybody_else_goes_on_meanwhile(tmp_path: Path) -> None:
    """The loop does not stand still while somebody reads for long."""
    begun = tmp_path / "begun"
    task = asyncio.ensure_future(Apart(seconds=3.0)(_begins, str(begun)))
    turns = 0
    while not task.done():
        await asyncio.sleep(0.005)
        turns += await asyncio.to_thread(begun.exists)
    with pytest.raises(OutputInvalid):
        await task
    assert turns > 10


@pytest.mark.parametrize(
    "said",
    [
        "<!doctype html><html>" + "<div>" * 26_000 + "</html>",
        "<!doctype html><html><style>" + "a{" * 40_000 + "</style></html>",
        "<!doctype html><html><style>a{b:" + "(" * 100_000 + "}</style></html>",
        "<!doctype html><html><script>" + "[" * 60_000 + "]" * 60_000 + "</script></html>",
        "<!doctype html><html><script>" + "`${" * 30_000 + "</script></html>",
        "<!doctype html><html>" + "<b><i></b></i>" * 9_000 + "</html>",
        "<!doctype html><html>" + "<table>x" * 15_000 + "</html>",
        "<!doctype html" * 9_000,
        "<!doctype html>" + "<!--" * 30_000 + "</html>",
    ],
)
async def test_hostile_apps_are_told_from_good_ones_in_time(said: str) -> None:
    """Whatever they are made of: an answer comes, and it is that of the model or none."""
    began = time.monotonic()
    with suppress(OutputInvalid):
        await Apart(seconds=3.0)(verify, said)
    assert time.monotonic() - began < 25
