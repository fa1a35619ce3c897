"""Many logs on one stream, for somebody who reads slowly."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

from services.gateway.watch.many import watch_many
from services.gateway.watch.watcher import Watcher, Write
from tests.support.waiting import until

MANY, EVENTS = 500, 3


class Logs(Watcher):
    """Generations that have long ended, of a few events each; counts who is being read."""

    def __init__(self) -> None:
        self.reading = self.most = self.over = 0

    async def watch(
        self,
        generation: uuid.UUID,
        after: int,
        write: Write,
        *,
        heartbeats: bool = True,
        caught_up: Callable[[], None] = lambda: None,
    ) -> None:
        """Writes all of them."""
        self.reading += 1
        self.most = max(self.most, self.reading)
        for _ in range(EVENTS):
            await write(generation.bytes)
        self.reading -= 1
        self.over += 1


async def _begun() -> AsyncIterator[uuid.UUID]:
    for _ in range(MANY):
        yield uuid.uuid4()
    await asyncio.Event().wait()


async def test_what_ends_while_one_reads_slowly_does_not_pile_up() -> None:
    """However many wait, a few are read at a time, and in the end all of them were."""
    logs, told = Logs(), list[bytes]()
    reads = asyncio.Event()

    async def write(event: bytes) -> None:
        await reads.wait()
        told.append(event)

    watching: Any = asyncio.create_task(watch_many(logs, {}, _begun(), write, heartbeat=60))
    for _ in range(100):
        await asyncio.sleep(0)
    assert 0 < logs.most <= 32
    reads.set()

    async def over() -> bool:
        return logs.over == MANY

    await until(over)
    watching.cancel()
    assert logs.most <= 32
    assert {EVENTS} == {told.count(event) for event in set(told)}
    assert MANY == len(set(told))


async def test_those_that_go_on_hold_up_nobody() -> None:
    """More than a few may be under way at once, each caught up with."""
    begun = 0

    class Running(Logs):
        async def watch(self, *_: Any, caught_up: Callable[[], None], **__: Any) -> None:
            nonlocal begun
            begun += 1
            caught_up()
            caught_up()
            await asyncio.Event().wait()

    async def write(_: bytes) -> None:
        raise AssertionError("there is nothing to write")

    watching: Any = asyncio.create_task(watch_many(Running(), {}, _begun(), write, heartbeat=60))

    async def all_begun() -> bool:
        return begun == MANY

    await until(all_begun)
    watching.cancel()
