"""What owners begin, found by whoever follows, also after a time in which nobody could look."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from typing import Any

import pytest

from services.gateway.store.database import Database
from services.gateway.store.generations import Generations
from services.gateway.watch import newcomers
from services.gateway.watch.newcomers import Newcomers
from services.runtime.errors import StoreUnavailable
from tests.support.claimed import claimed


class _Away(Generations):
    """A store that can be away."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.away = False
        self.asked = asyncio.Event()

    async def recent(self, owners: Collection[str], *more: Any) -> Any:
        """Looks, unless it is away."""
        self.asked.set()
        if self.away:
            raise StoreUnavailable("away")
        return await super().recent(owners, *more)


async def _next(found: AsyncIterator[uuid.UUID]) -> uuid.UUID:
    async with asyncio.timeout(20):
        return await anext(found)


async def test_what_began_and_ended_while_the_store_was_away_is_found(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once and in its order, however long it is ago; what was known before does not come again."""
    monkeypatch.setattr(newcomers, "_MARGIN", 0.5)
    store = _Away(database)
    found = Newcomers(store, poll=0.02)
    looking = asyncio.create_task(found.run())
    follower = found.of("local")
    try:
        (before,) = await claimed(database, 1)
        assert before == await _next(follower)
        store.away = True
        meanwhile = await claimed(database, 2)
        async with database.connection() as connection:
            await connection.execute("UPDATE generations SET state = 'COMPLETED', end_time = now()")
        await asyncio.sleep(1.0)
        store.away = False
        assert meanwhile == [await _next(follower), await _next(follower)]
        (after,) = await claimed(database, 1)
        assert after == await _next(follower)
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking
