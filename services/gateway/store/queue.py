"""How many generations wait for a replica."""

from services.gateway.store.database import Database
from services.gateway.store.leases import IN_TURN


class Queue:
    """Counts what nobody has claimed yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def length(self) -> int:
        """How many generations of all owners are queued.

        Messages behind another one of their conversation are not: it may be paused for long.
        """
        async with self._database.connection() as connection:
            return int(
                await connection.fetchval(
                    f"SELECT count(*) FROM generations AS g WHERE state = 'QUEUED' AND {IN_TURN}"
                )
            )
