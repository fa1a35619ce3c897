"""Letting old logs go: of what ended, the snapshot and the terminal event stay."""

import datetime as dt

from services.gateway.store.database import Database

# Whoever else trims takes others.
_TRIM = """
WITH old AS (
    SELECT id, last_sequence FROM generations
    WHERE end_time < now() - $1::interval AND trimmed = 0
    ORDER BY end_time
    LIMIT $2
    FOR NO KEY UPDATE SKIP LOCKED
), files AS (
    DELETE FROM uploads AS u USING old WHERE u.generation = old.id
), gone AS (
    DELETE FROM progress AS p USING old
    WHERE p.generation = old.id AND p.sequence < old.last_sequence
)
UPDATE generations AS g SET trimmed = old.last_sequence - 1 FROM old WHERE g.id = old.id
RETURNING g.id
"""


class Trimming:
    """Trims the logs of generations that ended long enough ago."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def trim(self, after: float, limit: int) -> int:
        """Trims up to `limit` logs that ended over `after` seconds ago; returns how many."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(_TRIM, dt.timedelta(seconds=after), limit)
        return len(rows)
