"""Where those stand whom nobody runs yet, told while they watch, and never stored."""

import asyncio
from pathlib import Path
from typing import Any

from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.runtime.engine_stream import Emit
from tests.support.gateway import gateway
from tests.support.oracle import assert_story, kinds
from tests.support.postgres import connected
from tests.support.scripted import Engines, Gate, write_persona


def _at(position: int, event: Progress) -> bool:
    """Whether it tells that so many are ahead, without being an event of the log."""
    moved = event.WhichOneof("event") == "queued" and event.sequence == 0
    return moved and event.queued.position == position


async def test_a_line_that_moves_is_told_and_not_stored(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Three wait behind one; who watches elsewhere hears of each step ahead, with the time left."""
    gate = Gate(engines)
    for name in ("runs", "streams"):
        (tmp_path / name).mkdir()
    async with (
        gateway(database_url, engines, tmp_path / "runs", max_running=1) as runs,
        gateway(database_url, engines, tmp_path / "streams", max_running=0) as streams,
    ):
        running = await runs.start()
        await gate.came.wait()
        first, second, last = [await runs.start() for _ in range(3)]
        async with asyncio.timeout(10):
            heard = await streams.watch(last, until=lambda e: _at(2, e))
            assert heard[-1].queued.queue_size == 3
            assert heard[-1].queued.estimated_wait.expected.ToMilliseconds() > 0
            watching = asyncio.ensure_future(streams.watch(last, until=lambda e: _at(0, e)))
            await runs.cancel(first)
            await streams.watch(last, until=lambda e: _at(1, e))
            await streams.cancel(second)
            heard = await watching
        assert ["queued"] == kinds([event for event in heard if event.sequence])
        async with connected(database_url) as database:
            stored = "SELECT count(*) FROM progress WHERE generation = $1::text::uuid"
            assert 1 == await database.fetchval(stored, last.partition("/")[2])
        gate.opened.set()
        for name in (running, last):
            assert "completed" == kinds(assert_story(await streams.watch(name)))[-1]


async def test_nobody_is_told_of_a_place_after_the_start(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Once it has started, no word of a line for a runner comes any more."""

    async def take_time(request: Any, emit: Emit) -> StepCompleted:
        await asyncio.sleep(0.5)
        return await write_persona(request, emit)

    engines.text = take_time
    slots = {"llm_slots": 100, "avatar_slots": 100}  # nobody waits for an engine
    async with gateway(database_url, engines, tmp_path, max_running=2, **slots) as client:
        stories = await asyncio.gather(*(client.hatch() for _ in range(8)))
    assert any(_at(position, e) for story in stories for e in story for position in range(8))
    for story in stories:
        assert_story(story)
        assert "queued" not in kinds(story)[kinds(story).index("started") :]
