"""What owners spend, and what they may: money that may be spent is reserved before work begins."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from services.gateway.store.database import Database
from services.runtime.errors import BudgetExceeded

if TYPE_CHECKING:
    from services.gateway.store.database import Connection

_MICROS = 1_000_000


@dataclass(frozen=True, slots=True)
class Budget:
    """What an owner may spend within the `period` that ends now, in millionths of the unit."""

    limit: int
    period: dt.timedelta
    unit: str


@dataclass(frozen=True, slots=True)
class Spending:
    """What was spent within the period, and what is reserved by what has not ended."""

    spent: int
    reserved: int


_SPENDING = """
SELECT coalesce(sum(cost_micros) FILTER (WHERE end_time IS NOT NULL), 0)::bigint AS spent,
    coalesce(sum(greatest(reserved_micros, cost_micros)) FILTER (WHERE end_time IS NULL), 0)::bigint
        AS reserved
FROM (
    SELECT reserved_micros, cost_micros, end_time FROM generations
    WHERE owner = $1 AND (reserved_micros > 0 OR cost_micros > 0)
        AND (end_time IS NULL OR end_time > now() - $2::interval)
    UNION ALL
    SELECT 0, cost_micros, end_time FROM spent
    WHERE owner = $1 AND end_time > now() - $2::interval
) AS own
"""
# When so much of what was spent lies before the period.
_FREED = """
SELECT min(end_time) + $2::interval - now() FROM (
    SELECT end_time, sum(cost_micros) OVER (ORDER BY end_time) AS freed
    FROM (
        SELECT end_time, cost_micros FROM generations
        WHERE owner = $1 AND (reserved_micros > 0 OR cost_micros > 0)
            AND end_time > now() - $2::interval
        UNION ALL
        SELECT end_time, cost_micros FROM spent
        WHERE owner = $1 AND end_time > now() - $2::interval
    ) AS own
) AS ended WHERE freed >= $3
"""
# One after another for an owner: two that fit alone may not fit together.
_IN_TURN = "SELECT pg_advisory_xact_lock(hashtextextended($1, 7077))"


class Budgets:
    """Reads what owners have spent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def spending(self, owner: str, budget: Budget) -> Spending:
        """What an owner has spent and reserved."""
        async with self._database.connection() as connection:
            return await _spending(connection, owner, budget)


async def check_budget(connection: "Connection", owner: str, budget: Budget, needed: int) -> None:
    """Raises BudgetExceeded where `needed` is more than is left; else nobody else takes it.

    Holds until the transaction ends.
    """
    await connection.execute(_IN_TURN, owner)
    spending = await _spending(connection, owner, budget)
    left = budget.limit - spending.spent - spending.reserved
    if needed <= max(left, 0):
        return
    raise BudgetExceeded(
        f"it may cost {_told(needed)} {budget.unit} if it takes every try that it has, and"
        f" {_told(max(left, 0))} are left of"
        f" {_told(budget.limit)}",
        metadata={
            "budget": _told(budget.limit),
            "left": _told(max(left, 0)),
            "needed": _told(needed),
            "unit": budget.unit,
        },
        retry_after=await _until(connection, owner, budget, needed - left),
    )


async def _until(
    connection: "Connection", owner: str, budget: Budget, missing: int
) -> float | None:
    """Seconds after which so much more may be left; None where time alone does not do it."""
    freed: dt.timedelta | None = await connection.fetchval(_FREED, owner, budget.period, missing)
    return None if freed is None else max(freed.total_seconds(), 1.0)


async def _spending(connection: "Connection", owner: str, budget: Budget) -> Spending:
    row = await connection.fetchrow(_SPENDING, owner, budget.period)
    assert row is not None
    return Spending(row["spent"], row["reserved"])


def _told(micros: int) -> str:
    """The amount in whole units, as in "2.5"."""
    return f"{(Decimal(micros) / _MICROS).normalize():f}"
