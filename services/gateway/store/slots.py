"""Slots of engine services in Postgres: asked for, granted in turn, given back."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.gateway.store.database import Database

if TYPE_CHECKING:
    from services.gateway.store.database import Connection

# Whoever grants slots of an engine does it alone: this lock, and the engine's name.
_LOCK = 0x534C_4F54

# Rows whose runner is gone: somebody else took the generation over, it ended, or its lease ran out.
_SWEEP = """
DELETE FROM slots AS s USING generations AS g
WHERE s.engine = $1 AND g.id = s.generation AND NOT
    (g.epoch = s.epoch AND g.state = 'RUNNING' AND coalesce(g.lease_expire_time > now(), false))
"""

# Fair: an owner's turn comes later the more slots they have, or wait for before; at the same turn,
# whoever has waited longest is first.
_LINE = """
SELECT s.generation, row_number() OVER (
    ORDER BY s.turn + coalesce(h.granted, 0), s.wait_time, s.generation
) - 1 AS position, count(*) OVER () AS size
FROM (
    SELECT generation, owner, wait_time,
        row_number() OVER (PARTITION BY owner ORDER BY wait_time, generation) AS turn
    FROM slots WHERE engine = $1 AND NOT granted
) AS s
LEFT JOIN (
    SELECT owner, count(*) AS granted FROM slots WHERE engine = $1 AND granted GROUP BY owner
) AS h ON h.owner = s.owner
"""

_GRANT = f"""
UPDATE slots SET granted = true
FROM ({_LINE}) AS line
WHERE slots.generation = line.generation AND line.position <
    $2::bigint - (SELECT count(*) FROM slots WHERE engine = $1 AND granted)
RETURNING slots.generation
"""


@dataclass(frozen=True, slots=True)
class Ask:
    """A generation that wants a slot of an engine, under its epoch. Each asking has its ticket."""

    generation: uuid.UUID
    epoch: int
    owner: str
    engine: str
    ticket: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a generation stands: `position` others of `size` are before it, or it has a slot."""

    granted: bool
    position: int = 0
    size: int = 0


class Slots:
    """The table of slots."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(self, wanted: Ask, size: int) -> Sequence[uuid.UUID]:
        """Gets in line, once a ticket; grants what is free of `size` slots, as `grant`.

        An earlier ticket of the same generation is void.
        """
        async with self._database.transaction() as connection:
            await _alone(connection, wanted.engine)
            await connection.execute(
                "INSERT INTO slots (generation, epoch, owner, engine, ticket)"
                " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (generation) DO UPDATE"
                " SET epoch = excluded.epoch, engine = excluded.engine, ticket = excluded.ticket,"
                " granted = false, wait_time = excluded.wait_time"
                " WHERE slots.epoch <= excluded.epoch AND slots.ticket <> excluded.ticket",
                wanted.generation,
                wanted.epoch,
                wanted.owner,
                wanted.engine,
                wanted.ticket,
            )
            return await _grant(connection, wanted.engine, size)

    async def grant(self, engine: str, size: int) -> Sequence[uuid.UUID]:
        """Grants what is free of `size` slots; returns whose turn came, on whatever replica."""
        async with self._database.transaction() as connection:
            await _alone(connection, engine)
            return await _grant(connection, engine, size)

    async def give_back(self, had: Ask, size: int) -> Sequence[uuid.UUID]:
        """Leaves the line or gives the slot back; grants what is free then, as `grant`.

        Who has just had a slot counts as having it still, so that another owner is next.
        """
        async with self._database.transaction() as connection:
            await _alone(connection, had.engine)
            mine = "generation = $1 AND ticket = $2"
            had_it = await connection.fetchval(
                f"SELECT granted FROM slots WHERE {mine}", had.generation, had.ticket
            )
            granted = await _grant(connection, had.engine, size + bool(had_it))
            await connection.execute(f"DELETE FROM slots WHERE {mine}", had.generation, had.ticket)
            return granted

    async def places(self, engine: str) -> dict[uuid.UUID, Place]:
        """Where everybody stands who waits for an engine or has a slot of it."""
        async with self._database.connection() as connection:
            waiting = await connection.fetch(_LINE, engine)
            granted = await connection.fetch(
                "SELECT generation FROM slots WHERE engine = $1 AND granted", engine
            )
        places = {row["generation"]: Place(granted=True) for row in granted}
        for row in waiting:
            places[row["generation"]] = Place(False, row["position"], row["size"])
        return places


async def _alone(connection: "Connection", engine: str) -> None:
    """Begins to work on an engine's slots, with those gone that belong to nobody any more."""
    await connection.execute("SELECT pg_advisory_xact_lock($1, hashtext($2))", _LOCK, engine)
    await connection.execute(_SWEEP, engine)


async def _grant(connection: "Connection", engine: str, size: int) -> Sequence[uuid.UUID]:
    rows = await connection.fetch(_GRANT, engine, size)
    return [row["generation"] for row in rows]
