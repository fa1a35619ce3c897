"""Small parts: file names, sizes, times, amounts, names."""

import datetime as dt
from pathlib import Path

import click
import pytest
from hatchery.gateway.v1.agent_service_pb2 import Agent
from hatchery.gateway.v1.artifact_service_pb2 import Artifact
from hatchery.types.v1.cost_pb2 import Cost, Price

from clients.cli import artifacts
from clients.cli.commands.options import Destination, Size
from clients.cli.commands.times import Since, Span
from clients.cli.costs import cost, exactly, picture_price, price
from clients.cli.names import agent_name, artifact_name, comparison_name, generation_name
from clients.cli.portraits import file_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Marisol", "marisol"), ("Zoë de l'Eau", "zoe-de-l-eau"), ("../../etc", "etc"),
     ("日本", "companion"), ("", "companion"), ("a" * 300, "a" * 40)],
)  # fmt: skip
def test_file_names_are_safe(name: str, expected: str) -> None:
    """Whatever a companion is called, its file lies where files of its kind lie."""
    agent = Agent(name="agents/1a2b3c4d-0000-4000-8000-000000000000")
    agent.persona.name = name
    assert f"{expected}-1a2b3c4d" == file_name(agent)


def test_sizes() -> None:
    """WxH, or one number for a square; anything else is refused before it is sent."""
    size = Size()
    assert [(512, 768), (256, 256)] == [size.convert(t, None, None) for t in ("512x768", "256")]
    for wrong in ("", "x", "512x", "big", "1x1x1", "-1x5", "999999", "0", "0x512"):
        with pytest.raises(click.BadParameter):
            size.convert(wrong, None, None)


def test_a_portrait_goes_where_it_can_be_written(tmp_path: Path) -> None:
    """A folder, a file in one, or a file that is there; a folder that is not is refused."""
    (tmp_path / "there.png").touch()
    place = Destination()
    for good in (tmp_path, tmp_path / "new.png", tmp_path / "there.png"):
        assert good == place.convert(str(good), None, None)
    with pytest.raises(click.BadParameter, match="there is no folder"):
        place.convert(str(tmp_path / "no" / "x.png"), None, None)


def test_names_may_be_short() -> None:
    """A bare id is enough; a whole name stays as it is."""
    assert ["agents/1", "agents/1"] == [agent_name(n) for n in ("1", "agents/1")]
    assert ["generations/1", "x/1"] == [generation_name(n) for n in ("1", "x/1")]
    assert ["artifacts/1", "comparisons/1"] == [artifact_name("1"), comparison_name("1")]
    assert ["artifacts/1", "x/1"] == [artifact_name("artifacts/1"), comparison_name("x/1")]


@pytest.mark.parametrize(
    ("title", "media_type", "expected"),
    [("A To-Do List!", "text/html", "a-to-do-list-1a2b3c4d.html"),
     ("../../\x1b[2J", "text/plain", "text-1a2b3c4d.txt"), ("", "what/ever", "text-1a2b3c4d.txt")],
)  # fmt: skip
def test_texts_and_apps_have_safe_names(title: str, media_type: str, expected: str) -> None:
    """Whatever a model calls it, its file lies where it should, and is called what it is."""
    name = "artifacts/1a2b3c4d-0000-4000-8000-000000000000"
    assert expected == artifacts.file_name(Artifact(name=name, title=title, media_type=media_type))


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("90s", 90), ("5m", 300), ("1h30m", 5400), ("1.5h", 5400), (" 2W ", 1209600), ("2d", 172800)],
)
def test_how_long(said: str, seconds: float) -> None:
    """Numbers with units, the sum of several."""
    assert dt.timedelta(seconds=seconds) == Span().convert(said, None, None)


@pytest.mark.parametrize(
    "wrong", ["", "5", "s", "-5s", "5 s", "1h-30m", "0s", "0.0m", "9999999w", "nan", "1e3s", "5м"]
)
def test_what_is_no_time_is_refused(wrong: str) -> None:
    """Nothing is guessed, and nothing overflows."""
    with pytest.raises(click.BadParameter):
        Span().convert(wrong, None, None)


def test_since_when() -> None:
    """A time ago, a day, a time of a day, with a zone or by the clock here."""
    since = Since()
    ago = dt.datetime.now(dt.UTC) - since.convert("2h", None, None)
    assert 7200 == pytest.approx(ago.total_seconds(), abs=5)
    day = dt.datetime(2026, 11, 1).astimezone()
    assert day == since.convert("2026-11-01", None, None)
    hour = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)
    assert hour == since.convert("2026-11-01T09:00+01:00", None, None)
    for wrong in ("", "yesterday", "2026-13-01", "1969-12-31", "99999999w", "0001-01-01", "7"):
        with pytest.raises(click.BadParameter):
            since.convert(wrong, None, None)


@pytest.mark.parametrize(
    ("micros", "expected"),
    [(0, "0.00 bricks"), (1, "0.000001 bricks"), (999, "0.000999 bricks"),
     (12_345, "0.0123 bricks"), (3_204_000, "3.20 bricks"),
     (1_234_567_000_000, "1,234,567.00 bricks")],
)  # fmt: skip
def test_amounts(micros: int, expected: str) -> None:
    """As many places as the amount needs to be seen."""
    assert expected == cost(Cost(amount_micros=micros, unit="bricks\x1b[2J"))


def test_prices() -> None:
    """What somebody has set is told as it was set."""
    assert ["12", "0.5", "0.000001", "1,000"] == [
        exactly(micros) for micros in (12_000_000, 500_000, 1, 1_000_000_000)
    ]
    told = Price(unit="bricks", input_micros=100_000, output_micros=1_000_000, picture_micros=2)
    assert "0.1 bricks per 1,000 tokens read, 1 written" == price(told)
    assert "0.000002 bricks per picture" == picture_price(told)
    assert "" == cost(None)
