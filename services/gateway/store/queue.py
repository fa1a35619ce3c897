"""How many generations wait for a replica."""

from services.gateway.store.database import Database


class Queue:
    """Counts what nobody has claimed yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def length(self) -> int:
        """How many generations of all owners are queued."""
        async with self._database.connection() as connection:
            return int(
                await connection.fetchval("SELECT count(*) FROM generations WHERE state = 'QUEUED'")
            )
