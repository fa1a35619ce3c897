"""Generations in Postgres: accepted, claimed, leased, ended, read."""

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    snapshot_sequence: int
    cancel_requested_by: str | None
    create_time: dt.datetime
    start_time: dt.datetime | None
    end_time: dt.datetime | None


_COLUMNS = ", ".join(Row.__dataclass_fields__)
_RETURNING = ", ".join(f"g.{column}" for column in Row.__dataclass_fields__)

# Fair: the owner with the fewest running generations first, then the one that waits longest.
_CLAIM = f"""
WITH next AS (
    SELECT id FROM generations AS waiting
    WHERE state = 'QUEUED' OR (state = 'RUNNING' AND lease_expire_time <= now())
    ORDER BY (
        SELECT count(*) FROM generations AS other
        WHERE other.owner = waiting.owner AND other.state = 'RUNNING'
            AND other.lease_expire_time > now()
    ), create_time
    LIMIT $1
    FOR UPDATE SKIP LOCKED
)
UPDATE generations AS g
SET state = 'RUNNING', epoch = g.epoch + 1, lease_expire_time = now() + $2::interval,
    start_time = coalesce(g.start_time, now())
FROM next WHERE g.id = next.id
RETURNING {_RETURNING}
"""

_RENEW = """
UPDATE generations AS g SET lease_expire_time = now() + $3::interval
FROM unnest($1::uuid[], $2::bigint[]) AS held (id, epoch)
WHERE g.id = held.id AND g.epoch = held.epoch AND g.state = 'RUNNING'
RETURNING g.id, g.cancel_requested_by
"""

# Where nobody runs it, the request itself takes the next epoch and ends it.
_TAKE_TO_CANCEL = f"""
UPDATE generations AS g
SET epoch = g.epoch + 1, state = 'RUNNING', lease_expire_time = now() + interval '5 seconds',
    cancel_requested_by = $3
WHERE id = $1 AND owner = $2
    AND (state IN ('QUEUED', 'PAUSED') OR (state = 'RUNNING' AND lease_expire_time <= now()))
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
                " description, agent, last_sequence, snapshot, snapshot_sequence)"
                " VALUES ($1, $2, $3, 'QUEUED', $4, $5, $6, $7, $8, 1, $9, 1)"
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

    async def claim(self, limit: int, lease: float) -> list[Row]:
        """Takes up to `limit` that wait, or whose lease ran out, for `lease` seconds."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(_CLAIM, limit, dt.timedelta(seconds=lease))
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

    async def release(self, generation: uuid.UUID, epoch: int) -> None:
        """Hands a lease back, so that anybody may claim it at once."""
        async with self._database.connection() as connection:
            await connection.execute(
                "UPDATE generations SET lease_expire_time = now() WHERE id = $1 AND epoch = $2"
                " AND state = 'RUNNING'",
                generation,
                epoch,
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
            row = await connection.fetchrow(_TAKE_TO_CANCEL, generation, owner, owner)
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


async def put_snapshot(
    connection: "Connection", generation: uuid.UUID, snapshot: bytes, sequence: int
) -> None:
    """Stores the log folded up to `sequence`, within the transaction that appended that event."""
    await connection.execute(
        "UPDATE generations SET snapshot = $2, snapshot_sequence = $3 WHERE id = $1",
        generation,
        snapshot,
        sequence,
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
