"""Generations in Postgres: accepted, read, ended."""

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import asyncpg

from services.gateway.names import generation_name
from services.gateway.store.accepting import FirstEvent, Limits, NewGeneration, ahead_of, insert
from services.gateway.store.budgets import Budget, check_budget
from services.gateway.store.database import Database
from services.gateway.store.rows import COLUMNS, Row, as_row
from services.runtime.errors import (
    BudgetExceeded,
    QueueFull,
    ResourceNotFound,
    RetryUnderWay,
    StoreUnavailable,
)

if TYPE_CHECKING:
    from services.gateway.store.database import Connection


# Seconds in which the turn of a budget has to come.
_TURN = 10.0

# Two indexes: an owner may have many that ended long ago.
_RECENT = """
SELECT id, owner, create_time, true AS unfinished FROM generations
WHERE owner = ANY($1) AND state IN ('QUEUED', 'RUNNING', 'PAUSED')
UNION ALL
SELECT id, owner, create_time, false FROM generations
WHERE owner = ANY($1) AND create_time > now() - $2::interval
    AND state NOT IN ('QUEUED', 'RUNNING', 'PAUSED')
ORDER BY create_time, id
"""


class Generations:
    """The table of generations."""

    def __init__(self, database: Database, limits: Limits | None = None) -> None:
        """`limits` hold for what is accepted; calls of the same moment may pass them a little."""
        self._database = database
        self._limits = limits or Limits()
        self._turns = WeakValueDictionary[str, asyncio.Lock]()

    async def accept(
        self, new: Sequence[NewGeneration], first_event: FirstEvent, budget: Budget | None = None
    ) -> tuple[list[Row], bool]:
        """Stores generations of one owner with their first events: all of them, or none.

        `first_event` makes the event and the snapshot from the number of those before it that have
        not come to work yet. Returns the rows, and False when the request id of the first had been
        used before: then the rows are the earlier ones. Raises QueueFull, BudgetExceeded,
        RetryUnderWay, and ResourceNotFound where what is retried was deleted meanwhile.
        """
        first = new[0]
        try:
            return await self._accept(new, first_event, budget)
        except (QueueFull, BudgetExceeded):
            if earlier := await self._earlier(new):
                return earlier, False
            raise
        except asyncpg.ForeignKeyViolationError:
            if first.retry_of is None:
                raise
            raise ResourceNotFound(generation_name(first.retry_of)) from None
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name != "generations_one_retry":
                raise
        if earlier := await self._earlier(new):
            return earlier, False
        raise RetryUnderWay(
            "it is being tried again already",
            metadata={
                "generation": generation_name(await self._retry_of(first.origin or first.id))
            },
        )

    async def _accept(
        self, new: Sequence[NewGeneration], first_event: FirstEvent, budget: Budget | None
    ) -> tuple[list[Row], bool]:
        # Going there and back for a transaction costs more than what most have to store.
        at_once = budget is None and len(new) == 1 and new[0].alone
        block = self._database.connection() if at_once else self._database.transaction()
        # Of one budget, one after the other: here, so that they do not wait with a connection each.
        turn = self._turn(new[0].owner) if budget else nullcontext()
        async with turn, block as connection:
            if budget is not None:
                await check_budget(connection, new[0].owner, budget, sum(n.reserved for n in new))
            ahead = await ahead_of(connection, new[0].owner, len(new), self._limits)
            rows: list[Row] = []
            for place, one in enumerate(new):
                row = await insert(connection, one, first_event(one, ahead + place))
                if row is None:
                    # They are stored together: who has one of them has them all.
                    assert not rows
                    break
                rows.append(row)
        return (rows, True) if rows else (await self._earlier(new), False)

    @asynccontextmanager
    async def _turn(self, owner: str) -> AsyncIterator[None]:
        """Raises StoreUnavailable where those before take too long."""
        turn = self._turns.setdefault(owner, asyncio.Lock())
        try:
            async with asyncio.timeout(_TURN):
                await turn.acquire()
        except TimeoutError:
            raise StoreUnavailable("too many wait for the database; try again soon") from None
        try:
            yield
        finally:
            turn.release()

    async def _earlier(self, new: Sequence[NewGeneration]) -> list[Row]:
        """The generations of these request ids; none, where they are new."""
        found = [await self.requested(one.owner, one.rpc, one.request_id) for one in new]
        return [row for row in found if row is not None]

    async def check_room(self, owner: str) -> None:
        """Raises QueueFull where another generation of an owner would be refused now."""
        async with self._database.connection() as connection:
            await ahead_of(connection, owner, 1, self._limits)

    async def requested(self, owner: str, rpc: str, request_id: uuid.UUID) -> Row | None:
        """The generation of a request id, when that was used before."""
        async with self._database.connection() as connection:
            row = await _requested(connection, owner, rpc, request_id)
        return as_row(row) if row else None

    async def get(self, generation: uuid.UUID, owner: str | None) -> Row | None:
        """One generation of an owner; of anybody, where that is None."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                f"SELECT {COLUMNS} FROM generations"
                " WHERE id = $1 AND ($2::text IS NULL OR owner = $2)",
                generation,
                owner,
            )
        return as_row(row) if row else None

    async def _retry_of(self, origin: uuid.UUID) -> uuid.UUID:
        """The unfinished retry of what began with `origin`, or the latest if it has just ended."""
        async with self._database.connection() as connection:
            found: uuid.UUID = await connection.fetchval(
                "SELECT id FROM generations WHERE origin = $1 AND retry_of IS NOT NULL"
                " ORDER BY end_time IS NULL DESC, create_time DESC LIMIT 1",
                origin,
            )
        return found

    async def results(self, generation: uuid.UUID) -> dict[str, bytes]:
        """The serialised results of the finished steps."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT step, result FROM steps WHERE generation = $1", generation
            )
        return {row["step"]: row["result"] for row in rows}

    async def trace(self, generation: uuid.UUID) -> str | None:
        """Where a generation belongs, as `traceparent` has it."""
        async with self._database.connection() as connection:
            found: str | None = await connection.fetchval(
                "SELECT trace FROM generations WHERE id = $1", generation
            )
        return found

    async def compared(self, comparison: uuid.UUID, owner: str) -> list[Row]:
        """The generations of a comparison of an owner, in its order."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                f"SELECT {COLUMNS} FROM generations WHERE comparison = $1 AND owner = $2"
                " ORDER BY place",
                comparison,
                owner,
            )
        return [as_row(row) for row in rows]

    async def latest(self, agent: uuid.UUID, owner: str, recipe: str) -> uuid.UUID | None:
        """The latest generation of a recipe that made or changed an agent and completed."""
        async with self._database.connection() as connection:
            found: uuid.UUID | None = await connection.fetchval(
                "SELECT id FROM generations WHERE owner = $1 AND resource = $2 AND recipe = $3"
                " AND state = 'COMPLETED' ORDER BY end_time DESC LIMIT 1",
                owner,
                agent,
                recipe,
            )
        return found

    async def owned(self, generations: Sequence[uuid.UUID], owner: str) -> set[uuid.UUID]:
        """Those of these generations that belong to the owner."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT id FROM generations WHERE id = ANY($1) AND owner = $2",
                list(generations),
                owner,
            )
        return {row["id"] for row in rows}

    async def recent(
        self, owners: Collection[str], within: dt.timedelta
    ) -> dict[str, list[tuple[uuid.UUID, bool]]]:
        """By owner, what has not ended (True) or began within so long."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(_RECENT, list(owners), within)
        found: dict[str, list[tuple[uuid.UUID, bool]]] = {}
        for row in rows:
            found.setdefault(row["owner"], []).append((row["id"], row["unfinished"]))
        return found

    async def page(
        self,
        owner: str,
        states: Sequence[str],
        agent: uuid.UUID | None,
        before: tuple[dt.datetime, uuid.UUID] | None,
        limit: int,
    ) -> list[Row]:
        """The newest generations of an owner, of all agents or of one, from a place on."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                f"SELECT {COLUMNS} FROM generations WHERE owner = $1"
                " AND (cardinality($2::text[]) = 0 OR state = ANY($2))"
                " AND ($3::uuid IS NULL OR resource = $3)"
                " AND ($4::timestamptz IS NULL OR (create_time, id) < ($4, $5::uuid))"
                " ORDER BY create_time DESC, id DESC LIMIT $6",
                owner,
                list(states),
                agent,
                before[0] if before else None,
                before[1] if before else None,
                limit,
            )
        return [as_row(row) for row in rows]


async def _requested(connection: "Connection", owner: str, rpc: str, request_id: uuid.UUID) -> Any:
    return await connection.fetchrow(
        f"SELECT {COLUMNS} FROM generations WHERE owner = $1 AND rpc = $2 AND request_id = $3",
        owner,
        rpc,
        request_id,
    )
