"""Several models side by side, once they have ended or as they stand."""

from collections import Counter
from collections.abc import Container
from pathlib import Path

import click
from hatchery.gateway.v1.artifact_service_pb2 import Artifact, Comparison, ComparisonEntry
from hatchery.gateway.v1.generation_service_pb2 import Generation

from clients.cli.costs import cost
from clients.cli.sentences import of_status
from clients.cli.show import telling
from clients.cli.show.display import in_terminal
from clients.cli.show.tables import show_table
from clients.cli.show.writing import print_text
from clients.cli.wording import clean, count, duration, joined, percent

_DEFAULT = "the default"
_ENDED_BADLY = (Generation.STATE_FAILED, Generation.STATE_CANCELLED)


def labels(comparison: Comparison) -> dict[str, str]:
    """Return, by generation and in order, what each is called: its model, and which draft of it."""
    every = Counter(entry.model for entry in comparison.entries)
    so_far = Counter[str]()
    named: dict[str, str] = {}
    for entry in comparison.entries:
        so_far[entry.model] += 1
        draft = f", draft {so_far[entry.model]}" if every[entry.model] > 1 else ""
        named[entry.generation] = f"{_model(entry)}{draft}"
    return named


def _model(entry: ComparisonEntry) -> str:
    by = f" ({clean(entry.usage.model)})" if entry.usage.model else ""
    return clean(entry.model) or f"{_DEFAULT}{by}"


def show_text(label: str, artifact: Artifact, path: Path | None) -> None:
    """Print what one of them wrote, under its name; what is in a file is told by its path."""
    heading = f"── {label} ──"
    click.echo(click.style(heading, fg="yellow", bold=True) if in_terminal() else heading)
    if path is not None:
        click.echo(path)
    else:
        print_text(artifact.content)
    click.echo()


def show_entries(comparison: Comparison, cut: Container[str] = ()) -> None:
    """Print how far each is, how fast it writes, what it took, and what came of it.

    `cut` are the generations whose texts were cut off.
    """
    named = labels(comparison)
    rates = {entry.generation: _rate(entry) for entry in comparison.entries}
    well = {e.generation for e in comparison.entries if e.state not in _ENDED_BADLY}
    first = telling.fastest({name: rate for name, rate in rates.items() if name in well})
    show_table(
        ("Model", "State", "Length", "Speed", "Time", "Cost", "Artifact"),
        (
            (
                named[entry.generation],
                _state(entry, is_cut=entry.generation in cut),
                _length(entry),
                joined(
                    telling.speed(rates[entry.generation]),
                    "fastest" if entry.generation == first else "",
                ),
                _time(entry),
                cost(entry.cost if entry.HasField("cost") else None),
                entry.artifact,
            )
            for entry in comparison.entries
        ),
        empty="",
    )
    for entry in comparison.entries:
        if entry.HasField("error"):
            click.echo(f"{named[entry.generation]}: {of_status(entry.error)}", err=True)


def is_cut(artifact: Artifact) -> bool:
    """Whether a text is only the beginning of what it was to be."""
    return artifact.fallback.substitute == "beginning"


def _state(entry: ComparisonEntry, *, is_cut: bool) -> str:
    if is_cut:
        return "cut off"
    state = telling.state(entry.state)
    return f"{state}, {percent(entry.fraction)}" if state == "running" else state


def _length(entry: ComparisonEntry) -> str:
    if entry.usage.HasField("output_tokens"):
        return count(entry.usage.output_tokens, "tokens")
    return telling.written(entry.tokens) if entry.HasField("tokens") else ""


def _rate(entry: ComparisonEntry) -> float:
    """Tokens per second of the whole, or of the latest gauge where there is only that."""
    return telling.rate(entry.usage) or entry.tokens.tokens_per_second


def _time(entry: ComparisonEntry) -> str:
    worked = entry.active_duration.ToNanoseconds() / 1e9
    return duration(worked) if worked else ""
