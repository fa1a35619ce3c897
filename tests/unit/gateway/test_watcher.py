"""Whoever watches, when a gateway goes away."""

import asyncio
import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast

from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.store.log import Head, Log
from services.gateway.watch.hub import Hub
from services.gateway.watch.watcher import Watcher


class _Log:
    """A log of which the store has nothing."""

    async def heads(self, generations: Sequence[uuid.UUID]) -> dict[uuid.UUID, Head]:
        """It runs."""
        return {one: Head(1, 0, "RUNNING", 0) for one in generations}

    async def read(self, *_: Any) -> list[tuple[int, bytes]]:
        """Nothing."""
        return []


async def _settled(reads: asyncio.Semaphore, seconds: float) -> tuple[int, bool]:
    """How many of five events somebody had who reads so many, and whether the wait was over."""
    generation, written = uuid.uuid4(), list[bytes]()
    hub, log = Hub(lambda _: None), cast("Log", cast("Any", _Log()))
    watcher = Watcher(log, hub, heartbeat=10.0)

    async def write(event: bytes) -> None:
        await reads.acquire()
        written.append(event)

    watching = asyncio.create_task(watcher.watch(generation, 0, write))
    await asyncio.sleep(0.05)
    events = [Progress(step="s", step_progress=progress.StepProgress(done=n)) for n in range(5)]
    for sequence, event in enumerate(events, 1):
        event.sequence = sequence
        event.emit_time.GetCurrentTime()
    hub.publish(generation, 1, [event.SerializeToString() for event in events])
    settling = asyncio.create_task(watcher.settle(seconds))
    await asyncio.wait([settling], timeout=20)
    had = len(written), settling.done()
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    return had


async def test_everybody_is_told_what_is_known_before_streams_end() -> None:
    """Whoever reads has all of it."""
    assert (5, True) == await _settled(asyncio.Semaphore(5), 10.0)


async def test_whoever_does_not_read_keeps_no_gateway_from_ending() -> None:
    """They have what they took."""
    assert (2, True) == await _settled(asyncio.Semaphore(2), 0.2)
