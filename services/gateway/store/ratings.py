"""Ratings in Postgres."""

import datetime as dt
import uuid
from dataclasses import dataclass

import asyncpg

from services.gateway.names import generation_name
from services.gateway.store.database import Database
from services.runtime.errors import ResourceNotFound


@dataclass(frozen=True, slots=True)
class RatingRow:
    """How satisfied an owner was with a generation, "" for the whole of it, or with a step."""

    step: str
    stars: int
    comment: str
    update_time: dt.datetime


_PUT = """
INSERT INTO ratings (generation, step, engine, model, stars, comment)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (generation, step) DO UPDATE SET engine = EXCLUDED.engine, model = EXCLUDED.model,
    stars = EXCLUDED.stars, comment = EXCLUDED.comment, update_time = now()
"""


class Ratings:
    """The table of ratings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(
        self, generation: uuid.UUID, step: str, *, engine: str, model: str, stars: int, comment: str
    ) -> None:
        """Keeps a rating in the place of an earlier one.

        Raises ResourceNotFound where the generation was deleted meanwhile.
        """
        try:
            async with self._database.connection() as connection:
                await connection.execute(_PUT, generation, step, engine, model, stars, comment)
        except asyncpg.ForeignKeyViolationError:
            raise ResourceNotFound(generation_name(generation)) from None

    async def take_back(self, generation: uuid.UUID, step: str) -> None:
        """Forgets a rating."""
        async with self._database.connection() as connection:
            await connection.execute(
                "DELETE FROM ratings WHERE generation = $1 AND step = $2", generation, step
            )

    async def of(self, generation: uuid.UUID) -> list[RatingRow]:
        """The ratings of a generation, that of the whole first."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT step, stars, comment, update_time FROM ratings WHERE generation = $1"
                " ORDER BY step",
                generation,
            )
        return [RatingRow(**dict(row)) for row in rows]
