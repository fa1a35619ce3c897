"""Who runs a generation: claims, leases with their epochs, and what is wanted of a runner."""

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.gateway.store.database import Database
from services.gateway.store.rows import RETURNING, Intent, Row, as_row, intent

if TYPE_CHECKING:
    from services.gateway.store.database import Connection

# Nobody runs it: it waits, or its lease was handed back (NULL) or ran out.
_FREE = (
    "g.state IN ('QUEUED', 'RUNNING')"
    " AND (g.lease_expire_time IS NULL OR g.lease_expire_time <= now())"
)

# Messages of one conversation are answered in order: none before an earlier one has ended.
_IN_TURN = (
    "(g.conversation IS NULL OR NOT EXISTS (SELECT FROM generations AS e"
    " WHERE e.conversation = g.conversation AND e.turn < g.turn"
    " AND e.state IN ('QUEUED', 'RUNNING', 'PAUSED')))"
)

# Fair: an owner's turn comes later the more of theirs run or wait before; between owners at the
# same turn, the one who was served longest ago is first, and then the oldest.
_TURNS = f"""
WITH turns AS (
    SELECT id, owner, row_number() OVER (
        PARTITION BY owner ORDER BY coalesce(lease_expire_time > now(), false) DESC, create_time
    ) AS turn
    FROM generations AS g WHERE state IN ('QUEUED', 'RUNNING')
        AND (recipe = ANY($1) OR lease_expire_time > now()) AND {_IN_TURN}
), served AS (
    SELECT owner, (SELECT max(start_time) FROM generations AS g WHERE g.owner = o.owner) AS at
    FROM (SELECT DISTINCT owner FROM turns) AS o
)"""
_ORDER = "turns.turn, served.at NULLS FIRST, g.create_time"

_CLAIM = f"""
{_TURNS}, next AS (
    SELECT g.id, g.lease_expire_time IS NOT NULL AS ran_out FROM generations AS g
    JOIN turns ON turns.id = g.id
    JOIN served ON served.owner = g.owner
    WHERE g.recipe = ANY($1) AND {_FREE} AND turns.turn <= $4
    ORDER BY {_ORDER}
    LIMIT $2
    FOR NO KEY UPDATE OF g SKIP LOCKED
)
UPDATE generations AS g
SET state = 'RUNNING', epoch = g.epoch + 1, lease_expire_time = now() + $3::interval,
    start_time = coalesce(g.start_time, now()),
    leases_lost = g.leases_lost + (g.lease_expire_time IS NOT NULL)::int
FROM next WHERE g.id = next.id
RETURNING {RETURNING}, next.ran_out
"""

# What waits to be claimed, of such recipes; for some of an owner's, others of theirs end first.
CLAIMABLE = f"g.recipe = ANY($1) AND {_FREE} AND {_IN_TURN}"

# Before them are also those that have a runner and wait for their first engine.
_LINE = f"""
{_TURNS}, begun AS (
    SELECT count(*) AS size FROM generations AS g
    WHERE g.state = 'RUNNING' AND g.lease_expire_time > now()
        AND NOT EXISTS (SELECT FROM steps AS s WHERE s.generation = g.id)
        AND NOT EXISTS (SELECT FROM slots AS s WHERE s.generation = g.id AND s.granted)
), line AS (
    SELECT g.id, row_number() OVER (ORDER BY {_ORDER}) - 1 AS position, count(*) OVER () AS size
    FROM generations AS g
    JOIN turns ON turns.id = g.id
    JOIN served ON served.owner = g.owner
    WHERE g.recipe = ANY($1) AND {_FREE}
)
SELECT line.position + begun.size AS position, line.size + begun.size AS size, {RETURNING}
FROM line JOIN generations AS g ON g.id = line.id, begun
WHERE g.id = ANY($2) AND g.state = 'QUEUED'
"""

# Rows are locked in the order of their ids, as where events are appended. A lease that was handed
# back while this was under way stays so.
_MATCH = """
FROM unnest($1::uuid[], $2::bigint[]) AS h (id, epoch)
JOIN generations AS g ON g.id = h.id AND g.epoch = h.epoch AND g.state = 'RUNNING'
    AND g.lease_expire_time IS NOT NULL
"""
_WANTED = "g.id, g.cancel_requested_by, g.pause_requested_by"
_RENEW = f"""
WITH held AS (SELECT g.id {_MATCH} ORDER BY g.id FOR NO KEY UPDATE OF g)
UPDATE generations AS g SET lease_expire_time = now() + $3::interval
FROM held WHERE g.id = held.id
RETURNING {_WANTED}
"""
# Where one of them is locked for long, as by a commit that waits itself, the others are renewed;
# that one is held on to, as nobody can claim it meanwhile.
_RENEW_UNLOCKED = f"""
WITH held AS (SELECT g.id {_MATCH} ORDER BY g.id FOR NO KEY UPDATE OF g SKIP LOCKED), renewed AS (
    UPDATE generations AS g SET lease_expire_time = now() + $3::interval
    FROM held WHERE g.id = held.id
    RETURNING {_WANTED}
)
SELECT * FROM renewed
UNION ALL
SELECT {_WANTED} {_MATCH} WHERE g.id NOT IN (SELECT id FROM held)
"""
# The share of a lease for which a renewal waits for what is locked.
_WAITS = 0.2

# Of runners that were stopped since the store was lost, and not by what they ran: the lease of one
# whom nobody has followed is handed back, and those that ran out meanwhile do not count. What
# somebody else has locked is left for the next time.
_HAND_BACK = """
WITH held AS (
    SELECT id, epoch FROM generations WHERE id = ANY($1) AND state = 'RUNNING'
    ORDER BY id
    FOR NO KEY UPDATE SKIP LOCKED
), lost AS (
    SELECT h.id, bool_or(h.epoch = l.epoch) AS free,
        count(*) FILTER (WHERE h.epoch > l.epoch) AS followed
    FROM held AS h JOIN unnest($1::uuid[], $2::bigint[]) AS l (id, epoch) USING (id)
    WHERE h.epoch >= l.epoch
    GROUP BY h.id
), done AS (
    UPDATE generations AS g
    SET lease_expire_time = CASE WHEN NOT lost.free THEN g.lease_expire_time END,
        leases_lost = greatest(g.leases_lost - lost.followed, 0)
    FROM lost WHERE g.id = lost.id
)
SELECT id FROM generations WHERE id = ANY($1) AND state = 'RUNNING'
EXCEPT SELECT id FROM held
"""

# Where nobody runs it, the request itself takes the next epoch.
_TAKE = f"""
UPDATE generations AS g SET epoch = g.epoch + 1, state = 'RUNNING'
WHERE g.id = $1 AND g.owner = $2 AND (g.state = 'PAUSED' AND $3 OR {_FREE} AND $4)
RETURNING {RETURNING}
"""


@dataclass(frozen=True, slots=True)
class Claimed(Row):
    """A generation that was claimed just now, and whether from somebody whose lease ran out."""

    ran_out: bool


class Leases:
    """The runners' side of the table of generations. A claim raises the epoch, which fences."""

    def __init__(self, database: Database, owner_running: int = 2**31) -> None:
        self._database = database
        self._owner_running = owner_running

    async def claim(self, limit: int, lease: float, recipes: Sequence[str]) -> list[Claimed]:
        """Takes up to `limit` of these recipes that nobody runs, for `lease` seconds.

        Of one owner, no more than `owner_running` run at once; claims of the same moment at two
        replicas may pass that for a while.
        """
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                _CLAIM, list(recipes), limit, dt.timedelta(seconds=lease), self._owner_running
            )
        return [Claimed(**dict(row)) for row in rows]

    async def line(
        self, generations: Sequence[uuid.UUID], recipes: Sequence[str]
    ) -> list[tuple[Row, int, int]]:
        """Those of them that wait to be claimed, each with how many are before it and in all."""
        waiting = "SELECT true FROM generations WHERE id = ANY($1) AND state = 'QUEUED' LIMIT 1"
        async with self._database.connection() as connection:
            if not await connection.fetchval(waiting, list(generations)):
                return []
            rows = await connection.fetch(_LINE, list(recipes), list(generations))
        columns = Row.__dataclass_fields__
        return [
            (as_row({name: row[name] for name in columns}), row["position"], row["size"])
            for row in rows
        ]

    async def renew(
        self, held: Sequence[tuple[uuid.UUID, int]], lease: float
    ) -> dict[uuid.UUID, Intent | None]:
        """Renews leases of (id, epoch). Returns those still held, with what is wanted of them."""
        ids, epochs = [id_ for id_, _ in held], [epoch for _, epoch in held]
        until = dt.timedelta(seconds=lease)
        async with self._database.connection(first=True) as connection:
            try:
                rows = await connection.fetch(_RENEW, ids, epochs, until, timeout=lease * _WAITS)
            except TimeoutError:
                rows = await connection.fetch(_RENEW_UNLOCKED, ids, epochs, until)
        return {
            row["id"]: intent(row["cancel_requested_by"], row["pause_requested_by"]) for row in rows
        }

    async def hand_back(self, lost: Collection[tuple[uuid.UUID, int]]) -> set[uuid.UUID]:
        """Gives leases of (id, epoch) up that nothing but a lost store ended; nobody may use them.

        They do not count as leases that ran out; a lease that was followed for another reason
        forgives one that did. Returns those that are locked, to be asked for again.
        """
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                _HAND_BACK, [id_ for id_, _ in lost], [epoch for _, epoch in lost]
            )
        return {row["id"] for row in rows}

    async def request(self, generation: uuid.UUID, owner: str, wanted: Intent) -> bool:
        """Leaves a wish for the runner of an owner's generation; False where there is none."""
        column = f"{wanted.kind}_requested_by"
        async with self._database.connection() as connection:
            left = await connection.fetchval(
                f"UPDATE generations SET {column} = coalesce({column}, $2)"
                " WHERE id = $1 AND owner = $3 AND state = 'RUNNING' RETURNING true",
                generation,
                wanted.by,
                owner,
            )
        return bool(left)

    async def take(
        self,
        generation: uuid.UUID,
        owner: str,
        finish: Callable[["Connection", Row], Awaitable[Any]],
        *,
        paused: bool,
        free: bool,
    ) -> bool:
        """Takes what is paused, or free to be claimed, and does `finish` in the same transaction.

        Returns False, with nothing done, where it is neither.
        """
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(_TAKE, generation, owner, paused, free)
            if row is None:
                return False
            await finish(connection, as_row(row))
            return True
