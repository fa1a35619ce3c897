"""`watch`, and leaving and coming back, over a real port and a real Postgres."""

import asyncio
import signal
from asyncio.subprocess import PIPE
from typing import Any

from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.runtime.engine_stream import Emit
from services.runtime.errors import UnknownModel
from tests.contract.cli.conftest import Place
from tests.contract.cli.reading import heard, parsed
from tests.support.oracle import assert_story, kinds
from tests.support.scripted import Engines, Gate, draw_portrait


async def test_watching_again_tells_the_same(running: Place) -> None:
    """`watch` replays the log to the end, from any event, with the id alone as the name."""
    seen = assert_story(parsed((await running.hatchery("hatch", "--json", "a dragon")).stdout))
    name = seen[0].generation
    assert seen == parsed((await running.hatchery("watch", "--json", name)).stdout)
    short = name.partition("/")[2]
    rest = await running.hatchery("watch", "--json", "--after", "4", short)
    assert seen[4:] == parsed(rest.stdout)
    ended = await running.hatchery("watch", "--after", str(len(seen)), name)
    assert 0 == ended.exit_code
    assert "Marisol" in ended.stdout


async def test_several_are_watched_at_once(running: Place, engines: Engines) -> None:
    """Each line says whose it is; all are told to their ends, and one that failed is not 0."""
    well = parsed((await running.hatchery("hatch", "--json", "one")).stdout)

    async def unknown(request: Any, emit: Emit) -> StepCompleted:
        raise UnknownModel("gone", command="ollama pull gone")

    engines.text = unknown
    badly = parsed((await running.hatchery("hatch", "--json", "other")).stdout)
    names = [told[0].generation for told in (well, badly)]
    done = await running.hatchery("watch", *names, names[0])
    assert (1, "hatchery: 1 of 2 failed or were cancelled\n") == (done.exit_code, done.stderr)
    one, other = (name.removeprefix("generations/")[:8] for name in names)
    assert {one, other} == {line.split("  ")[0] for line in done.stdout.splitlines()}
    assert f"{one}  Made {well[-1].completed.resource}\n" in done.stdout
    assert f'{other}  there is no model "gone"; to get it: ollama pull gone\n' in done.stdout
    told = parsed((await running.hatchery("watch", "--json", *names)).stdout)
    for name, first in zip(names, (well, badly), strict=True):
        assert assert_story(first) == [e for e in told if e.generation == name and e.sequence]
    refused = await running.hatchery("watch", "--after", "4", *names)
    assert (2, True) == (refused.exit_code, "go with one NAME only" in refused.stderr)


async def test_a_connection_that_drops_is_taken_up_again(place: Place, engines: Engines) -> None:
    """The gateway goes away mid-way and comes back: the output has no gap and no repeat."""
    reached = asyncio.Event()
    calls = 0

    async def interrupted(request: Any, emit: Emit) -> StepCompleted:
        nonlocal calls
        calls += 1
        if calls > 1:
            return await draw_portrait(request, emit)
        reached.set()
        await asyncio.Event().wait()
        raise AssertionError

    engines.image = interrupted
    async with place.start(stop_grace=0.1):
        hatching = asyncio.ensure_future(place.hatchery("hatch", "--json", "a dragon"))
        await asyncio.wait_for(reached.wait(), 30)
    await asyncio.sleep(0.3)
    assert not hatching.done()
    async with place.start():
        done = await asyncio.wait_for(hatching, 60)
    assert 0 == done.exit_code, done.output
    assert "completed" == kinds(assert_story(parsed(done.stdout)))[-1]
    assert 1 == len(engines.text_calls)


async def test_leaving_says_how_to_go_on(running: Place, engines: Engines) -> None:
    """Ctrl-C ends the command with 130 and both ways on; the generation hatches all the same."""
    gate = Gate(engines)
    process = await running.process("hatch", "a dragon", stdout=PIPE, stderr=PIPE)
    await asyncio.wait_for(gate.came.wait(), 30)
    await heard(process.stdout)
    process.send_signal(signal.SIGINT)
    _, said = await asyncio.wait_for(process.communicate(), 30)
    lines = said.decode().split()
    assert 130 == process.returncode
    name = lines[lines.index("watch", lines.index("hatchery")) + 1]
    assert f"hatchery generations cancel {name}" in said.decode()
    gate.opened.set()
    done = await running.hatchery("watch", name)
    assert (0, True) == (done.exit_code, "Marisol" in done.stdout)
