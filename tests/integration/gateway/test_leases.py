"""Leases that are renewed while something else holds a generation's row."""

import asyncio
import datetime as dt
import uuid

from services.gateway.store.database import Database
from services.gateway.store.leases import Leases
from services.gateway.store.rows import Intent
from tests.support.claimed import claimed
from tests.support.postgres import connected

FAR = 3600.0


async def _left(database: Database, generation: uuid.UUID) -> dt.timedelta:
    async with database.connection() as connection:
        left: dt.timedelta = await connection.fetchval(
            "SELECT lease_expire_time - now() FROM generations WHERE id = $1", generation
        )
    return left


async def test_one_that_is_locked_keeps_no_other_from_its_lease(
    database: Database, database_url: str
) -> None:
    """All of them are held, the others are renewed, and so is that one once it is free."""
    locked, lost, wanted, free = await claimed(database, 4)
    leases = Leases(database)
    await leases.request(wanted, "local", Intent("cancel", "ada"))
    async with database.connection() as connection:
        await connection.execute("UPDATE generations SET epoch = 2 WHERE id = $1", lost)
    held = [(one, 1) for one in (locked, lost, wanted, free)]
    async with connected(database_url) as holder, holder.transaction():
        await holder.execute("SELECT FROM generations WHERE id = $1 FOR UPDATE", locked)
        async with asyncio.timeout(20):
            kept = await leases.renew(held, 1.0)
        assert {locked: None, wanted: Intent("cancel", "ada"), free: None} == kept
        for one in (wanted, free):
            assert await _left(database, one) < dt.timedelta(seconds=30)
        assert await _left(database, locked) > dt.timedelta(seconds=30)
    assert {locked, wanted, free} == (await leases.renew(held, FAR)).keys()
    assert await _left(database, locked) > dt.timedelta(seconds=FAR - 600)
