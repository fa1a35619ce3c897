"""Pictures that came with a request, until a step has kept them."""

import uuid
from typing import TYPE_CHECKING

from services.gateway.store.database import Database

if TYPE_CHECKING:
    from services.gateway.store.database import Connection


class Uploads:
    """The table of uploads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, generation: uuid.UUID) -> bytes | None:
        """The picture of a generation; None once it was taken in."""
        async with self._database.connection() as connection:
            data: bytes | None = await connection.fetchval(
                "SELECT data FROM uploads WHERE generation = $1", generation
            )
        return data


async def put_upload(connection: "Connection", generation: uuid.UUID, data: bytes) -> None:
    """Stores the picture of a generation, within the transaction that accepts it."""
    await connection.execute(
        "INSERT INTO uploads (generation, data) VALUES ($1, $2)", generation, data
    )


async def drop_upload(connection: "Connection", generation: uuid.UUID) -> None:
    """Forgets the picture, within the transaction of the step that took it in."""
    await connection.execute("DELETE FROM uploads WHERE generation = $1", generation)
