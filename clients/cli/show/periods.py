"""Statistics over time, by the clock: one place for each stretch, also where nothing was made."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from hatchery.gateway.v1.generation_service_pb2 import RecipeStats, StatsPeriod, StepStats

LENGTHS = {
    "hour": dt.timedelta(hours=1),
    "day": dt.timedelta(days=1),
    "week": dt.timedelta(weeks=1),
}


@dataclass(frozen=True)
class Stretch:
    """What is told of one stretch of time; nothing where nothing was made."""

    start: dt.datetime
    recipes: Sequence[RecipeStats] = ()
    steps: Sequence[StepStats] = ()

    @property
    def ends(self) -> list[int]:
        """How many completed, failed, were stopped, and have not ended."""
        begun = sum(one.generations for one in self.recipes)
        ended = [
            sum(one.completed for one in self.recipes),
            sum(one.failed for one in self.recipes),
            sum(one.cancelled for one in self.recipes),
        ]
        return [*ended, max(begun - sum(ended), 0)]

    def speed(self, model: str) -> float:
        """Return the tokens per second of a model, what was written more of weighing more."""
        told = [one for one in self.steps if by(one) == model and one.median_tokens_per_second > 0]
        written = sum(max(one.output_tokens, 1) for one in told)
        rates = sum(one.median_tokens_per_second * max(one.output_tokens, 1) for one in told)
        return rates / written if told else 0.0


def told(periods: Sequence[StatsPeriod]) -> list[Stretch]:
    """Return the stretches in which anything was made."""
    return [
        Stretch(period.start_time.ToDatetime(dt.UTC), period.recipes, period.steps)
        for period in periods
    ]


def stretches(
    periods: Sequence[StatsPeriod], length: dt.timedelta, now: dt.datetime, most: int
) -> list[Stretch]:
    """Return the latest stretches up to now, `most` at most, from the first in which anything was.

    Each begins at a multiple of its length since 1970, as the server has it.
    """
    known = {round(one.start.timestamp()): one for one in told(periods)}
    if not known:
        return []
    seconds = int(length.total_seconds())
    last = max(int(now.timestamp()) // seconds * seconds, *known)
    first = max(min(known), last - (most - 1) * seconds)
    return [
        known.get(start) or Stretch(dt.datetime.fromtimestamp(start, dt.UTC))
        for start in range(first, last + 1, seconds)
    ]


def by(step: StepStats) -> str:
    """Return "smollm2 (llamacpp)"; nothing where no engine did the work."""
    return f"{step.model} ({step.engine})" if step.engine else ""


def models(steps: Sequence[StepStats]) -> list[str]:
    """Return who wrote anything, in order."""
    return list(dict.fromkeys(by(one) for one in steps if one.median_tokens_per_second > 0))


def named(start: dt.datetime, length: dt.timedelta) -> str:
    """Return "21 Nov", a day of UTC as the server has them, or "21 Nov 14:00" by the clock here."""
    if length >= LENGTHS["day"]:
        return f"{start.day} {start:%b}"
    local = start.astimezone()
    return f"{local.day} {local:%b %H:%M}"


def dated(start: dt.datetime, length: dt.timedelta) -> str:
    """Return the same with the year: "2026-11-21", "2026-11-21 14:00"."""
    if length >= LENGTHS["day"]:
        return f"{start:%Y-%m-%d}"
    return f"{start.astimezone():%Y-%m-%d %H:%M}"
