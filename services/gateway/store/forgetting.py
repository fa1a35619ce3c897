"""Deleting conversations for good, with all that came of them."""

import uuid

from services.gateway.store.database import Database

# The latest first: what was tried again goes after what tries it. What it cost was spent all the
# same.
_DELETE = """
WITH latest AS (
    SELECT id FROM generations WHERE conversation = $1 ORDER BY create_time DESC, id LIMIT $2
), gone AS (
    DELETE FROM generations WHERE id IN (SELECT id FROM latest)
    RETURNING owner, end_time, cost_micros
), kept AS (
    INSERT INTO spent (owner, end_time, cost_micros) SELECT * FROM gone WHERE cost_micros > 0
)
SELECT count(*) FROM gone
"""
# So many generations are deleted at once: with all their events, that takes a moment.
_AT_ONCE = 50
# No budget looks back as far.
_FORGET_SPENDING = "DELETE FROM spent WHERE end_time < now() - interval '400 days'"
_UNFINISHED = "state IN ('QUEUED', 'RUNNING', 'PAUSED')"


class Forgetting:
    """Marks conversations as deleted, and deletes what nobody works on any more."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mark(self, conversation: uuid.UUID, owner: str) -> bool:
        """Deletes it as far as anybody can see; False where there is none."""
        async with self._database.connection() as connection:
            marked = await connection.fetchval(
                "UPDATE conversations SET delete_time = now()"
                " WHERE id = $1 AND owner = $2 AND delete_time IS NULL RETURNING true",
                conversation,
                owner,
            )
        return bool(marked)

    async def unfinished(self, conversation: uuid.UUID) -> list[uuid.UUID]:
        """Its generations that have not ended, the last in line first: none of them begins then."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                f"SELECT id FROM generations WHERE conversation = $1 AND {_UNFINISHED}"
                " ORDER BY turn DESC",
                conversation,
            )
        return [row["id"] for row in rows]

    async def marked(self) -> list[tuple[uuid.UUID, str]]:
        """Those that were marked a while ago and are still there, each with its owner."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT id, owner FROM conversations"
                " WHERE delete_time < now() - interval '30 s' ORDER BY delete_time LIMIT 100"
            )
        return [(row["id"], row["owner"]) for row in rows]

    async def trim_spending(self) -> None:
        """Lets go of what was spent so long ago that it counts for nobody."""
        async with self._database.connection() as connection:
            await connection.execute(_FORGET_SPENDING)

    async def purge(self, conversation: uuid.UUID) -> None:
        """Deletes what is marked, all that came of it, and the logs of its generations."""
        async with self._database.connection() as connection:
            while await connection.fetchval(_DELETE, conversation, _AT_ONCE):
                pass
            await connection.execute(
                "DELETE FROM conversations WHERE id = $1 AND delete_time IS NOT NULL", conversation
            )
