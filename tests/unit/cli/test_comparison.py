"""Several models side by side: while they write, and what is told of them at the end."""

import io
import re

import pytest
from hatchery.gateway.v1.artifact_service_pb2 import Comparison, ComparisonEntry
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1.progress_pb2 import Progress, TokenProgress
from hatchery.types.v1.usage_pb2 import Usage
from rich.cells import cell_len
from rich.console import Console

from clients.cli.show import comparison as shown
from clients.cli.show.columns import ColumnsView
from clients.cli.show.many import ManyLines
from services.runtime.errors import EngineFailed
from services.runtime.status import to_status
from tests.unit.cli import events as e
from tests.unit.cli.test_live import clean_width

NAMES = [f"generations/{n}b0f2c1e-8e0c-4a8e-9d3e-0123456789ab" for n in range(4)]
LABELS = dict(zip(NAMES, ["smollm2", "gemma3", "qwen3"], strict=False))


def of(name: str, *events: Progress, rate: float | None = None) -> list[Progress]:
    """The events of one of them."""
    told = e.numbered(*events)
    for event in told:
        event.generation = name
        if rate is not None and event.HasField("token_progress"):
            event.token_progress.tokens_per_second = rate
    return told


def frame(view: ColumnsView, width: int = 120, height: int = 30) -> list[str]:
    """What is drawn, without colours."""
    output = io.StringIO()
    console = Console(file=output, width=width, height=height, color_system=None)
    console.print(view.frame(console, 51.0))
    return [clean_width(line) for line in output.getvalue().splitlines()]


def comparing(*rates: float) -> ColumnsView:
    """As many models as rates, each in the midst of its text."""
    view = ColumnsView("a poem about the sea")
    view.label(dict(list(LABELS.items())[: len(rates)]))
    for name, rate in zip(NAMES, rates, strict=False):
        for event in of(name, *e.writing()[:7], rate=rate):
            view.hear(event, 50.0)
    return view


def test_they_stand_side_by_side() -> None:
    """Each has its name, its text, its bar and its figures, and the fastest is marked."""
    drawn = frame(comparing(12.5, 48.0, 3.0))
    (heads,) = [line for line in drawn if "smollm2" in line]
    assert ["smollm2", "gemma3 · ★ fastest", "qwen3"] == re.split(r"\s{2,}", heads.strip())
    (rates,) = [line for line in drawn if "tokens/s" in line]
    for rate in ("12.5", "48.0", "3.0"):
        assert f"120 of ~400 tokens · {rate} tokens/s" in rates
    assert 3 == sum(line.count("is wide,▍") for line in drawn)


def test_one_alone_is_not_the_fastest() -> None:
    """Where only one writes so far there is nothing to compare."""
    assert "fastest" not in "".join(frame(comparing(12.5, 0)))


def test_nobody_is_fastest_in_a_tie() -> None:
    """Where two are shown as equally fast, neither is marked."""
    assert "fastest" not in "".join(frame(comparing(12.51, 12.54, 3)))
    assert "fastest" in "".join(frame(comparing(12.51, 12.61, 3)))


@pytest.mark.parametrize(("width", "height"), [(24, 12), (40, 20), (80, 24), (200, 60)])
def test_every_terminal_holds_them(width: int, height: int) -> None:
    """Where there is no room side by side they stand one above the other."""
    view = comparing(1, 2, 3)
    drawn = frame(view, width, height)
    assert width >= max(map(cell_len, drawn))
    assert max(height, 3 * 3 + 2) >= len(drawn)
    for label in LABELS.values():
        assert label in "".join(drawn)


def test_one_that_nobody_has_named_yet_is_shown() -> None:
    """Events that come before the names are drawn, and keep their place when those come."""
    view = ColumnsView("a poem")
    for event in of(NAMES[0], *e.writing()[:4]):
        view.hear(event, 50.0)
    assert "The sea▍" in "".join(frame(view))
    view.label(LABELS)
    assert "smollm2" in "".join(frame(view))
    assert "The sea▍" in "".join(frame(view))


def test_a_lost_connection_is_said_in_each() -> None:
    """Until the next event, of whichever it is."""
    view = comparing(1, 2)
    view.lost()
    assert 2 == "".join(frame(view)).count("The connection was lost")
    view.hear(Progress(heartbeat=e.pb.Heartbeat()), 50.0)
    assert "The connection was lost" not in "".join(frame(view))


def test_lines_begin_with_whose_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    """In a pipe, marks are names as wide as the widest, and standard output is left alone."""
    display = ManyLines(apart=True)
    display.label({NAMES[0]: "a", NAMES[1]: "longer"})
    for name in NAMES[:2]:
        for event in of(name, *e.writing()):
            display.hear(event)
    seen = capsys.readouterr()
    assert "" == seen.out
    assert {"a       ", "longer  "} == {line[:8] for line in seen.err.splitlines()}
    assert f"longer  Made {e.ARTIFACT}" in seen.err.splitlines()


def entry(model: str, number: int, rate: float, **fields: object) -> ComparisonEntry:
    """One that completed."""
    usage = Usage(engine="ollama", model=model, output_tokens=100)
    usage.generate_duration.CopyFrom(e.seconds(100 / rate))
    return ComparisonEntry(
        model=model, generation=NAMES[number], usage=usage, state=Generation.STATE_COMPLETED,
        active_duration=e.seconds(12), artifact=e.ARTIFACT, **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def test_drafts_and_the_default_have_names() -> None:
    """One that is asked for twice is numbered; one that nobody named is the default."""
    entries = [entry("a", 0, 1), entry("", 1, 1), entry("a", 2, 1), entry("b\x1b[2J", 3, 1)]
    assert ["a, draft 1", "the default", "a, draft 2", "b"] == list(
        shown.labels(Comparison(entries=entries)).values()
    )


def test_the_table_marks_the_fastest(capsys: pytest.CaptureFixture[str]) -> None:
    """Model, state, length, speed, time, cost and artifact; why one failed is said beside it."""
    failed = ComparisonEntry(
        model="c", generation=NAMES[2], state=Generation.STATE_FAILED, fraction=0.3,
        tokens=TokenProgress(tokens=30, estimated_total=100, tokens_per_second=900),
        error=to_status(EngineFailed("it broke")),
    )  # fmt: skip
    entries = [entry("a", 0, 12.5, cost=e.bricks(1.5)), entry("b", 1, 50)]
    shown.show_entries(Comparison(entries=[*entries, failed]), {NAMES[0]})
    seen = capsys.readouterr()
    end = ["12 s", "", e.ARTIFACT]
    assert [
        ["a", "cut off", "100 tokens", "12.5 tokens/s", "12 s", "1.50 bricks", e.ARTIFACT],
        ["b", "completed", "100 tokens", "50.0 tokens/s · fastest", *end],
        ["c", "failed", "30 of ~100 tokens", "900.0 tokens/s", "", "", ""],
    ] == [line.split("\t") for line in seen.out.splitlines()]
    assert "c: it broke; " in seen.err
