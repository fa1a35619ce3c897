"""Generations in Postgres: accepted, claimed, leased, ended, read."""

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hatchery.gateway.v1.generation_service_pb2 import Generation

from services.gateway.store.database import Database

if TYPE_CHECKING:
    from services.gateway.store.database import Connection


@dataclass(frozen=True, slots=True)
class NewGeneration:
    """What is stored when a generation is accepted; `results` are steps that are done already."""

    id: uuid.UUID
    owner: str
    recipe: str
    rpc: str
    request_id: uuid.UUID
    request: bytes
    description: str
    agent: uuid.UUID
    results: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Row:
    """A generation as it is stored."""

    id: uuid.UUID
    owner: str
    recipe: str
    state: str
    rpc: str
    request_id: uuid.UUID
    request: bytes
    description: str
    agent: uuid.UUID
    epoch: int
    last_sequence: int
    snapshot: bytes
    leases_lost: int
    cancel_requested_by: str | None
    create_time: dt.datetime
    start_time: dt.datetime | None
    end_time: dt.datetime | None


_COLUMNS = ", ".join(Row.__dataclass_fields__)
_RETURNING = ", ".join(f"g.{column}" for column in Row.__dataclass_fields__)

# Nobody runs it: it waits, or its lease was handed back (NULL) or ran out.
_FREE = (
    "g.state IN ('QUEUED', 'RUNNING')"
    " AND (g.lease_expire_time IS NULL OR g.lease_expire_time <= now())"
)

# Fair: an owner's turn comes later the more of theirs run or wait before; between owners at the
# same turn, the one who was served longest ago is first, and then the oldest.
_CLAIM = f"""
WITH turns AS (
    SELECT id, owner, row_number() OVER (
        PARTITION BY owner ORDER BY coalesce(lease_expire_time > now(), false) DESC, create_time
    ) AS turn
    FROM generations WHERE state IN ('QUEUED', 'RUNNING')
), served AS (
    SELECT owner, (SELECT max(start_time) FROM generations AS g WHERE g.owner = o.owner) AS at
    FROM (SELECT DISTINCT owner FROM turns) AS o
), next AS (
    SELECT g.id FROM generations AS g
    JOIN turns ON turns.id = g.id
    JOIN served ON served.owner = g.owner
    WHERE g.recipe = ANY($3) AND {_FREE}
    ORDER BY turns.turn, served.at NULLS FIRST, g.create_time
    LIMIT $1
    FOR NO KEY UPDATE OF g SKIP LOCKED
)
UPDATE generations AS g
SET state = 'RUNNING', epoch = g.epoch + 1, lease_expire_time = now() + $2::interval,
    start_time = coalesce(g.start_time, now()),
    leases_lost = g.leases_lost + (g.lease_expire_time IS NOT NULL)::int
FROM next WHERE g.id = next.id
RETURNING {_RETURNING}
"""

# Rows are locked in the order of their ids, as where events are appended.
_RENEW = """
WITH held AS (
    SELECT g.id FROM unnest($1::uuid[], $2::bigint[]) AS h (id, epoch)
    JOIN generations AS g ON g.id = h.id AND g.epoch = h.epoch AND g.state = 'RUNNING'
    ORDER BY g.id
    FOR NO KEY UPDATE OF g
)
UPDATE generations AS g SET lease_expire_time = now() + $3::interval
FROM held WHERE g.id = held.id
RETURNING g.id, g.cancel_requested_by
"""

# Where nobody runs it, the request itself takes the next epoch and ends it.
_TAKE_TO_CANCEL = f"""
UPDATE generations AS g
SET epoch = g.epoch + 1, state = 'RUNNING', cancel_requested_by = g.owner
WHERE g.id = $1 AND g.owner = $2 AND (g.state = 'PAUSED' OR {_FREE})
RETURNING {_RETURNING}
"""


class Generations:
    """The table of generations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def accept(
        self,
        new: NewGeneration,
        first_event: Callable[[int], tuple[bytes, bytes]],
    ) -> tuple[Row, bool]:
        """Stores a generation with its first event, in one transaction.

        `first_event` makes the event and the snapshot from the number of those that wait before
        it. Returns the row, and False when the request id had been used before: then the row is
        the earlier one.
        """
        async with self._database.transaction() as connection:
            ahead = await connection.fetchval(
                "SELECT count(*) FROM generations WHERE state = 'QUEUED'"
            )
            event, snapshot = first_event(ahead)
            row = await connection.fetchrow(
                "INSERT INTO generations AS g (id, owner, recipe, state, rpc, request_id, request,"
                " description, agent, last_sequence, snapshot)"
                " VALUES ($1, $2, $3, 'QUEUED', $4, $5, $6, $7, $8, 1, $9)"
                f" ON CONFLICT (owner, rpc, request_id) DO NOTHING RETURNING {_RETURNING}",
                new.id,
                new.owner,
                new.recipe,
                new.rpc,
                new.request_id,
                new.request,
                new.description,
                new.agent,
                snapshot,
            )
            if row is None:
                row = await connection.fetchrow(
                    f"SELECT {_COLUMNS} FROM generations"
                    " WHERE owner = $1 AND rpc = $2 AND request_id = $3",
                    new.owner,
                    new.rpc,
                    new.request_id,
                )
                return _row(row), False
            await connection.execute(
                "INSERT INTO progress (generation, sequence, event) VALUES ($1, 1, $2)",
                new.id,
                event,
            )
            for step, result in new.results.items():
                await put_result(connection, new.id, step, result)
            return _row(row), True

    async def claim(self, limit: int, lease: float, recipes: Sequence[str]) -> list[Row]:
        """Takes up to `limit` of these recipes that nobody runs, for `lease` seconds."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(_CLAIM, limit, dt.timedelta(seconds=lease), list(recipes))
        return [_row(row) for row in rows]

    async def renew(
        self, held: Sequence[tuple[uuid.UUID, int]], lease: float
    ) -> dict[uuid.UUID, str | None]:
        """Renews leases of (id, epoch). Returns those still held, with who asked to cancel."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                _RENEW,
                [id_ for id_, _ in held],
                [epoch for _, epoch in held],
                dt.timedelta(seconds=lease),
            )
        return {row["id"]: row["cancel_requested_by"] for row in rows}

    async def release(self, held: Sequence[tuple[uuid.UUID, int]]) -> None:
        """Hands leases of (id, epoch) back, so that anybody may claim them at once."""
        async with self._database.connection() as connection:
            await connection.execute(
                "UPDATE generations AS g SET lease_expire_time = NULL"
                " FROM unnest($1::uuid[], $2::bigint[]) AS h (id, epoch)"
                " WHERE g.id = h.id AND g.epoch = h.epoch AND g.state = 'RUNNING'",
                [id_ for id_, _ in held],
                [epoch for _, epoch in held],
            )

    async def request_cancel(self, generation: uuid.UUID, owner: str) -> None:
        """Leaves the intent for the runner that holds the lease."""
        async with self._database.connection() as connection:
            await connection.execute(
                "UPDATE generations SET cancel_requested_by = coalesce(cancel_requested_by, $2)"
                " WHERE id = $1 AND owner = $2 AND state = 'RUNNING'",
                generation,
                owner,
            )

    async def take_to_cancel(
        self,
        generation: uuid.UUID,
        owner: str,
        finish: Callable[["Connection", Row], Awaitable[Any]],
    ) -> bool:
        """Ends it here where nobody runs it, with `finish` in the same transaction.

        Returns False, with nothing done, where a runner holds it or it has ended.
        """
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(_TAKE_TO_CANCEL, generation, owner)
            if row is None:
                return False
            await finish(connection, _row(row))
            return True

    async def get(self, generation: uuid.UUID, owner: str) -> Row | None:
        """One generation of an owner."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                f"SELECT {_COLUMNS} FROM generations WHERE id = $1 AND owner = $2",
                generation,
                owner,
            )
        return _row(row) if row else None

    async def page(
        self,
        owner: str,
        states: Sequence[str],
        before: tuple[dt.datetime, uuid.UUID] | None,
        limit: int,
    ) -> list[Row]:
        """The newest generations of an owner, from a place in that order."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                f"SELECT {_COLUMNS} FROM generations WHERE owner = $1"
                " AND (cardinality($2::text[]) = 0 OR state = ANY($2))"
                " AND ($3::timestamptz IS NULL OR (create_time, id) < ($3, $4::uuid))"
                " ORDER BY create_time DESC, id DESC LIMIT $5",
                owner,
                list(states),
                before[0] if before else None,
                before[1] if before else None,
                limit,
            )
        return [_row(row) for row in rows]

    async def results(self, generation: uuid.UUID) -> dict[str, bytes]:
        """The serialised results of the finished steps."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT step, result FROM steps WHERE generation = $1", generation
            )
        return {row["step"]: row["result"] for row in rows}


async def put_result(
    connection: "Connection", generation: uuid.UUID, step: str, result: bytes
) -> None:
    """Stores the end of a step, within the transaction that appends its event."""
    await connection.execute(
        "INSERT INTO steps (generation, step, result) VALUES ($1, $2, $3)",
        generation,
        step,
        result,
    )
    await connection.execute("UPDATE generations SET leases_lost = 0 WHERE id = $1", generation)


async def put_snapshot(
    connection: "Connection", generation: uuid.UUID, snapshot: Generation
) -> None:
    """Stores the folded log, within the transaction that appended its latest event."""
    await connection.execute(
        "UPDATE generations SET snapshot = $2 WHERE id = $1",
        generation,
        snapshot.SerializeToString(),
    )


async def put_end(connection: "Connection", generation: uuid.UUID, state: str) -> None:
    """Ends a generation, within the transaction that appended its terminal event."""
    await connection.execute(
        "UPDATE generations SET state = $2, end_time = now(), lease_expire_time = NULL"
        " WHERE id = $1",
        generation,
        state,
    )


def _row(record: Any) -> Row:
    return Row(**dict(record))
