"""What is stored of a new generation is all of it or nothing."""

import uuid
from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest

from services.gateway.store.accepting import NewGeneration
from services.gateway.store.conversations import Turn
from services.gateway.store.database import Database
from services.gateway.store.generations import Generations
from services.runtime.errors import HatcheryError
from tests.support.claimed import a_new_one

# What nothing can be stored of.
NOTHING: Any = None
NOT_BYTES: Any = "text"
ONE = a_new_one()


@pytest.mark.parametrize(
    ("new", "event"),
    [
        pytest.param([a_new_one()], NOTHING, id="its first event"),
        pytest.param([a_new_one(upload=NOT_BYTES)], b"", id="what came with it"),
        pytest.param([a_new_one(results={"step": NOTHING})], b"", id="what is done already"),
        pytest.param([a_new_one(turn=Turn(uuid.uuid4(), "hello"))], b"", id="its turn"),
        pytest.param([ONE, a_new_one(id=ONE.id)], b"", id="the next"),
    ],
)
async def test_what_cannot_be_stored_whole_is_not_stored(
    database: Database, new: Sequence[NewGeneration], event: bytes
) -> None:
    """Whichever part of it is refused."""
    with pytest.raises((HatcheryError, asyncpg.PostgresError, asyncpg.DataError)):
        await Generations(database).accept(new, lambda *_: (event, b""))
    async with database.connection() as connection:
        assert 0 == await connection.fetchval("SELECT count(*) FROM generations")
