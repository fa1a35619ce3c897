"""Several logs on one stream: each in its own order, all of them as they happen."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, suppress

from hatchery.progress.v1.progress_pb2 import Heartbeat, Progress

from services.gateway.watch.watcher import Watcher, Write
from services.runtime.errors import ResourceNotFound

# So many of `more` are read up to where they are at once.
_BEHIND = 32


async def watch_many(
    watcher: Watcher,
    cursors: Mapping[uuid.UUID, int],
    more: AsyncIterator[uuid.UUID] | None,
    write: Write,
    *,
    heartbeat: float,
) -> None:
    """Follows each generation from its cursor, and each of `more` from its beginning, to its end.

    One event at a time is handed to `write`: whoever reads slowly is read for slowly, and at most
    a page of each log is in memory. What begins while a reader is far behind waits for it, so that
    what has long ended does not pile up before them.
    """
    behind = asyncio.Semaphore(_BEHIND)
    turn, loop = asyncio.Lock(), asyncio.get_running_loop()
    written = loop.time()

    async def pass_on(event: bytes) -> None:
        nonlocal written
        async with turn:
            await write(event)
            written = loop.time()

    async def beat() -> None:
        while True:
            await asyncio.sleep(written + heartbeat - loop.time())
            if loop.time() >= written + heartbeat:
                await pass_on(_heartbeat())

    async def follow(generation: uuid.UUID) -> None:
        # One that is deleted ends nobody's stream of all.
        with ExitStack() as once, suppress(ResourceNotFound):
            once.callback(behind.release)
            await watcher.watch(generation, 0, pass_on, heartbeats=False, caught_up=once.close)

    async with asyncio.TaskGroup() as group:
        beating = group.create_task(beat())
        async with asyncio.TaskGroup() as logs:
            for generation, after in cursors.items():
                logs.create_task(watcher.watch(generation, after, pass_on, heartbeats=False))
            if more is not None:
                async for generation in more:
                    if generation not in cursors:
                        await behind.acquire()
                        logs.create_task(follow(generation))
        beating.cancel()


def _heartbeat() -> bytes:
    beat = Progress(heartbeat=Heartbeat())
    beat.emit_time.GetCurrentTime()
    return beat.SerializeToString()
