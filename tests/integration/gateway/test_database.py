"""Connections whose far side is gone, and leases that are handed back while they are renewed."""

import asyncio
import os
import signal
import sys

import pytest
from structlog.testing import CapturingLogger

from services.gateway.store import database as store
from services.gateway.store.database import Database, open_database
from services.gateway.store.leases import Leases
from services.gateway.store.transitions import put_release
from services.runtime.errors import StoreUnavailable
from tests.support.claimed import claimed
from tests.support.ports import free_port
from tests.support.proxy import proxied_database
from tests.support.scripted import Engines


async def test_a_postgres_that_cannot_end_every_transaction_is_warned_of(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is older than ours; ours is not."""
    logged = CapturingLogger()
    monkeypatch.setattr(store, "log", logged)
    async with open_database(database_url):
        assert [] == logged.calls
    monkeypatch.setattr(store, "_ENDS_TRANSACTIONS", 99)
    async with open_database(database_url):
        assert ["warning"] == [call.method_name for call in logged.calls]


async def test_a_postgres_that_is_not_there_yet_is_waited_for(database_url: str) -> None:
    """For as long as was said, and no longer."""
    async with proxied_database(database_url) as (url, proxy):
        proxy.cut()
        with pytest.raises(StoreUnavailable):
            async with open_database(url):
                pass
        asyncio.get_running_loop().call_later(1.0, proxy.mend)
        async with open_database(url, patience=60.0) as database:
            await database.ping()
        proxy.cut()
        with pytest.raises(StoreUnavailable):
            async with asyncio.timeout(30), open_database(url, patience=1.0):
                pass


async def test_a_transaction_that_falls_silent_lets_its_locks_go(database_url: str) -> None:
    """As that of a machine that lost its power; were it alive after all, it is told."""
    locked = asyncio.Event()
    async with (
        open_database(database_url, timeout=2.0) as silent,
        open_database(database_url) as other,
    ):

        async def fall_silent() -> None:
            async with silent.transaction() as connection:
                await connection.execute("SELECT pg_advisory_xact_lock(1)")
                locked.set()
                await asyncio.sleep(4)
                await connection.execute("SELECT 1")

        falling = asyncio.ensure_future(fall_silent())
        await locked.wait()
        async with asyncio.timeout(20), other.transaction() as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(1)")
        with pytest.raises(StoreUnavailable):
            await falling
        await silent.ping()


async def test_a_transaction_that_falls_silent_within_a_statement_does_so_too(
    database_url: str,
) -> None:
    """Half of a statement came through: Postgres waits for the rest, and counts it as active."""
    # Parse, of no name and without parameters, and never the Sync that ends a statement.
    parse = b"\0SELECT 1\0\0\0"
    half = b"P" + (len(parse) + 4).to_bytes(4) + parse
    async with (
        open_database(database_url, timeout=2.0) as silent,
        open_database(database_url) as other,
        silent.connection() as connection,
    ):
        await connection.execute("BEGIN; SELECT pg_advisory_xact_lock(1)")
        link = connection._con
        link._transport.write(half)
        await asyncio.sleep(0.2)
        async with asyncio.timeout(20), other.transaction() as second:
            await second.execute("SELECT pg_advisory_xact_lock(1)")
        link.terminate()  # whether or not it has heard already that it was ended


async def test_a_statement_that_is_not_answered_counts_as_lost(database_url: str) -> None:
    """Within the time that the settings allow."""
    async with open_database(database_url, timeout=2.0) as database:
        with pytest.raises(StoreUnavailable):
            async with database.connection() as connection:
                await connection.execute("SELECT pg_sleep(20)")
        await database.ping()


async def test_a_lease_that_was_handed_back_is_not_renewed(database: Database) -> None:
    """Though the renewal was on its way: whoever is next need not wait for it to run out."""
    (generation,) = await claimed(database, 1)
    leases = Leases(database)
    assert {generation} == set(await leases.renew([(generation, 1)], 60.0))
    async with database.transaction() as connection:
        await put_release(connection, generation)
    assert {} == await leases.renew([(generation, 1)], 60.0)
    assert [generation] == [row.id for row in await leases.claim(1, 60.0, ["r"])]


async def test_who_waits_for_a_postgres_ends_when_told_to(engines: Engines) -> None:
    """Also the first process of a container, which nothing else ends."""
    environment = {
        "HATCHERY_LISTEN": "127.0.0.1:0",
        "HATCHERY_DATABASE_URL": f"postgresql://127.0.0.1:{free_port()}/x",
        "HATCHERY_DATABASE_PATIENCE": "60",
        "HATCHERY_LLM_TARGET": engines.llm_target,
        "HATCHERY_AVATAR_TARGET": engines.avatar_target,
    }
    gateway = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.gateway",
        env=os.environ | environment,
        stderr=asyncio.subprocess.PIPE,
    )
    assert gateway.stderr is not None
    async with asyncio.timeout(30):
        assert b"retry" in await gateway.stderr.readline()
        gateway.send_signal(signal.SIGTERM)
        assert 0 == await gateway.wait()
