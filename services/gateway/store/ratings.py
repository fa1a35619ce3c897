"""Ratings in Postgres, and what they and the times of steps come to."""

import datetime as dt
import uuid
from dataclasses import dataclass

from services.gateway.store.database import Database


@dataclass(frozen=True, slots=True)
class RatingRow:
    """How satisfied an owner was with a generation, "" for the whole of it, or with a step."""

    step: str
    stars: int
    comment: str
    update_time: dt.datetime


@dataclass(frozen=True, slots=True)
class RecipeRow:
    """The generations of one recipe."""

    recipe: str
    generations: int
    completed: int
    failed: int
    cancelled: int
    ratings: int
    mean_stars: float


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step on one engine and model; durations are in seconds."""

    step: str
    engine: str
    model: str
    completed: int
    median: float
    p90: float
    ratings: int
    mean_stars: float


_PUT = """
INSERT INTO ratings (generation, step, engine, model, stars, comment)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (generation, step) DO UPDATE SET engine = EXCLUDED.engine, model = EXCLUDED.model,
    stars = EXCLUDED.stars, comment = EXCLUDED.comment, update_time = now()
"""
_RECIPES = """
SELECT g.recipe, count(*) AS generations,
    count(*) FILTER (WHERE g.state = 'COMPLETED') AS completed,
    count(*) FILTER (WHERE g.state = 'FAILED') AS failed,
    count(*) FILTER (WHERE g.state = 'CANCELLED') AS cancelled,
    count(r.stars) AS ratings, coalesce(avg(r.stars), 0)::float8 AS mean_stars
FROM generations AS g LEFT JOIN ratings AS r ON r.generation = g.id AND r.step = ''
WHERE g.owner = $1 AND g.create_time >= $2
GROUP BY g.recipe ORDER BY generations DESC, g.recipe
"""
# A step may be rated where it was kept from another generation, and so took no time.
_STEPS = """
WITH own AS (SELECT id FROM generations WHERE owner = $1 AND create_time >= $2),
took AS (
    SELECT t.step, t.engine, t.model, count(*) AS completed,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY t.seconds) AS median,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY t.seconds) AS p90
    FROM times AS t JOIN own ON own.id = t.generation GROUP BY t.step, t.engine, t.model
), rated AS (
    SELECT r.step, r.engine, r.model, count(*) AS ratings, avg(r.stars)::float8 AS mean_stars
    FROM ratings AS r JOIN own ON own.id = r.generation
    WHERE r.step <> '' GROUP BY r.step, r.engine, r.model
)
SELECT step, engine, model, coalesce(completed, 0) AS completed, coalesce(median, 0) AS median,
    coalesce(p90, 0) AS p90, coalesce(ratings, 0) AS ratings, coalesce(mean_stars, 0) AS mean_stars
FROM took FULL JOIN rated USING (step, engine, model)
ORDER BY completed DESC, step, engine, model
"""


class Ratings:
    """The table of ratings, and statistics."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(
        self, generation: uuid.UUID, step: str, *, engine: str, model: str, stars: int, comment: str
    ) -> None:
        """Keeps a rating in the place of an earlier one."""
        async with self._database.connection() as connection:
            await connection.execute(_PUT, generation, step, engine, model, stars, comment)

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

    async def recipes(self, owner: str, since: dt.datetime) -> list[RecipeRow]:
        """The generations of an owner that were created since then, by recipe."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(_RECIPES, owner, since)
        return [RecipeRow(**dict(row)) for row in rows]

    async def steps(self, owner: str, since: dt.datetime) -> list[StepRow]:
        """The steps of those, by step, engine and model."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(_STEPS, owner, since)
        return [StepRow(**dict(row)) for row in rows]
