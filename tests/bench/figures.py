"""Figures: what was measured, beside what is aimed at."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One measured value; `good` is None where nothing is aimed at."""

    name: str
    value: float
    unit: str
    aim: str = ""
    good: bool | None = None


def at_most(name: str, value: float, unit: str, limit: float) -> Figure:
    """A figure that should not exceed its limit."""
    return Figure(name, value, unit, f"≤ {limit:g} {unit}".strip(), value <= limit)


def at_least(name: str, value: float, unit: str, limit: float) -> Figure:
    """A figure that should reach its limit."""
    return Figure(name, value, unit, f"≥ {limit:g} {unit}".strip(), value >= limit)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def latencies(name: str, seconds: Sequence[float], p99_limit: float) -> list[Figure]:
    """Median and p99 of latencies, in milliseconds."""
    return [
        Figure(f"{name}: median", statistics.median(seconds) * 1000, "ms"),
        at_most(f"{name}: p99", percentile(seconds, 0.99) * 1000, "ms", p99_limit),
    ]


def show(figures: Sequence[Figure], path: Path) -> None:
    """Prints the table and writes the JSON file."""
    table = Table("figure", "measured", "aim", "", title="bench")
    for figure in figures:
        mark = {None: "", True: "✓", False: "✗"}[figure.good]
        table.add_row(figure.name, f"{figure.value:.3g} {figure.unit}", figure.aim, mark)
    Console().print(table)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(figure) for figure in figures], indent=1) + "\n")
