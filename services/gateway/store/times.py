"""How long steps took, and how much they wrote."""

import uuid
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from services.gateway.store.database import Database

if TYPE_CHECKING:
    from services.gateway.store.database import Connection

# The latest runs count; a machine or a model changes.
_RUNS = 50


@dataclass(frozen=True, slots=True)
class Kind:
    """What the time of a step depends on: the model asked for, and what else was."""

    step: str
    asked: str
    size: str


@dataclass(frozen=True, slots=True)
class Took:
    """The seconds that a tenth, half and nine tenths of the latest `runs` stayed under."""

    runs: int
    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Run:
    """A step that was done: what it took, and what there was to know before.

    `rate` is in tokens/s while it wrote; `features` are what the length of its text depended on;
    `expected` is in seconds; `fallback` says what stood in for what was asked for. `seconds` is how
    long the try worked that had a result, and `worked`, all of its tries; `updates` counts its
    events in the log, as far as its last runner heard them, and gaps between two are in seconds.
    """

    engine: str
    model: str
    seconds: float
    input_tokens: int = 0
    output_tokens: int = 0
    rate: float | None = None
    features: Sequence[float] | None = None
    expected: float | None = None
    fallback: str = ""
    worked: float = 0.0
    updates: int = 0
    median_gap: float | None = None
    max_gap: float | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A text that was written: what its length depended on, its tokens, tokens/s, and seconds."""

    features: Sequence[float]
    tokens: int
    rate: float
    seconds: float


# The runs of a kind, on the engine and model that were used for it last: a default may change.
_TOOK = """
SELECT k.step, count(*) AS runs,
    percentile_cont(ARRAY[0.1, 0.5, 0.9]) WITHIN GROUP (ORDER BY t.seconds) AS seconds
FROM unnest($1::text[], $2::text[], $3::text[]) AS k (step, asked, size)
CROSS JOIN LATERAL (
    SELECT engine, model FROM times
    WHERE step = k.step AND asked = k.asked AND size = k.size AND fallback = ''
    ORDER BY end_time DESC LIMIT 1
) AS latest
CROSS JOIN LATERAL (
    SELECT seconds FROM times
    WHERE step = k.step AND asked = k.asked AND size = k.size
        AND engine = latest.engine AND model = latest.model AND fallback = ''
    ORDER BY end_time DESC LIMIT $4
) AS t
GROUP BY k.step
"""

# Texts of a kind, by the engine and model that were used for it last.
_WRITTEN = """
SELECT t.features, t.output_tokens AS tokens, t.rate, t.seconds
FROM (
    SELECT engine, model FROM times
    WHERE step = $1 AND asked = $2 AND size = $3 AND fallback = '' ORDER BY end_time DESC LIMIT 1
) AS latest
CROSS JOIN LATERAL (
    SELECT features, output_tokens, rate, seconds FROM times
    WHERE step = $1 AND asked = $2 AND size = $3 AND fallback = ''
        AND engine = latest.engine AND model = latest.model
        AND features IS NOT NULL AND rate > 0
    ORDER BY end_time DESC LIMIT $4
) AS t
"""
# More than for times: there is more to learn.
_TEXTS = 200


async def put_time(
    connection: "Connection",
    generation: uuid.UUID,
    kind: Kind,
    run: Run,
) -> None:
    """Stores how a step was done, within the transaction of its end."""
    columns = ["generation", *Kind.__dataclass_fields__, *Run.__dataclass_fields__]
    values = [generation, *astuple(kind), *astuple(run)]
    places = ", ".join(f"${place}" for place, _ in enumerate(values, 1))
    await connection.execute(f"INSERT INTO times ({', '.join(columns)}) VALUES ({places})", *values)


class Times:
    """The table of times."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def took(self, kinds: Sequence[Kind]) -> dict[str, Took]:
        """By step, what is known of these kinds; those that never ran are left out."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                _TOOK,
                [kind.step for kind in kinds],
                [kind.asked for kind in kinds],
                [kind.size for kind in kinds],
                _RUNS,
            )
        return {row["step"]: Took(row["runs"], *row["seconds"]) for row in rows}

    async def written(self, kind: Kind) -> list[Written]:
        """The latest texts of a kind."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(_WRITTEN, kind.step, kind.asked, kind.size, _TEXTS)
        return [Written(**dict(row)) for row in rows]
