"""Replicas as wake-ups know them: what each was told, and when it listens."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from structlog.testing import capture_logs

from services.gateway.wakeups import WakeUps


@dataclass
class Replica:
    """One that hears: the generations, and how often it was told that anything may have moved."""

    wakeups: WakeUps
    calls: int = 0
    unsure: int = 0
    heard: set[uuid.UUID] = field(default_factory=set)
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, generations: Collection[uuid.UUID] | None) -> None:
        """Keeps what it is told."""
        if generations is None:
            self.unsure += 1
        else:
            self.calls += 1
            self.heard |= set(generations)
        self.moved.set()

    async def has(self, generations: set[uuid.UUID]) -> None:
        """Waits until it has heard of these."""
        await self._until(lambda: generations <= self.heard)

    async def listens(self, times: int = 1) -> None:
        """Waits until it was unsure so many times, as it is whenever it has connected."""
        await self._until(lambda: self.unsure >= times)

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                self.moved.clear()
                await self.moved.wait()


@asynccontextmanager
async def running(wakeups: WakeUps) -> AsyncIterator[Replica]:
    """A replica for as long as the block lasts; it may not listen yet."""
    one = Replica(wakeups)
    task = asyncio.ensure_future(one.wakeups.run(one.hear))
    try:
        yield one
    finally:
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()


@asynccontextmanager
async def listening(wakeups: WakeUps) -> AsyncIterator[Replica]:
    """A replica that listens, for as long as the block lasts."""
    async with running(wakeups) as one:
        await one.listens()
        yield one


@asynccontextmanager
async def logged() -> AsyncIterator[list[Any]]:
    """What is logged while the block lasts."""
    with capture_logs() as lines:
        yield lines
