"""Wake-ups between replicas, over a real Postgres."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
from hatchery.gateway.v1 import generation_service_pb2 as generations

from services.gateway.store.notify import Notifications
from tests.support.gateway import gateway
from tests.support.oracle import assert_story
from tests.support.scripted import Engines


@dataclass
class Replica:
    """One that hears: the generations, and how often it was told that anything may have moved."""

    wakeups: Notifications
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
        async with asyncio.timeout(10):
            while not generations <= self.heard:
                self.moved.clear()
                await self.moved.wait()

    async def listens(self, times: int = 1) -> None:
        """Waits until it has connected so many times."""
        async with asyncio.timeout(10):
            while self.unsure < times:
                self.moved.clear()
                await self.moved.wait()


@asynccontextmanager
async def replica(url: str) -> AsyncIterator[Replica]:
    """A replica that listens for as long as the block lasts."""
    one = Replica(Notifications(url))
    task = asyncio.ensure_future(one.wakeups.run(one.hear))
    try:
        await one.listens()
        yield one
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_every_other_replica_hears_and_the_sender_does_not(database_url: str) -> None:
    """A thousand generations are told in a handful of notifications."""
    moved = {uuid.uuid4() for _ in range(1000)}
    async with replica(database_url) as one, replica(database_url) as two:
        for generation in moved:
            one.wakeups.send(generation)
            one.wakeups.send(generation)
        await two.has(moved)
        assert moved == two.heard
        assert 5 == two.calls
        assert set() == one.heard


async def test_a_lost_connection_is_made_again(database_url: str) -> None:
    """After it everything may have moved, and what is sent from then on is heard."""
    async with replica(database_url) as one, replica(database_url) as two:
        connection = await asyncpg.connect(database_url)
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await connection.close()
        moved = {uuid.uuid4()}
        one.wakeups.send(moved.copy().pop())  # may be lost: nobody may rely on it
        await one.listens(2)
        await two.listens(2)
        later = uuid.uuid4()
        one.wakeups.send(later)
        await two.has({later})


async def test_another_replica_need_not_poll(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """With a poll of a minute, a watcher elsewhere has the whole story while it is still fresh."""
    async with (
        gateway(database_url, engines, tmp_path, poll=60.0, lease=240.0) as here,
        gateway(database_url, engines, tmp_path, poll=60.0, lease=240.0, max_running=1) as there,
    ):
        name = await here.start()
        request = generations.WatchGenerationRequest(name=name)
        async with asyncio.timeout(20):
            events = [event async for event in there.generations.WatchGeneration(request)]
        assert_story(events)


async def test_no_wake_up_is_needed(database_url: str, engines: Engines, tmp_path: Path) -> None:
    """Without any, the poll finds everything."""
    async with (
        gateway(database_url, engines, tmp_path, wakeups=Deaf()) as here,
        gateway(database_url, engines, tmp_path, wakeups=Deaf()) as there,
    ):
        name = await here.start()
        async with asyncio.timeout(20):
            assert_story(await there.watch(name))


class Deaf:
    """Loses every wake-up."""

    def send(self, generation: uuid.UUID) -> None:
        """Tells nobody."""

    async def run(self, heard: object) -> None:
        """Hears nothing."""
        await asyncio.Event().wait()
