"""Wake-ups between replicas: what both ways of sending them promise, Postgres and NATS."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hatchery.gateway.v1 import generation_service_pb2 as generations
from structlog.testing import capture_logs

from services.gateway.store.notify import Notifications
from services.gateway.upstream.nats import NatsWakeUps
from services.gateway.wakeups import WakeUps
from tests.support.gateway import gateway
from tests.support.hearing import Replica, listening, running
from tests.support.nats import nats_server
from tests.support.oracle import assert_story
from tests.support.postgres import connected
from tests.support.proxy import proxied_database
from tests.support.scripted import Engines
from tests.support.waiting import until


@dataclass(frozen=True)
class Way:
    """One way between replicas: their ends of it, and what breaks all connections at once."""

    end: Callable[[], WakeUps]
    cut: Callable[[], Awaitable[None]]


@pytest.fixture(params=["postgres", "nats"])
async def way(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Way]:
    """Each of them in turn."""
    if request.param == "postgres":

        async def cut() -> None:
            async with connected(database_url) as connection:
                await connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

        yield Way(lambda: Notifications(database_url), cut)
    else:
        async with nats_server() as server:

            async def restart() -> None:
                await server.kill()
                await server.start()

            yield Way(lambda: NatsWakeUps([server.url]), restart)


async def test_every_other_replica_hears_and_the_sender_does_not(way: Way) -> None:
    """A thousand generations are told in a handful of messages."""
    moved = {uuid.uuid4() for _ in range(1000)}
    async with (
        listening(way.end()) as one,
        listening(way.end()) as two,
        listening(way.end()) as three,
    ):
        for generation in moved:
            one.wakeups.send(generation)
            one.wakeups.send(generation)
        for other in (two, three):
            await other.has(moved)
            assert moved == other.heard
            assert 5 == other.calls
        assert set() == one.heard


async def test_a_lost_connection_is_made_again(way: Way) -> None:
    """After it everything may have moved, and what is sent from then on is heard."""
    async with listening(way.end()) as one, listening(way.end()) as two:
        await way.cut()
        one.wakeups.send(uuid.uuid4())  # may be lost: nobody may rely on it
        await one.listens(2)
        await two.listens(2)
        later = uuid.uuid4()
        one.wakeups.send(later)
        await two.has({later})


async def test_it_says_whether_others_are_heard(way: Way) -> None:
    """Not before it has connected, nor once it has noticed a loss, until it is there again."""
    end = way.end()
    assert not end.connected
    async with listening(end) as one:
        assert end.connected
        noticing = asyncio.ensure_future(_notices(one))
        await way.cut()
        one.wakeups.send(uuid.uuid4())
        await noticing
        await one.listens(2)
        assert end.connected


async def _notices(one: Replica) -> None:
    """Waits until it says that it is cut off, looking all the time: that may be over soon."""
    async with asyncio.timeout(20):
        while one.wakeups.connected:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0)


async def _is_connected(one: Replica, connected: bool) -> bool:
    return one.wakeups.connected is connected


async def test_postgres_that_is_lost_is_told_of_once_each_time(database_url: str) -> None:
    """However often it is tried meanwhile."""
    with capture_logs() as told:
        async with (
            proxied_database(database_url) as (url, between),
            running(Notifications(url)) as one,
        ):
            for times in (1, 2):
                await one.listens(times)
                between.cut()
                one.wakeups.send(uuid.uuid4())
                await until(lambda: _is_connected(one, False), 10)
                await asyncio.sleep(1.2)
                assert ["no wake-ups; polling meanwhile"] * times == [x["event"] for x in told]
                between.mend()


async def test_it_ends_at_once_when_it_is_cancelled(way: Way) -> None:
    """Whether it is sending, waits for something to send, or has not connected yet."""
    for pause in (0.0, 0.001, 0.01, 0.1):
        async with asyncio.timeout(5), running(way.end()) as one:
            for _ in range(1000):
                one.wakeups.send(uuid.uuid4())
            await asyncio.sleep(pause)
    async with asyncio.timeout(5), listening(way.end()) as one:
        for _ in range(10_000):
            one.wakeups.send(uuid.uuid4())
        await asyncio.sleep(0.02)


async def test_another_replica_need_not_poll(
    way: Way, database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """With a poll of a minute, a watcher elsewhere has the whole story while it is still fresh."""
    slow = {"poll": 60.0, "lease": 240.0}
    async with (
        gateway(database_url, engines, tmp_path, way.end(), **slow) as here,
        gateway(database_url, engines, tmp_path, way.end(), max_running=1, **slow) as there,
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

    connected = False

    def send(self, generation: uuid.UUID) -> None:
        """Tells nobody."""

    async def run(self, heard: object) -> None:
        """Hears nothing."""
        await asyncio.Event().wait()
