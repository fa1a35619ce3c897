"""What is asked about a generation that is deleted while it is asked."""

import uuid

import pytest

from services.gateway.store.database import Database
from services.gateway.store.generations import Generations
from services.gateway.store.ratings import Ratings
from services.runtime.errors import ResourceNotFound
from tests.support.claimed import a_new_one, claimed

GONE = uuid.UUID(int=7)


async def test_a_retry_of_what_was_deleted_meanwhile_finds_nothing(database: Database) -> None:
    """And stores nothing."""
    new = a_new_one(retry_of=GONE, origin=GONE)
    with pytest.raises(ResourceNotFound, match=str(GONE)):
        await Generations(database).accept([new], lambda *_: (b"", b""))
    async with database.connection() as connection:
        assert 0 == await connection.fetchval("SELECT count(*) FROM generations")


async def test_a_rating_of_what_was_deleted_meanwhile_finds_nothing(database: Database) -> None:
    """As one that never was; what is there is rated."""
    ratings, (there,) = Ratings(database), await claimed(database, 1)
    await ratings.put(there, "", engine="", model="", stars=5, comment="")
    with pytest.raises(ResourceNotFound, match=str(GONE)):
        await ratings.put(GONE, "", engine="", model="", stars=5, comment="")
    assert [5] == [row.stars for row in await ratings.of(there)]
