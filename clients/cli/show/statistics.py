"""What was made, how long that took and how it was liked: as tables."""

from collections.abc import Iterable, Iterator, Sequence

import click
from google.protobuf.duration_pb2 import Duration
from hatchery.gateway.v1 import generation_service_pb2 as pb

from clients.cli.costs import cost, exactly
from clients.cli.show import telling
from clients.cli.show.periods import LENGTHS, Stretch, by, dated, models
from clients.cli.show.tables import show_table
from clients.cli.wording import clean, count, duration, latency, percent

Rows = Iterator[Sequence[str]]

RECIPES = (
    "Recipe", "Begun", "Completed", "Failed", "Stopped", "Half within", "9 in 10 within", "Cost",
    "Liked",
)  # fmt: skip
STEPS = (
    "Step", "By", "Done", "Half within", "9 in 10 within", "Speed", "Read", "Written",
    "Fallbacks", "Expected off by", "Recipe", "Liked",
)  # fmt: skip
WHERE = (
    "Step",
    "By",
    "In all",
    "Share",
    "Updates",
    "Typically apart",
    "Longest silence",
    "Recipe",
)
STREAMS = (
    "Streams", "Left early", "Live events", "Half reached a client within", "99 in 100 within",
    "Failed",
)  # fmt: skip
SHORT = 0.1  # seconds under which milliseconds are told
FAILED = ("What failed", "Why", "How often")
# How something was done instead, or what stood in for it, by its step.
_INSTEAD = {
    "write": "cut off",
    "analyzing": "by rules",
    "memory": "by rules",
}
_STAND_INS = {"avatar": "placeholders", "planning": "plain answers", "execution": "plain answers"}


def show_tables(told: pb.QueryGenerationStatsResponse) -> None:
    """Print a table of recipes, one of steps, and those of which there is anything to tell."""
    empty = "Nothing has been made yet."
    show_table(RECIPES, recipes(told.recipes), empty=empty, labelled=True)
    for headings, rows in (
        (STEPS, steps(told.steps)),
        (WHERE, where_it_goes(told.steps)),
        (FAILED, failures(told)),
        (STREAMS, streams(told.streams)),
    ):
        cells = list(rows)
        if cells:
            click.echo()
            show_table(headings, cells, empty="", labelled=True)


def show_periods(shown: Sequence[Stretch], period: str) -> None:
    """Print a table of recipes over time, and one of how fast each model wrote."""
    length = LENGTHS[period]
    click.echo()
    show_table(
        ("When", *RECIPES),
        ((dated(one.start, length), *row) for one in shown for row in recipes(one.recipes)),
        empty="",
        labelled=True,
    )
    click.echo()
    show_table(
        ("When", "By", "Speed"),
        (
            (dated(one.start, length), model, telling.speed(one.speed(model)))
            for one in shown
            for model in models(one.steps)
        ),
        empty="",
        labelled=True,
    )


def recipes(told: Iterable[pb.RecipeStats]) -> Rows:
    """Yield the rows of whole generations."""
    for one in told:
        yield (
            one.recipe,
            str(one.generations),
            str(one.completed),
            str(one.failed),
            str(one.cancelled),
            _time(one.median_duration),
            _time(one.p90_duration),
            cost(one.cost if one.HasField("cost") else None),
            _liked(one.satisfaction),
        )


def steps(told: Iterable[pb.StepStats]) -> Rows:
    """Yield the rows of steps on each engine and model."""
    for one in told:
        yield (
            one.step,
            by(one),
            str(one.completed),
            _time(one.median_duration),
            _time(one.p90_duration),
            telling.speed(one.median_tokens_per_second),
            count(one.input_tokens, "tokens") if one.input_tokens else "",
            count(one.output_tokens, "tokens") if one.output_tokens else "",
            _fallbacks(one),
            _off(one.median_estimate_error),
            one.recipe,
            _liked(one.satisfaction),
        )


def where_it_goes(told: Iterable[pb.StepStats]) -> Rows:
    """Yield what steps take of all the time that was worked, the most first, and their updates."""
    all_ = sorted(told, key=_worked, reverse=True)
    whole = sum(map(_worked, all_))
    for one in all_:
        if not one.updates and not _worked(one):
            continue
        yield (
            one.step,
            by(one),
            _time(one.total_duration),
            percent(_worked(one) / whole) if whole else "",
            f"{one.updates:,}" if one.updates else "",
            _latency(one.median_update_gap),
            _latency(one.max_update_gap),
            one.recipe,
        )


def streams(told: pb.StreamStats) -> Rows:
    """Yield how streams reached their clients; nothing where there were none."""
    if not told.streams and not told.events:
        return
    failed = (f"{_reason(one)}: {one.failures}" for one in told.failures)
    yield (
        f"{told.streams:,}",
        f"{told.left:,}",
        f"{told.events:,}",
        _latency(told.median_latency),
        _latency(told.p99_latency),
        ", ".join(failed),
    )


def failures(told: pb.QueryGenerationStatsResponse) -> Rows:
    """Yield why generations failed, and why tries of their steps did."""
    for recipe in told.recipes:
        for one in recipe.failures:
            yield recipe.recipe, _reason(one), str(one.failures)
    for step in told.steps:
        where = f"{step.recipe}, a try of {step.step}" if step.recipe else f"a try of {step.step}"
        for one in step.failures:
            yield f"{where} {by(step)}".rstrip(), _reason(one), str(one.failures)


def budget(told: pb.Budget) -> str:
    """Return "3.5 of 10 bricks spent in 24 h, and up to 0.5 more under way"."""
    limit, spent, reserved = told.limit, told.spent, told.reserved
    period = duration(told.period.ToNanoseconds() / 1e9)
    said = f"{exactly(spent.amount_micros)} of {exactly(limit.amount_micros)} {clean(limit.unit)}"
    more = f", and up to {exactly(reserved.amount_micros)} more under way"
    return f"{said} spent in {period}{more if reserved.amount_micros else ''}"


def _worked(step: pb.StepStats) -> float:
    return step.total_duration.ToNanoseconds() / 1e9


def _time(told: Duration) -> str:
    seconds = told.ToNanoseconds() / 1e9
    if not seconds:
        return ""
    return duration(seconds) if seconds >= SHORT else latency(seconds)


def _latency(told: Duration) -> str:
    seconds = told.ToNanoseconds() / 1e9
    return latency(seconds) if seconds else ""


def _fallbacks(one: pb.StepStats) -> str:
    """Return how often something stood in for the real thing, and what: "2 cut off"."""
    if not one.fallbacks:
        return ""
    if one.step in _INSTEAD:
        return f"{one.fallbacks:,} {_INSTEAD[one.step]}"
    return count(one.fallbacks, _STAND_INS.get(one.step, "substitutes"))


def _off(error: float) -> str:
    return f"{error * 100:.0f} %" if error else ""


def _reason(told: pb.FailureStats) -> str:
    return told.reason.replace("_", " ").lower() or "no reason given"


def _liked(satisfaction: pb.Satisfaction) -> str:
    if not satisfaction.ratings:
        return ""
    return f"{satisfaction.mean_stars:.1f} of {count(satisfaction.ratings, 'ratings')}"
