"""Generations in Postgres: accepted, read, ended."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

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
    pause_requested_by: str | None
    create_time: dt.datetime
    start_time: dt.datetime | None
    end_time: dt.datetime | None

    @property
    def intent(self) -> "Intent | None":
        """What its owner wants of its runner."""
        return intent(self.cancel_requested_by, self.pause_requested_by)


@dataclass(frozen=True, slots=True)
class Intent:
    """What somebody wants of the runner: that it ends, or halts."""

    kind: Literal["cancel", "pause"]
    by: str


def intent(cancel_by: str | None, pause_by: str | None) -> Intent | None:
    """What is wanted in the end: to cancel is more than to pause."""
    if cancel_by:
        return Intent("cancel", cancel_by)
    return Intent("pause", pause_by) if pause_by else None


class CancelWanted(Exception):
    """It cannot be paused, since somebody asked to cancel it."""


COLUMNS = ", ".join(Row.__dataclass_fields__)
RETURNING = ", ".join(f"g.{column}" for column in Row.__dataclass_fields__)


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
                f" ON CONFLICT (owner, rpc, request_id) DO NOTHING RETURNING {RETURNING}",
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
                row = await _requested(connection, new.owner, new.rpc, new.request_id)
                return as_row(row), False
            await connection.execute(
                "INSERT INTO progress (generation, sequence, event) VALUES ($1, 1, $2)",
                new.id,
                event,
            )
            for step, result in new.results.items():
                await put_result(connection, new.id, step, result)
            return as_row(row), True

    async def requested(self, owner: str, rpc: str, request_id: uuid.UUID) -> Row | None:
        """The generation of a request id, when that was used before."""
        async with self._database.connection() as connection:
            row = await _requested(connection, owner, rpc, request_id)
        return as_row(row) if row else None

    async def get(self, generation: uuid.UUID, owner: str) -> Row | None:
        """One generation of an owner."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                f"SELECT {COLUMNS} FROM generations WHERE id = $1 AND owner = $2",
                generation,
                owner,
            )
        return as_row(row) if row else None

    async def owned(self, generations: Sequence[uuid.UUID], owner: str) -> set[uuid.UUID]:
        """Those of these generations that belong to the owner."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT id FROM generations WHERE id = ANY($1) AND owner = $2",
                list(generations),
                owner,
            )
        return {row["id"] for row in rows}

    async def recent(self, owners: Collection[str]) -> dict[str, list[tuple[uuid.UUID, bool]]]:
        """By owner, what has not ended (True) or began less than ten seconds ago."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT id, owner, end_time IS NULL AS unfinished FROM generations"
                " WHERE owner = ANY($1) AND (state IN ('QUEUED', 'RUNNING', 'PAUSED')"
                " OR create_time > now() - interval '10 s') ORDER BY create_time, id",
                list(owners),
            )
        found: dict[str, list[tuple[uuid.UUID, bool]]] = {}
        for row in rows:
            found.setdefault(row["owner"], []).append((row["id"], row["unfinished"]))
        return found

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
                f"SELECT {COLUMNS} FROM generations WHERE owner = $1"
                " AND (cardinality($2::text[]) = 0 OR state = ANY($2))"
                " AND ($3::timestamptz IS NULL OR (create_time, id) < ($3, $4::uuid))"
                " ORDER BY create_time DESC, id DESC LIMIT $5",
                owner,
                list(states),
                before[0] if before else None,
                before[1] if before else None,
                limit,
            )
        return [as_row(row) for row in rows]


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


async def put_pause(connection: "Connection", generation: uuid.UUID) -> None:
    """Halts a generation, within the transaction of its event. Raises CancelWanted."""
    halted = await connection.fetchval(
        "UPDATE generations SET state = 'PAUSED', lease_expire_time = NULL,"
        " pause_requested_by = NULL WHERE id = $1 AND cancel_requested_by IS NULL RETURNING true",
        generation,
    )
    if not halted:
        raise CancelWanted


async def put_resume(connection: "Connection", generation: uuid.UUID) -> None:
    """Lets a generation wait for its turn, within the transaction of its event."""
    await connection.execute(
        "UPDATE generations SET state = 'QUEUED', lease_expire_time = NULL,"
        " pause_requested_by = NULL WHERE id = $1",
        generation,
    )


def as_row(record: Any) -> Row:
    """A record of all columns as a row."""
    return Row(**dict(record))


async def _requested(connection: "Connection", owner: str, rpc: str, request_id: uuid.UUID) -> Any:
    return await connection.fetchrow(
        f"SELECT {COLUMNS} FROM generations WHERE owner = $1 AND rpc = $2 AND request_id = $3",
        owner,
        rpc,
        request_id,
    )
