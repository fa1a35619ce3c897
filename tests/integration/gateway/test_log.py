"""The log in Postgres: fenced appends, the one writer, and what survives a lost connection."""

import asyncio
import random
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
import pytest
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.measures import Measures
from services.gateway.runner.outbox import Fenced, Outbox
from services.gateway.runner.previews import Previews
from services.gateway.runner.writer import Writer
from services.gateway.store.database import Database, open_database
from services.gateway.store.leases import Leases
from services.gateway.store.log import Batch, Log
from services.gateway.store.migrate import migrate
from services.gateway.store.previews import Previews as PreviewStore
from services.gateway.store.transitions import put_end
from services.gateway.watch.hub import Hub
from services.runtime.telemetry import silent
from tests.support.claimed import claimed
from tests.support.oracle import assert_prefix
from tests.support.postgres import connected, fresh_database
from tests.support.proxy import proxied_database


def _event(number: int) -> Progress:
    event = Progress(step="s", attempt=1, step_started=progress.StepStarted(index=number))
    event.emit_time.GetCurrentTime()
    return event


def _writer(database: Database, hub: Hub | None = None) -> Writer:
    previews = Previews(PreviewStore(database), lambda _: None)
    return Writer(database, hub or Hub(lambda _: None), previews, Measures(silent()))


def _outbox(generation: uuid.UUID, epoch: int = 1) -> Outbox:
    snapshot = Generation(last_sequence=1)
    return Outbox(generation, epoch, snapshot, pause=0.0, clock=time.monotonic)


@asynccontextmanager
async def _writing(writer: Writer) -> AsyncIterator[None]:
    task = asyncio.ensure_future(writer.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _stored(database: Database, generation: uuid.UUID) -> list[Progress]:
    rows = await Log(database).read(generation, 0, 10_000)
    return [Progress.FromString(event) for _, event in rows]


async def _until_stored(database: Database, generation: uuid.UUID, count: int) -> list[Progress]:
    async with asyncio.timeout(20):
        # The store is what is looked at, and it tells nobody.
        while len(events := await _stored(database, generation)) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return events


@pytest.mark.parametrize(
    ("epoch", "last", "state"),
    [
        pytest.param(0, 1, "RUNNING", id="old epoch"),
        pytest.param(2, 1, "RUNNING", id="epoch to come"),
        pytest.param(1, 0, "RUNNING", id="behind"),
        pytest.param(1, 2, "RUNNING", id="ahead"),
        pytest.param(1, 1, "QUEUED", id="not running"),
        pytest.param(1, 1, "CANCELLED", id="ended"),
    ],
)
async def test_what_the_fence_refuses_is_not_written(
    database: Database, epoch: int, last: int, state: str
) -> None:
    """Another epoch, number or state: no event, no number; the batch beside it is written."""
    fenced, fine = await claimed(database, 2)
    async with database.connection() as connection:
        await connection.execute("UPDATE generations SET state = $2 WHERE id = $1", fenced, state)
    batches = [Batch(fenced, epoch, last, [b"no"] * 2), Batch(fine, 1, 1, [b"yes"] * 3)]
    assert {fine} == await Log(database).append(batches)
    heads = await Log(database).heads([fenced, fine])
    assert (1, 4) == (heads[fenced].last_sequence, heads[fine].last_sequence)
    assert 1 == len(await Log(database).read(fenced, 0, 10))
    assert [2, 3, 4] == [s for s, _ in await Log(database).read(fine, 1, 10)]


async def test_one_fenced_generation_of_many_stops_alone(database: Database) -> None:
    """Of fifty that write at once one is taken over: it is told, and the others are whole."""
    hub = Hub(lambda _: None)
    writer, ids = _writer(database, hub), await claimed(database, 50)
    outboxes = [_outbox(id_) for id_ in ids]
    async with database.connection() as connection:
        await connection.execute("UPDATE generations SET epoch = 2 WHERE id = $1", ids[7])
    async with _writing(writer):
        for outbox in outboxes:
            writer.open(outbox)
        for number in range(20):
            for outbox in outboxes:
                writer.put(outbox, _event(number))
            await asyncio.sleep(0)
        async with asyncio.timeout(10):
            await outboxes[7].fenced.wait()
        for outbox in outboxes[:7] + outboxes[8:]:
            numbered = assert_prefix(await _until_stored(database, outbox.generation, 21))
            assert list(range(20)) == [e.step_started.index for e in numbered[1:]]
            assert not outbox.fenced.is_set()
    assert 1 == len(await _stored(database, ids[7]))


async def test_a_commit_under_a_lost_fence_stores_neither_event_nor_effect(
    database: Database,
) -> None:
    """Fenced is raised, and the transaction leaves nothing."""
    (id_,) = await claimed(database, 1)
    writer, outbox = _writer(database), _outbox(id_, epoch=9)

    async def effect(connection: Any, _: Generation) -> None:
        await put_end(connection, id_, "COMPLETED")

    with pytest.raises(Fenced):
        await writer.commit(outbox, [_event(1)], effect)
    assert "RUNNING" == (await Log(database).heads([id_]))[id_].state
    assert 1 == len(await _stored(database, id_))


async def test_a_refused_effect_leaves_room_for_another_end(database: Database) -> None:
    """An effect that Postgres refuses rolls its events back, and the next commit follows on."""
    (id_,) = await claimed(database, 1)
    writer, outbox = _writer(database), _outbox(id_)

    async def broken(connection: Any, _: Generation) -> None:
        await connection.execute("INSERT INTO no_such_table VALUES (1)")

    async def fine(*_: Any) -> None:
        pass

    outbox.put(_event(1))
    with pytest.raises(asyncpg.UndefinedTableError):
        await writer.commit(outbox, [_event(2)], broken)
    await writer.commit(outbox, [_event(3)], fine)
    numbered = assert_prefix(await _stored(database, id_))
    assert [1, 3] == [e.step_started.index for e in numbered[1:]]
    assert 3 == outbox.last_sequence


@pytest.mark.parametrize("seed", range(3))
async def test_lost_answers_make_no_gap_and_no_repeat(database_url: str, seed: int) -> None:
    """Connections are cut at random, also after the server got a commit: the log stays whole."""
    luck = random.Random(seed)
    async with (
        open_database(database_url) as direct,
        proxied_database(database_url) as (url, proxy),
        open_database(url) as database,
    ):
        ids = await claimed(direct, 8)
        writer, outboxes = _writer(database), [_outbox(id_) for id_ in ids]

        def sometimes(data: bytes, shut: Any) -> None:
            if luck.random() < (0.3 if b"COMMIT" in data else 0.05):
                shut()

        proxy.listeners.append(sometimes)
        effects = 0

        async def effect(connection: Any, _: Generation) -> None:
            nonlocal effects
            effects += 1
            await connection.execute("SELECT 1")

        async with _writing(writer):
            for outbox in outboxes:
                writer.open(outbox)
            for number in range(30):
                for outbox in outboxes:
                    writer.put(outbox, _event(number))
                if number % 10 == 9:
                    commits = (writer.commit(o, [_event(1000 + number)], effect) for o in outboxes)
                    await asyncio.gather(*commits)
                await asyncio.sleep(0.005)
            for outbox in outboxes:
                numbered = assert_prefix(await _until_stored(direct, outbox.generation, 34))
                told = [e.step_started.index for e in numbered[1:]]
                facts = [n for k in range(30) for n in ([k, 1000 + k] if k % 10 == 9 else [k])]
                assert facts == told
                assert not outbox.fenced.is_set(), "a lost answer was taken for a lost fence"


async def test_backends_killed_at_random_lose_nothing(
    database_url: str, database: Database
) -> None:
    """The server ends connections while they append; every fact is there once."""
    ids = await claimed(database, 8)
    writer, outboxes = _writer(database), [_outbox(id_) for id_ in ids]
    killer = await asyncpg.connect(database_url)
    async with _writing(writer):
        for outbox in outboxes:
            writer.open(outbox)
        for number in range(60):
            for outbox in outboxes:
                writer.put(outbox, _event(number))
            if number % 6 == 0:
                await killer.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'hatchery-gateway' AND datname = current_database()"
                )
            await asyncio.sleep(0.002)
        for outbox in outboxes:
            numbered = assert_prefix(await _until_stored(database, outbox.generation, 61))
            assert list(range(60)) == [e.step_started.index for e in numbered[1:]]
            assert not outbox.fenced.is_set()
    await killer.close()


async def test_renewing_and_appending_never_deadlock(database: Database) -> None:
    """Both lock many rows at once, in whatever order they are given; neither is ever refused."""
    ids = await claimed(database, 40)
    leases, log, luck = Leases(database), Log(database), random.Random(1)
    numbers = dict.fromkeys(ids, 1)

    async def renew() -> None:
        for _ in range(60):
            order = luck.sample(ids, len(ids))
            assert len(ids) == len(await leases.renew([(id_, 1) for id_ in order], 60))

    async def write() -> None:
        for _ in range(60):
            order = luck.sample(ids, len(ids))
            batches = [Batch(id_, 1, numbers[id_], [b"x"]) for id_ in order]
            assert set(ids) == await log.append(batches)
            for id_ in ids:
                numbers[id_] += 1

    async with asyncio.timeout(20):
        await asyncio.gather(renew(), renew(), write())


async def test_an_index_of_an_earlier_form_of_a_migration_is_no_obstacle(postgres_url: str) -> None:
    """0008 once made what 0009 makes now."""
    async with fresh_database(postgres_url) as url, connected(url) as connection:
        last = await connection.fetchval(
            "DELETE FROM migrations WHERE name = '0009_to_trim.sql' RETURNING name"
        )
        assert [last] == await migrate(connection)


async def test_migrations_are_applied_once_however_many_begin(postgres_url: str) -> None:
    """Eight replicas that start at once on an empty database: one migrates, all can work."""
    async with fresh_database(postgres_url) as url:
        first = await asyncpg.connect(url)
        await first.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        connections = [first, *[await asyncpg.connect(url) for _ in range(7)]]
        applied = await asyncio.gather(*(migrate(connection) for connection in connections))
        assert 1 == sum(bool(names) for names in applied)
        assert [] == await migrate(first)
        assert 0 == await first.fetchval("SELECT count(*) FROM generations")
        for connection in connections:
            await connection.close()
