"""The arithmetic of docs/operations.md, from its own figures and from what the manifests set."""

import math
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.manifests import environment, of_kind, workloads

PAGE = Path(__file__).parents[3] / "docs" / "operations.md"
# What the text before the table assumes, in seconds, events a second, and shares.
LASTS, EACH, LOOK_ON, TEXT, PORTRAIT = 30, 20, 0.1, 10, 5
COMPANION, STORY = 160, 250  # KiB in Postgres, as `python -m tests.bench storage` weighs them
EVENTS, STREAMS, STREAMS_OF_ENVOY, CONNECTIONS = 2000, 1000, 2500, 18
PEOPLE = (10, 1_000, 100_000)


def _row(begins: str) -> tuple[float, ...]:
    """The first number in each cell of a row."""
    (line,) = [one for one in PAGE.read_text().splitlines() if one.startswith(f"| {begins}")]
    cells = line.strip("| ").split(" | ")[1:]
    return tuple(_number(cell) * (1000 if " GB" in cell else 1) for cell in cells)


def _number(cell: str) -> float:
    said = re.search(r"[\d,.]+", cell)
    assert said is not None, cell
    return float(said[0].replace(",", ""))


@pytest.mark.parametrize(
    ("begins", "exact"),
    [
        ("generations at the busiest hour", lambda people: people),
        ("under way at once", lambda people: people / 3600 * LASTS),
        ("events/s", lambda people: max(people / 3600 * LASTS, 1) * EACH),
        ("open streams", lambda people: max(people / 3600 * LASTS, 1) + people * LOOK_ON),
        ("texts at once", lambda people: people / 3600 * TEXT),
        ("portraits at once", lambda people: people / 3600 * PORTRAIT),
        ("new data a month", lambda people: people * 10 * (COMPANION + STORY) * 1024 / 1e6),
        ("connections to Postgres", lambda people: _gateways(people) * CONNECTIONS),
        ("gateways", lambda people: float(_gateways(people))),
    ],
)
def test_a_row_says_what_follows(begins: str, exact: Callable[[int], float]) -> None:
    """Rounded, or up to what is whole."""
    for people, said in zip(PEOPLE, _row(begins), strict=True):
        assert said in (pytest.approx(exact(people), rel=0.1), math.ceil(exact(people))), people


def _gateways(people: int) -> int:
    """How many there are, one of them to spare but on a laptop."""
    running = people / 3600 * LASTS
    shares = (
        running * EACH / EVENTS,
        (running + people * LOOK_ON) / STREAMS,
        running / _runs_at_once(),
    )
    return max(math.ceil(max(shares)) + (people > PEOPLE[0]), 1)


def _runs_at_once() -> int:
    told = environment("production", workloads("production")["gateway"])
    return int(told["HATCHERY_MAX_RUNNING"])


def test_gateways_are_scaled_before_they_run_all_that_they_may() -> None:
    """At three quarters of it; and all of them together refuse nothing that they could run."""
    (scaled,) = [
        one
        for one in of_kind("production", "ScaledObject")
        if one["spec"]["scaleTargetRef"]["name"] == "gateway"
    ]
    (threshold,) = [
        int(one["metadata"]["threshold"])
        for one in scaled["spec"]["triggers"]
        if "hatchery_generation_active" in one["metadata"]["query"]
    ]
    assert _runs_at_once() * 3 == threshold * 4
    told = environment("production", workloads("production")["gateway"])
    most = scaled["spec"]["maxReplicaCount"] * _runs_at_once()
    assert 2 * most <= int(told["HATCHERY_MAX_UNFINISHED"])
    assert _row("gateways")[-1] <= scaled["spec"]["maxReplicaCount"]
