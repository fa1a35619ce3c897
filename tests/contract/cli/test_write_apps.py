"""`write --app`: a page that is kept, and what there is to read where none came of it."""

import asyncio
import itertools
from typing import Any

from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.runtime.engine_stream import Emit
from tests.contract.cli.conftest import Place
from tests.contract.cli.reading import path_of
from tests.contract.cli.writing import APP, says
from tests.support.scripted import Engines


async def test_an_app_is_kept_and_its_path_told(running: Place, engines: Engines) -> None:
    """The document goes to `artifacts` in the state folder, with its policy in it."""
    engines.text = says(f"Sure! Here it is:\n```html\n{APP}\n```")
    done = await running.hatchery("write", "--app", "a page")
    assert 0 == done.exit_code, done.output
    path = path_of(done.stdout)
    assert (running.state / "artifacts", ".html") == (path.parent, path.suffix)
    assert path.name.startswith("hello-")
    assert "Content-Security-Policy" in path.read_text()
    assert "Sure!" not in path.read_text()


async def test_an_app_that_is_none_fails(running: Place, engines: Engines) -> None:
    """No page is made up: it ends with 1, says why, and where what was written can be read."""
    engines.text = says("I cannot do that.")
    done = await running.hatchery("write", "--app", "a page")
    assert (1, "") == (done.exit_code, done.stdout)
    (said,) = [line for line in done.stderr.splitlines() if line.startswith("hatchery: ")]
    assert "the model wrote no HTML document" in said
    shown = done.stderr.partition("\n    hatchery generations show ")[2].partition(" ")[0]
    there = await running.hatchery("generations", "show", shown)
    assert "    I cannot do that." in there.stdout.splitlines()


async def test_every_try_of_a_failed_app_can_be_read(running: Place, engines: Engines) -> None:
    """What the earlier tries wrote is void, and told all the same; in a terminal at once."""
    tries = itertools.count(1)

    async def never(request: Any, emit: Emit) -> StepCompleted:
        return await says(f"no page, number {next(tries)}")(request, emit)

    engines.text = never
    with running.terminal("write", "--app", "a page") as screen:
        assert 1 == await asyncio.to_thread(screen.end)
    told = screen.seen.rpartition("── attempt 1 ──")[2]
    last = next(tries) - 1
    assert ("no page, number 1" in told, f"no page, number {last}" in told) == (True, True)
    name = told.partition("hatchery generations show ")[2].split()[0]
    shown = (await running.hatchery("generations", "show", name)).stdout.splitlines()
    for number in range(1, last):
        place = shown.index(f"  Text of attempt {number}:")
        assert f"    no page, number {number}" == shown[place + 1]
    assert f"    no page, number {last}" == shown[shown.index("  Text:") + 1]
