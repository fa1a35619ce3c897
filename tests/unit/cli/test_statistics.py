"""What was made, as tables and as plots."""

import datetime as dt
import io

import pytest
from hatchery.gateway.v1 import generation_service_pb2 as pb
from rich.cells import cell_len
from rich.console import Console

from clients.cli.show.overview import budget_bar, most_stretches, overview
from clients.cli.show.periods import LENGTHS, stretches
from clients.cli.show.plots import ENDS, sparkline, stacked
from clients.cli.show.statistics import (
    FAILED,
    RECIPES,
    STEPS,
    STREAMS,
    WHERE,
    budget,
    show_tables,
    steps,
)
from tests.unit.cli import events as e

DAY = LENGTHS["day"]
NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


def period(days_ago: int, completed: int, failed: int = 0, going: int = 0) -> pb.StatsPeriod:
    """What was begun on a day."""
    told = pb.StatsPeriod()
    told.start_time.FromDatetime(NOON.replace(hour=0) - days_ago * DAY)
    begun = completed + failed + going
    told.recipes.add(recipe="a", generations=begun, completed=completed, failed=failed)
    told.steps.add(
        step="write", engine="llamacpp", model="smollm2", median_tokens_per_second=completed,
        output_tokens=100,
    )  # fmt: skip
    return told


def test_days_without_anything_have_their_place() -> None:
    """From the first to now, each as long as the others; the latest where not all fit."""
    told = [period(4, 1), period(2, 3, failed=2, going=1)]
    shown = stretches(told, DAY, NOON, 100)
    ends = [[1, 0, 0, 0], [0, 0, 0, 0], [3, 2, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert ends == [one.ends for one in shown]
    assert ends[-3:] == [one.ends for one in stretches(told, DAY, NOON, 3)]
    assert [] == stretches([], DAY, NOON, 100)


def test_a_speed_weighs_what_was_written() -> None:
    """Of a model with several steps, the one that wrote more counts more."""
    told = period(0, 10)
    told.steps.add(
        step="persona", engine="llamacpp", model="smollm2", median_tokens_per_second=40,
        output_tokens=200,
    )  # fmt: skip
    (one,) = stretches([told], DAY, NOON, 9)
    assert 30 == pytest.approx(one.speed("smollm2 (llamacpp)"))
    assert 0 == one.speed("another")


def test_bars_are_stacks() -> None:
    """As high as their share of the highest, what failed above what completed."""
    lines = [line.plain for line in stacked([[2, 2], [1, 0], [0, 0]], ENDS, 2, 4, coloured=False)]
    assert ["▓     ", "▓     ", "█     ", "█ █   "] == lines


@pytest.mark.parametrize("coloured", [True, False])
def test_what_is_there_is_seen(coloured: bool) -> None:
    """One failure among a thousand shows, and so does one generation beside a thousand."""
    many, few = stacked([[1000, 1, 0, 0]], ENDS, 1, 8, coloured=coloured), [[1, 0], [999, 0]]
    assert 8 == len(many)
    if coloured:
        assert ENDS[1].colour in str(many[0].spans)
        (gap, _) = stacked([[7, 9], [1, 0]], ENDS, 3, 2, coloured=True)
        assert not any(span.end == 3 for span in gap.spans if "on" in str(span.style))
    ground = stacked(few, ENDS, 1, 8, coloured=coloured)[-1]
    assert " " != ground.plain[0]


def test_sparklines() -> None:
    """Heights by value; nothing where there was nothing."""
    assert ["▁▄█ ▁"] == sparkline([0.1, 4, 8, 0, 1], 8, 1)
    assert ["██    ", "██ ▄▄ "] == sparkline([8, 2], 8, 3, height=2)


@pytest.mark.parametrize("colour", [True, False])
@pytest.mark.parametrize("width", [20, 80, 200])
@pytest.mark.parametrize("days", [1, 7, 400])
def test_every_terminal_holds_the_plots(width: int, days: int, colour: bool) -> None:
    """No line is too wide, however long the time; the axis has the most and its dates."""
    system = "truecolor" if colour else None
    console = Console(file=io.StringIO(), width=width, color_system=system)
    told = [period(ago, ago + 1, failed=ago % 2) for ago in reversed(range(days))]
    shown = stretches(told, DAY, NOON, most_stretches(console))
    lines = [line.plain for line in overview(shown, "day", console)]
    assert width >= max(map(cell_len, lines))
    assert lines[2].startswith(f"{max(sum(one.ends) for one in shown):>4} ┤")
    assert any("smollm2 (llam" in line for line in lines)
    dates = lines[10].split()
    first = shown[0].start
    assert [str(first.day), f"{first:%b}"] == dates[:2]


def test_a_budget() -> None:
    """What is spent of how much within which time, and what may yet be."""
    told = pb.Budget(limit=e.bricks(10), spent=e.bricks(2.5), period=e.seconds(86400))
    assert "2.5 of 10 bricks spent in 24 h" == budget(told)
    told.reserved.CopyFrom(e.bricks(5))
    assert "2.5 of 10 bricks spent in 24 h, and up to 5 more under way" == budget(told)
    console = Console(file=io.StringIO(), width=47, color_system=None)
    title, bar = budget_bar(told, console)
    assert "Budget  2.5 of 10" in title.plain
    assert "█" * 10 + "░" * 30 == bar.plain.strip()
    told.spent.CopyFrom(e.bricks(99))
    assert 40 == len(budget_bar(told, console)[1].plain.strip())


def test_tables_elsewhere_are_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """Each number has its place, empty where there is none; failures are told by reason."""
    told = pb.QueryGenerationStatsResponse()
    told.recipes.add(
        recipe="create_text", generations=5, completed=3, failed=1, cancelled=1,
        median_duration=e.seconds(8.2), p90_duration=e.seconds(31), cost=e.bricks(1.5),
        failures=[pb.FailureStats(reason="TIME_LIMIT_REACHED", failures=1)],
    )  # fmt: skip
    told.steps.add(
        recipe="create_text", step="write", engine="llamacpp", model="smollm2", completed=3,
        median_duration=e.seconds(8), p90_duration=e.seconds(30), median_tokens_per_second=12.5,
        input_tokens=40, output_tokens=1200, fallbacks=1, median_estimate_error=1.5,
        failures=[pb.FailureStats(reason="ENGINE_BUSY", failures=2)],
    )  # fmt: skip
    show_tables(told)
    assert [
        "\t".join(RECIPES),
        "create_text\t5\t3\t1\t1\t8.2 s\t31 s\t1.50 bricks\t",
        "",
        "\t".join(STEPS),
        "write\tsmollm2 (llamacpp)\t3\t8.0 s\t30 s\t12.5 tokens/s\t40 tokens\t1,200 tokens"
        "\t1 cut off\t150 %\tcreate_text\t",
        "",
        "\t".join(FAILED),
        "create_text\ttime limit reached\t1",
        "create_text, a try of write smollm2 (llamacpp)\tengine busy\t2",
    ] == capsys.readouterr().out.splitlines()


def test_where_the_time_goes(capsys: pytest.CaptureFixture[str]) -> None:
    """The largest first, with its share, how far apart its updates are, and how soon they come."""
    told = pb.QueryGenerationStatsResponse()
    told.recipes.add(recipe="reply", generations=2)
    for step, worked in (("context", 2), ("execution", 6), ("start", 0)):
        told.steps.add(recipe="reply", step=step, completed=2, total_duration=e.seconds(worked))
    told.steps[1].updates, told.steps[1].engine, told.steps[1].model = 1200, "ollama", "gemma3"
    told.steps[1].median_update_gap.CopyFrom(e.seconds(0.0501))
    told.steps[1].max_update_gap.CopyFrom(e.seconds(2.5))
    told.streams.MergeFrom(
        pb.StreamStats(
            streams=12, left=1, events=3400, median_latency=e.seconds(0.0008),
            p99_latency=e.seconds(0.0123),
            failures=[pb.FailureStats(reason="SHUTTING_DOWN", failures=2)],
        )
    )  # fmt: skip
    show_tables(told)
    _, _, where, streams = capsys.readouterr().out.split("\n\n")
    assert [
        "\t".join(WHERE),
        "execution\tgemma3 (ollama)\t6.0 s\t75 %\t1,200\t50 ms\t2.5 s\treply",
        "context\t\t2.0 s\t25 %\t\t\t\treply",
    ] == where.splitlines()
    assert [
        "\t".join(STREAMS), "12\t1\t3,400\t0.8 ms\t12 ms\tshutting down: 2",
    ] == streams.splitlines()  # fmt: skip


@pytest.mark.parametrize(
    ("step", "number", "said"),
    [("write", 2, "2 cut off"), ("avatar", 1, "1 placeholder"), ("avatar", 3, "3 placeholders"),
     ("planning", 2, "2 plain answers"), ("memory", 2, "2 by rules"), ("other", 1, "1 substitute"),
     ("write", 0, "")],
)  # fmt: skip
def test_what_a_fallback_is(step: str, number: int, said: str) -> None:
    """It is called what it is, by its step."""
    (row,) = steps([pb.StepStats(step=step, fallbacks=number)])
    assert said == row[STEPS.index("Fallbacks")]
