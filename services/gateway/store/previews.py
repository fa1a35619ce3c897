"""The latest preview of each running generation: one row, overwritten."""

import uuid
from collections.abc import Mapping, Sequence

from services.gateway.store.database import Database

_PUT = """
INSERT INTO previews (generation, number, event)
SELECT g.id, nextval('preview_numbers'), p.event
FROM unnest($1::uuid[], $2::bigint[], $3::bytea[]) AS p (id, epoch, event)
JOIN generations AS g ON g.id = p.id AND g.epoch = p.epoch AND g.state = 'RUNNING'
ON CONFLICT (generation) DO UPDATE SET number = excluded.number, event = excluded.event
"""

# One that was put in the moment of the end was seen by neither.
_SWEEP = """
DELETE FROM previews AS p USING generations AS g
WHERE g.id = p.generation AND g.state IN ('COMPLETED', 'FAILED', 'CANCELLED')
"""

_NEWS = """
SELECT p.generation, p.number, p.event
FROM unnest($1::uuid[], $2::bigint[]) AS f (generation, number)
JOIN previews AS p ON p.generation = f.generation AND p.number > f.number
"""


class Previews:
    """The table of previews."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, latest: Sequence[tuple[uuid.UUID, int, bytes]]) -> None:
        """Overwrites the previews of (generation, epoch), where that still runs.

        What an end has left behind goes.
        """
        async with self._database.connection() as connection:
            await connection.execute(_SWEEP)
            await connection.execute(
                _PUT,
                [generation for generation, _, _ in latest],
                [epoch for _, epoch, _ in latest],
                [event for _, _, event in latest],
            )

    async def news(self, seen: Mapping[uuid.UUID, int]) -> dict[uuid.UUID, tuple[int, bytes]]:
        """Previews that are newer than the number that was seen last, with their numbers."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(_NEWS, list(seen), list(seen.values()))
        return {row["generation"]: (row["number"], row["event"]) for row in rows}
