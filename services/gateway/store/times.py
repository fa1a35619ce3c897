"""How long steps took."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
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


# The runs of a kind, on the engine and model that were used for it last: a default may change.
_TOOK = """
SELECT k.step, count(*) AS runs,
    percentile_cont(ARRAY[0.1, 0.5, 0.9]) WITHIN GROUP (ORDER BY t.seconds) AS seconds
FROM unnest($1::text[], $2::text[], $3::text[]) AS k (step, asked, size)
CROSS JOIN LATERAL (
    SELECT engine, model FROM times
    WHERE step = k.step AND asked = k.asked AND size = k.size ORDER BY end_time DESC LIMIT 1
) AS latest
CROSS JOIN LATERAL (
    SELECT seconds FROM times
    WHERE step = k.step AND asked = k.asked AND size = k.size
        AND engine = latest.engine AND model = latest.model
    ORDER BY end_time DESC LIMIT $4
) AS t
GROUP BY k.step
"""


async def put_time(
    connection: "Connection",
    generation: uuid.UUID,
    kind: Kind,
    *,
    engine: str,
    model: str,
    seconds: float,
) -> None:
    """Stores how long a step took, within the transaction of its end."""
    await connection.execute(
        "INSERT INTO times (generation, step, asked, size, engine, model, seconds)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        generation,
        kind.step,
        kind.asked,
        kind.size,
        engine,
        model,
        seconds,
    )


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
