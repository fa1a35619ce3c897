"""Streams that are read in step with who writes them, so that nothing waits and is folded."""

import asyncio
from collections.abc import AsyncIterable

from hatchery.progress.v1.progress_pb2 import Progress


async def read_in_step(
    stream: AsyncIterable[Progress], heard: asyncio.Semaphore, *kinds: str
) -> list[Progress]:
    """The whole stream; of each event, or each of these kinds, the writer hears that it is read."""
    events = []
    async for event in stream:
        events.append(event)
        if not kinds or event.WhichOneof("event") in kinds:
            heard.release()
    return events
