"""What was made, how long that took and how it was liked: as tables."""

from collections.abc import Iterable, Iterator, Sequence

import click
from google.protobuf.duration_pb2 import Duration
from hatchery.gateway.v1 import generation_service_pb2 as pb

from clients.cli.costs import cost, exactly
from clients.cli.show import telling
from clients.cli.show.periods import LENGTHS, Stretch, by, dated, models
from clients.cli.show.tables import show_table
from clients.cli.wording import clean, count, duration

Rows = Iterator[Sequence[str]]

RECIPES = (
    "Recipe", "Begun", "Completed", "Failed", "Stopped", "Half within", "9 in 10 within", "Cost",
    "Liked",
)  # fmt: skip
STEPS = (
    "Step", "By", "Done", "Half within", "9 in 10 within", "Speed", "Read", "Written",
    "Substitutes", "Expected off by", "Recipe", "Liked",
)  # fmt: skip


def show_tables(told: pb.QueryGenerationStatsResponse) -> None:
    """Print a table of recipes, one of steps, and one of what failed, if anything did."""
    empty = "Nothing has been made yet."
    show_table(RECIPES, recipes(told.recipes), empty=empty, labelled=True)
    if told.steps:
        click.echo()
        show_table(STEPS, steps(told.steps), empty="", labelled=True)
    failed = list(failures(told))
    if failed:
        click.echo()
        show_table(("What failed", "Why", "How often"), failed, empty="")


def show_periods(shown: Sequence[Stretch], period: str) -> None:
    """Print a table of recipes over time, and one of how fast each model wrote."""
    length = LENGTHS[period]
    click.echo()
    show_table(
        ("When", *RECIPES),
        ((dated(one.start, length), *row) for one in shown for row in recipes(one.recipes)),
        empty="",
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
            str(one.fallbacks) if one.fallbacks else "",
            _off(one.median_estimate_error),
            one.recipe,
            _liked(one.satisfaction),
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


def _time(told: Duration) -> str:
    seconds = told.ToNanoseconds() / 1e9
    return duration(seconds) if seconds else ""


def _off(error: float) -> str:
    return f"{error * 100:.0f} %" if error else ""


def _reason(told: pb.FailureStats) -> str:
    return told.reason.replace("_", " ").lower() or "no reason given"


def _liked(satisfaction: pb.Satisfaction) -> str:
    if not satisfaction.ratings:
        return ""
    return f"{satisfaction.mean_stars:.1f} of {count(satisfaction.ratings, 'ratings')}"
