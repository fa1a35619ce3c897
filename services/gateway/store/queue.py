"""How many generations wait for a replica."""

from collections.abc import Collection

from services.gateway.store.database import Database
from services.gateway.store.leases import CLAIMABLE


class Queue:
    """Counts what nobody runs: what is new, and what has lost its runner."""

    def __init__(self, database: Database, recipes: Collection[str]) -> None:
        """`recipes` are those that may be run here; others are not counted."""
        self._database = database
        self._recipes = list(recipes)

    async def length(self) -> int:
        """How many generations of all owners wait.

        Messages behind another one of their conversation do not: it may be paused for long.
        """
        async with self._database.connection() as connection:
            return int(
                await connection.fetchval(
                    f"SELECT count(*) FROM generations AS g WHERE {CLAIMABLE}", self._recipes
                )
            )
