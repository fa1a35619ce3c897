"""The log in Postgres: fenced appends for many generations at once, and reads from a cursor."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.gateway.store.database import Database
from services.gateway.store.rows import ENDED

if TYPE_CHECKING:
    from services.gateway.store.database import Connection


@dataclass(frozen=True, slots=True)
class Batch:
    """The next events of one generation, serialised, and the fence they are appended under."""

    generation: uuid.UUID
    epoch: int
    last_sequence: int
    events: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Head:
    """Where a log stands."""

    epoch: int
    last_sequence: int
    state: str
    # The sequence up to which the events are gone.
    trimmed: int

    @property
    def ended(self) -> bool:
        """True when the last event is the terminal one."""
        return self.state in ENDED


# Advances each generation whose fence still holds, and inserts the events of just these. Rows are
# locked in the order of their ids, as where leases are renewed, so that the two never deadlock.
_APPEND = """
WITH held AS (
    SELECT g.id, b.last_sequence + b.size AS last_sequence
    FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[])
        AS b (id, epoch, last_sequence, size)
    JOIN generations AS g ON g.id = b.id AND g.epoch = b.epoch AND g.state = 'RUNNING'
        AND g.last_sequence = b.last_sequence
    ORDER BY g.id
    FOR NO KEY UPDATE OF g
), moved AS (
    UPDATE generations AS g SET last_sequence = held.last_sequence
    FROM held WHERE g.id = held.id
    RETURNING g.id
), added AS (
    INSERT INTO progress (generation, sequence, event)
    SELECT e.generation, e.sequence, e.event
    FROM unnest($5::uuid[], $6::bigint[], $7::bytea[]) AS e (generation, sequence, event)
    JOIN moved ON moved.id = e.generation
)
SELECT id FROM moved
"""


_NEWS = """
SELECT p.generation, p.sequence, p.event
FROM unnest($1::uuid[], $2::bigint[]) AS f (generation, cursor)
JOIN generations AS g ON g.id = f.generation AND g.last_sequence > f.cursor
JOIN progress AS p ON p.generation = g.id
    AND p.sequence > greatest(f.cursor, g.last_sequence - $3::bigint)
ORDER BY p.generation, p.sequence
"""


async def append(connection: "Connection", batches: Sequence[Batch]) -> set[uuid.UUID]:
    """Appends in one statement; returns those whose fence held. The others got nothing."""
    events = [
        (batch.generation, batch.last_sequence + place, event)
        for batch in batches
        for place, event in enumerate(batch.events, 1)
    ]
    rows = await connection.fetch(
        _APPEND,
        [b.generation for b in batches],
        [b.epoch for b in batches],
        [b.last_sequence for b in batches],
        [len(b.events) for b in batches],
        [e[0] for e in events],
        [e[1] for e in events],
        [e[2] for e in events],
    )
    return {row["id"] for row in rows}


async def read(
    connection: "Connection", generation: uuid.UUID, after: int, limit: int
) -> list[tuple[int, bytes]]:
    """The events after a sequence, in order, as (sequence, serialised Progress)."""
    rows = await connection.fetch(
        "SELECT sequence, event FROM progress WHERE generation = $1 AND sequence > $2"
        " ORDER BY sequence LIMIT $3",
        generation,
        after,
        limit,
    )
    return [(row["sequence"], row["event"]) for row in rows]


class Log:
    """The log, each call on a connection of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, batches: Sequence[Batch]) -> set[uuid.UUID]:
        """Appends in one transaction; returns the generations whose fence held."""
        async with self._database.connection() as connection:
            return await append(connection, batches)

    async def read(self, generation: uuid.UUID, after: int, limit: int) -> list[tuple[int, bytes]]:
        """The events after a sequence, as `read` gives them."""
        async with self._database.connection() as connection:
            return await read(connection, generation, after, limit)

    async def news(
        self, cursors: Mapping[uuid.UUID, int], limit: int
    ) -> dict[uuid.UUID, list[tuple[int, bytes]]]:
        """What is new for many generations at once, each after its cursor, in order.

        Of a generation that has moved further than `limit` events, only the last `limit` come.
        """
        async with self._database.connection() as connection:
            rows = await connection.fetch(_NEWS, list(cursors), list(cursors.values()), limit)
        news: dict[uuid.UUID, list[tuple[int, bytes]]] = {}
        for row in rows:
            news.setdefault(row["generation"], []).append((row["sequence"], row["event"]))
        return news

    async def heads(self, generations: Sequence[uuid.UUID]) -> dict[uuid.UUID, Head]:
        """Where the logs of several generations stand."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT id, epoch, last_sequence, state, trimmed"
                " FROM generations WHERE id = ANY($1)",
                list(generations),
            )
        return {
            row["id"]: Head(row["epoch"], row["last_sequence"], row["state"], row["trimmed"])
            for row in rows
        }
