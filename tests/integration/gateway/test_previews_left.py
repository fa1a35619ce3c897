"""Previews that an end has left in the store."""

import pytest

from services.gateway.store.database import Database
from services.gateway.store.previews import Previews
from tests.support.claimed import claimed


@pytest.mark.parametrize(
    ("state", "stays"),
    [("COMPLETED", 0), ("FAILED", 0), ("CANCELLED", 0), ("PAUSED", 1), ("RUNNING", 1)],
)
async def test_one_that_was_left_behind_goes_with_the_next(
    database: Database, state: str, stays: int
) -> None:
    """One that was put in the moment of its generation's end; one of what halts stays."""
    left, runs = await claimed(database, 2)
    previews = Previews(database)
    await previews.put([(left, 1, b"a picture")])
    async with database.connection() as connection:
        await connection.execute("UPDATE generations SET state = $2 WHERE id = $1", left, state)
    await previews.put([(runs, 1, b"another")])
    there = await previews.news({left: 0, runs: 0})
    assert (stays, b"another") == (len(there) - 1, there[runs][1])
