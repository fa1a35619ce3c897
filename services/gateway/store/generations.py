"""Generations in Postgres: accepted, read, ended."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import asyncpg

from services.gateway.names import generation_name
from services.gateway.store.budgets import Budget, check_budget
from services.gateway.store.database import Database
from services.gateway.store.rows import COLUMNS, RETURNING, Row, as_row
from services.gateway.store.transitions import put_result
from services.gateway.store.uploads import put_upload
from services.runtime.errors import BudgetExceeded, QueueFull, RetryUnderWay

if TYPE_CHECKING:
    from services.gateway.store.database import Connection


@dataclass(frozen=True, slots=True)
class NewGeneration:
    """What is stored when a generation is accepted; `results` are steps that are done already.

    `asked` is the SHA-256 of what was asked for; `upload`, where there is one, a file that came
    with it; `reserved`, the most that it may cost, in millionths of the price list's unit. A retry
    has the generation that it tries again, and as `origin` the first one of all its tries.
    """

    id: uuid.UUID
    owner: str
    recipe: str
    rpc: str
    request_id: uuid.UUID
    request: bytes
    description: str
    resource: uuid.UUID
    results: Mapping[str, bytes]
    asked: bytes
    upload: bytes = b""
    template: str = ""
    comparison: uuid.UUID | None = None
    place: int = 0
    reserved: int = 0
    retry_of: uuid.UUID | None = None
    retry_from: str = ""
    origin: uuid.UUID | None = None


# From a new generation, and how many are before it, its first event and the snapshot of that.
FirstEvent = Callable[[NewGeneration, int], tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Limits:
    """How many generations may be under way: of all owners, and of one."""

    unfinished: int = 2**31
    owner_unfinished: int = 2**31


# What has not ended; and what of it is before one that comes now.
_UNDER_WAY = """
SELECT count(*) AS unfinished, count(*) FILTER (WHERE g.owner = $1) AS owners,
    count(*) FILTER (WHERE g.state = 'QUEUED' OR g.state = 'RUNNING'
        AND NOT EXISTS (SELECT FROM steps AS s WHERE s.generation = g.id)
        AND NOT EXISTS (SELECT FROM slots AS s WHERE s.generation = g.id AND s.granted)) AS ahead
FROM generations AS g WHERE g.state IN ('QUEUED', 'RUNNING', 'PAUSED')
"""
# Two indexes: an owner may have many that ended long ago.
_RECENT = """
SELECT id, owner, create_time, true AS unfinished FROM generations
WHERE owner = ANY($1) AND state IN ('QUEUED', 'RUNNING', 'PAUSED')
UNION ALL
SELECT id, owner, create_time, false FROM generations
WHERE owner = ANY($1) AND create_time > now() - interval '10 s'
    AND state NOT IN ('QUEUED', 'RUNNING', 'PAUSED')
ORDER BY create_time, id
"""
# When to ask again, in seconds, as a guess.
_RETRY_AFTER = 5.0


class Generations:
    """The table of generations."""

    def __init__(self, database: Database, limits: Limits | None = None) -> None:
        """`limits` hold for what is accepted; calls of the same moment may pass them a little."""
        self._database = database
        self._limits = limits or Limits()

    async def accept(
        self, new: Sequence[NewGeneration], first_event: FirstEvent, budget: Budget | None = None
    ) -> tuple[list[Row], bool]:
        """Stores generations of one owner with their first events: all of them, or none.

        `first_event` makes the event and the snapshot from the number of those before it that have
        not come to work yet. Returns the rows, and False when the request id of the first had been
        used before: then the rows are the earlier ones. Raises QueueFull, BudgetExceeded and
        RetryUnderWay.
        """
        first = new[0]
        try:
            return await self._accept(new, first_event, budget)
        except (QueueFull, BudgetExceeded):
            if earlier := await self._earlier(new):
                return earlier, False
            raise
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
        async with self._database.transaction() as connection:
            if budget is not None:
                await check_budget(connection, new[0].owner, budget, sum(n.reserved for n in new))
            ahead = await self._ahead(connection, new[0].owner, len(new))
            rows: list[Row] = []
            for place, one in enumerate(new):
                row = await _insert(connection, one, first_event(one, ahead + place))
                if row is None:
                    # They are stored together: who has one of them has them all.
                    assert not rows
                    break
                rows.append(row)
        return (rows, True) if rows else (await self._earlier(new), False)

    async def _earlier(self, new: Sequence[NewGeneration]) -> list[Row]:
        """The generations of these request ids; none, where they are new."""
        found = [await self.requested(one.owner, one.rpc, one.request_id) for one in new]
        return [row for row in found if row is not None]

    async def check_room(self, owner: str) -> None:
        """Raises QueueFull where another generation of an owner would be refused now."""
        async with self._database.connection() as connection:
            await self._ahead(connection, owner, 1)

    async def _ahead(self, connection: "Connection", owner: str, more: int) -> int:
        """How many new ones would wait for. Raises QueueFull where there is no room for `more`."""
        counts = await connection.fetchrow(_UNDER_WAY, owner)
        assert counts is not None
        _check(counts["owners"], more, self._limits.owner_unfinished, "of yours")
        _check(counts["unfinished"], more, self._limits.unfinished, "of all")
        return int(counts["ahead"])

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

    async def recent(self, owners: Collection[str]) -> dict[str, list[tuple[uuid.UUID, bool]]]:
        """By owner, what has not ended (True) or began less than ten seconds ago."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(_RECENT, list(owners))
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


def _check(unfinished: int, more: int, limit: int, whose: str) -> None:
    if unfinished + more > limit:
        raise QueueFull(
            f"{unfinished} generations {whose} have not ended yet, and more there may not be",
            metadata={"limit": str(limit)},
            retry_after=_RETRY_AFTER,
        )


async def _insert(
    connection: "Connection", new: NewGeneration, first: tuple[bytes, bytes]
) -> Row | None:
    """Stores one with its first event and snapshot; None where its request id has been used."""
    event, snapshot = first
    row = await connection.fetchrow(
        "INSERT INTO generations AS g (id, owner, recipe, state, rpc, request_id, request,"
        " description, resource, last_sequence, snapshot, retry_of, retry_from, origin, asked,"
        " template, comparison, place, reserved_micros)"
        " VALUES ($1, $2, $3, 'QUEUED', $4, $5, $6, $7, $8, 1, $9, $10, $11, $12, $13, $14, $15,"
        " $16, $17)"
        f" ON CONFLICT (owner, rpc, request_id) DO NOTHING RETURNING {RETURNING}",
        new.id,
        new.owner,
        new.recipe,
        new.rpc,
        new.request_id,
        new.request,
        new.description,
        new.resource,
        snapshot,
        new.retry_of,
        new.retry_from,
        new.origin,
        new.asked,
        new.template,
        new.comparison,
        new.place,
        new.reserved,
    )
    if row is None:
        return None
    await connection.execute(
        "INSERT INTO progress (generation, sequence, event) VALUES ($1, 1, $2)", new.id, event
    )
    if new.upload:
        await put_upload(connection, new.id, new.upload)
    for step, result in new.results.items():
        await put_result(connection, new.id, step, result)
    return as_row(row)


async def _requested(connection: "Connection", owner: str, rpc: str, request_id: uuid.UUID) -> Any:
    return await connection.fetchrow(
        f"SELECT {COLUMNS} FROM generations WHERE owner = $1 AND rpc = $2 AND request_id = $3",
        owner,
        rpc,
        request_id,
    )
