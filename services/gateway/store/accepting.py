"""A new generation in Postgres: what is stored of it, and whether there is room."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.gateway.store.conversations import Turn, put_turn
from services.gateway.store.rows import COLUMNS, Row, as_row
from services.gateway.store.transitions import put_result
from services.gateway.store.uploads import put_upload
from services.runtime.errors import QueueFull

if TYPE_CHECKING:
    from services.gateway.store.database import Connection


@dataclass(frozen=True, slots=True)
class NewGeneration:
    """What is stored when a generation is accepted; `results` are steps that are done already.

    `asked` is the SHA-256 of what was asked for; `upload`, where there is one, a file that came
    with it; `reserved`, the most that it may cost, in millionths of the price list's unit, and
    `prices`, what it is done at, where that is known. A retry
    has the generation that it tries again, and as `origin` the first one of all its tries. One
    that an action began is `caused_by` the generation of that; one that answers has its `turn`.
    Its `trace` is where it belongs, as `traceparent` has it.
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
    prices: str | None = None
    retry_of: uuid.UUID | None = None
    retry_from: str = ""
    origin: uuid.UUID | None = None
    caused_by: uuid.UUID | None = None
    turn: Turn | None = None
    trace: str | None = None

    @property
    def alone(self) -> bool:
        """Whether nothing but its first event is stored with it."""
        return not (self.upload or self.results or self.turn)


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
# Both at once or neither, even where there is no transaction around it.
_INSERT = f"""
WITH g AS (
    INSERT INTO generations (id, owner, recipe, state, rpc, request_id, request, description,
        resource, last_sequence, snapshot, retry_of, retry_from, origin, asked, template,
        comparison, place, reserved_micros, prices, caused_by, trace)
    VALUES ($1, $2, $3, 'QUEUED', $4, $5, $6, $7, $8, 1, $9, $10, $11, $12, $13, $14, $15, $16, $17,
        $18, $19, $20)
    ON CONFLICT (owner, rpc, request_id) DO NOTHING RETURNING {COLUMNS}
), first AS (
    INSERT INTO progress (generation, sequence, event) SELECT id, 1, $21 FROM g
)
SELECT {COLUMNS} FROM g
"""
# When to ask again, in seconds, as a guess.
_RETRY_AFTER = 5.0


async def ahead_of(connection: "Connection", owner: str, more: int, limits: Limits) -> int:
    """How many new ones would wait for. Raises QueueFull where there is no room for `more`."""
    counts = await connection.fetchrow(_UNDER_WAY, owner)
    assert counts is not None
    _check(counts["owners"], more, limits.owner_unfinished, "of yours")
    _check(counts["unfinished"], more, limits.unfinished, "of all")
    return int(counts["ahead"])


async def insert(
    connection: "Connection", new: NewGeneration, first: tuple[bytes, bytes]
) -> Row | None:
    """Stores one with its first event and snapshot; None where its request id has been used."""
    event, snapshot = first
    row = await connection.fetchrow(
        _INSERT,
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
        new.prices,
        new.caused_by,
        new.trace,
        event,
    )
    if row is None:
        return None
    if new.upload:
        await put_upload(connection, new.id, new.upload)
    for step, result in new.results.items():
        await put_result(connection, new.id, step, result)
    if new.turn:
        await put_turn(connection, new.owner, new.id, new.turn)
    return as_row(row)


def _check(unfinished: int, more: int, limit: int, whose: str) -> None:
    if unfinished + more > limit:
        raise QueueFull(
            f"{unfinished} generations {whose} have not ended yet, and more there may not be",
            metadata={"limit": str(limit)},
            retry_after=_RETRY_AFTER,
        )
