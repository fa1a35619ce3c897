"""What generations, steps, failures and ratings come to: in all, and over time."""

import datetime as dt
from dataclasses import dataclass, replace

from services.gateway.store.database import Database

# Seconds: what is done in less has no error worth telling.
_TOO_SHORT = 0.2
# Whatever is told in all begins here.
_EPOCH = "'1970-01-01 00:00:00+00'::timestamptz"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose generations, created since when; `period` divides them, None does not.

    Where the owner is None, it is everybody's.
    """

    owner: str | None
    since: dt.datetime
    period: dt.timedelta | None = None


@dataclass(frozen=True, slots=True)
class RecipeRow:
    """The generations of one recipe that began in a period; durations are in seconds."""

    start: dt.datetime
    recipe: str
    generations: int
    completed: int
    failed: int
    cancelled: int
    median: float
    p90: float
    cost_micros: int
    ratings: int
    mean_stars: float


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a recipe on one engine and model; durations are in seconds, rates in tokens/s."""

    start: dt.datetime
    recipe: str
    step: str
    engine: str
    model: str
    completed: int
    median: float
    p90: float
    rate: float
    input_tokens: int
    output_tokens: int
    fallbacks: int
    estimate_error: float
    ratings: int
    mean_stars: float
    updates: int
    median_gap: float
    max_gap: float
    worked: float


@dataclass(frozen=True, slots=True)
class FailureRow:
    """How often something failed for one reason: whole generations where `step` is empty."""

    start: dt.datetime
    recipe: str
    step: str
    engine: str
    model: str
    reason: str
    failures: int


_OWN = f"""
WITH own AS (
    SELECT *, extract(epoch FROM end_time - create_time)::float8 AS seconds,
        coalesce(date_bin($3::interval, create_time, {_EPOCH}), {_EPOCH}) AS start
    FROM generations WHERE ($1::text IS NULL OR owner = $1) AND create_time >= $2
)
"""
_RECIPES = f"""
{_OWN}
SELECT g.start, g.recipe, count(*) AS generations,
    count(*) FILTER (WHERE g.state = 'COMPLETED') AS completed,
    count(*) FILTER (WHERE g.state = 'FAILED') AS failed,
    count(*) FILTER (WHERE g.state = 'CANCELLED') AS cancelled,
    coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY g.seconds)
        FILTER (WHERE g.state = 'COMPLETED'), 0) AS median,
    coalesce(percentile_cont(0.9) WITHIN GROUP (ORDER BY g.seconds)
        FILTER (WHERE g.state = 'COMPLETED'), 0) AS p90,
    sum(g.cost_micros)::bigint AS cost_micros,
    count(r.stars) AS ratings, coalesce(avg(r.stars), 0)::float8 AS mean_stars
FROM own AS g LEFT JOIN ratings AS r ON r.generation = g.id AND r.step = ''
GROUP BY g.start, g.recipe ORDER BY g.start, generations DESC, g.recipe
"""
# A step may be rated where it was kept from another generation, and so took no time.
_STEPS = f"""
{_OWN}, took AS (
    SELECT g.start, g.recipe, t.step, t.engine, t.model, count(*) AS completed,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY t.seconds)
            FILTER (WHERE t.fallback = '') AS median,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY t.seconds)
            FILTER (WHERE t.fallback = '') AS p90,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY t.rate) AS rate,
        sum(t.input_tokens)::bigint AS input_tokens,
        sum(t.output_tokens)::bigint AS output_tokens,
        count(*) FILTER (WHERE t.fallback <> '') AS fallbacks,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(t.expected - t.seconds) / t.seconds)
            FILTER (WHERE t.expected > 0 AND t.seconds >= {_TOO_SHORT} AND t.fallback = '')
            AS estimate_error,
        sum(t.updates)::bigint AS updates,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY t.median_gap) AS median_gap,
        max(t.max_gap) AS max_gap,
        sum(coalesce(t.worked, t.seconds)) AS worked
    FROM times AS t JOIN own AS g ON g.id = t.generation
    GROUP BY g.start, g.recipe, t.step, t.engine, t.model
), rated AS (
    SELECT g.start, g.recipe, r.step, r.engine, r.model, count(*) AS ratings,
        avg(r.stars)::float8 AS mean_stars
    FROM ratings AS r JOIN own AS g ON g.id = r.generation
    WHERE r.step <> '' GROUP BY g.start, g.recipe, r.step, r.engine, r.model
)
SELECT start, recipe, step, engine, model, coalesce(completed, 0) AS completed,
    coalesce(median, 0) AS median, coalesce(p90, 0) AS p90, coalesce(rate, 0) AS rate,
    coalesce(input_tokens, 0) AS input_tokens, coalesce(output_tokens, 0) AS output_tokens,
    coalesce(fallbacks, 0) AS fallbacks, coalesce(estimate_error, 0) AS estimate_error,
    coalesce(ratings, 0) AS ratings, coalesce(mean_stars, 0) AS mean_stars,
    coalesce(updates, 0) AS updates, coalesce(median_gap, 0) AS median_gap,
    coalesce(max_gap, 0) AS max_gap, coalesce(worked, 0) AS worked
FROM took FULL JOIN rated USING (start, recipe, step, engine, model)
ORDER BY start, completed DESC, recipe, step, engine, model
"""
_FAILURES = f"""
{_OWN}
SELECT start, recipe, '' AS step, '' AS engine, '' AS model, error_reason AS reason,
    count(*) AS failures
FROM own WHERE error_reason <> '' GROUP BY start, recipe, reason
UNION ALL
SELECT g.start, g.recipe, f.step, f.engine, f.model, f.reason, count(*)
FROM failures AS f JOIN own AS g ON g.id = f.generation
GROUP BY g.start, g.recipe, f.step, f.engine, f.model, f.reason
ORDER BY start, failures DESC, reason
"""


_LATEST = f"""
SELECT min(start) FROM (
    SELECT DISTINCT date_bin($3::interval, create_time, {_EPOCH}) AS start
    FROM generations WHERE ($1::text IS NULL OR owner = $1) AND create_time >= $2
    ORDER BY start DESC LIMIT $4
) AS latest
"""


class Stats:
    """Reads statistics."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def latest(self, scope: Scope, periods: int) -> Scope:
        """The same, from where the latest so many periods that have anything begin."""
        async with self._database.connection() as connection:
            since = await connection.fetchval(
                _LATEST, scope.owner, scope.since, scope.period, periods
            )
        return replace(scope, since=since or scope.since)

    async def recipes(self, scope: Scope) -> list[RecipeRow]:
        """Generations by recipe, of each period the most frequent first."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(_RECIPES, scope.owner, scope.since, scope.period)
        return [RecipeRow(**dict(row)) for row in rows]

    async def steps(self, scope: Scope) -> list[StepRow]:
        """Steps by recipe, step, engine and model, of each period the most frequent first."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(_STEPS, scope.owner, scope.since, scope.period)
        return [StepRow(**dict(row)) for row in rows]

    async def failures(self, scope: Scope) -> list[FailureRow]:
        """Failures by what failed and why, of each period the most frequent first."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(_FAILURES, scope.owner, scope.since, scope.period)
        return [FailureRow(**dict(row)) for row in rows]
