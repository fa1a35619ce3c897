"""What is measured of a picture, and what is said of that."""

import random

import numpy as np
import pytest
from hatchery.types.v1.picture_pb2 import PictureReading
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from services.avatar.engines.sketch.words.colours import colour_of
from services.gateway.recipes.persona import words as known
from services.gateway.recipes.picture.colours import NAMES, from_hex, name_of
from services.gateway.recipes.picture.reading import read_picture
from services.gateway.recipes.picture.telling import colours_of, mood_of, told
from tests.support.pictures import as_file, at_dusk


def read(picture: Image.Image) -> PictureReading:
    """The reading of a picture as it is kept."""
    return read_picture(as_file(picture, "PNG"))


def test_every_name_of_a_colour_is_known_where_it_goes() -> None:
    """The built-in illustrator can mix it; the persona recipe reads it, or a word like it."""
    assert not [name for name in NAMES if not colour_of(name)]
    assert not [name for name in NAMES if name not in known.COLOURS]


@pytest.mark.parametrize(("name", "shade"), [(n, s) for n, all_ in NAMES.items() for s in all_])
def test_a_shade_is_called_by_its_name(name: str, shade: str) -> None:
    """Each of the table's own, at least."""
    assert name == name_of(from_hex(shade))


def test_shares_are_those_of_the_surface() -> None:
    """A quarter of it is gold, to a few parts in a hundred."""
    picture = Image.new("RGB", (200, 100), "#1f7f80")
    ImageDraw.Draw(picture).rectangle((0, 0, 49, 100), fill="#d6ae45")
    reading = read(picture)
    assert ["teal", "gold"] == [swatch.name for swatch in reading.palette]
    assert [0.75, 0.25] == [pytest.approx(s.share, abs=0.02) for s in reading.palette]
    assert ["#1f7f80", "#d6ae45"] == [swatch.color for swatch in reading.palette]
    assert 2.0 == reading.composition.aspect


@pytest.mark.parametrize(
    ("colour", "brightness", "contrast", "saturation", "warmth"),
    [
        ("#000000", 0, 0, 0, 0),
        ("#ffffff", 1, 0, 0, 0),
        ("#ff0000", 0.2126, 0, 1, 1),
        ("#0000ff", 0.0722, 0, 1, -1),
        ("#808080", 0.502, 0, 0, 0),
    ],
)
def test_a_plain_surface_measures_what_its_colour_is(
    colour: str, brightness: float, contrast: float, saturation: float, warmth: float
) -> None:
    """Each measure at its ends and in its middle."""
    reading = read(Image.new("RGB", (7, 5), colour))
    assert brightness == pytest.approx(reading.brightness, abs=0.001)
    assert contrast == pytest.approx(reading.contrast, abs=0.001)
    assert saturation == pytest.approx(reading.saturation, abs=0.001)
    assert warmth == pytest.approx(reading.warmth, abs=0.001)
    assert 0.5 == pytest.approx(reading.composition.center_x)


def test_black_and_white_are_as_far_apart_as_can_be() -> None:
    """A board of both has all contrast, spread over all of it."""
    board = np.indices((64, 64)).sum(axis=0) // 8 % 2 * 255
    reading = read(Image.fromarray(board.astype(np.uint8), "L"))
    assert 1.0 == pytest.approx(reading.contrast)
    assert reading.composition.spread > 0.9


@pytest.mark.parametrize(
    ("corner", "place"),
    [
        ((0.0, 0.0), "at the top left"),
        ((0.8, 0.0), "at the top right"),
        ((0.0, 0.8), "at the bottom left"),
        ((0.4, 0.4), "in the middle"),
        ((0.4, 0.8), "at the bottom"),
    ],
)
def test_the_weight_lies_where_something_is(corner: tuple[float, float], place: str) -> None:
    """A spot on an empty ground."""
    picture = Image.new("RGB", (100, 100), "#f4f0df")
    x, y = (100 * part for part in corner)
    ImageDraw.Draw(picture).ellipse((x, y, x + 20, y + 20), fill="#9b1630")
    style = told(read(picture)).visual_style
    assert style.endswith(f"gathered {place}")


def test_what_is_transparent_is_not_there() -> None:
    """Only what can be seen is measured; where nothing can, it is white paper."""
    picture = Image.new("RGBA", (50, 50), (255, 0, 0, 0))
    assert ["white"] == [swatch.name for swatch in read(picture).palette]
    ImageDraw.Draw(picture).rectangle((10, 10, 20, 20), fill="#202f5e")
    assert ["navy"] == [swatch.name for swatch in read(picture).palette]


def test_what_is_said_is_what_was_measured() -> None:
    """An evening, with a window."""
    words = told(read(at_dusk()))
    assert "Coloured mostly teal, with gold." == words.physical_description
    assert (
        "dark, moderate contrast, muted cool colours; gathered at the bottom right"
        == words.visual_style
    )


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["RGB", "RGBA", "L", "LA"]),
    st.integers(1, 40),
    st.integers(1, 40),
    st.randoms(use_true_random=False),
)
def test_any_picture_can_be_read_and_told(
    mode: str, width: int, height: int, luck: random.Random
) -> None:
    """Every measure stays within its range, and mood and colours are words that are known."""
    size = width * height * len(mode)
    noise = bytes(luck.randrange(256) for _ in range(size))
    reading = read(Image.frombytes(mode, (width, height), noise))
    for name in ("brightness", "contrast", "saturation"):
        assert 0.0 <= getattr(reading, name) <= 1.0
    assert -1.0 <= reading.warmth <= 1.0
    at = reading.composition
    assert all(0.0 <= part <= 1.0 for part in (at.center_x, at.center_y, at.spread))
    assert sum(swatch.share for swatch in reading.palette) <= 1.001
    assert mood_of(reading) in known.MOODS
    assert set(colours_of(reading)) <= set(NAMES)
    assert told(reading).visual_style


def test_what_is_no_png_is_nothing_to_read() -> None:
    """Only what was taken in comes here."""
    with pytest.raises(OSError, match="cannot identify"):
        read_picture(b"")
    with pytest.raises(OSError, match="cannot identify"):
        read_picture(as_file(Image.new("RGB", (2, 2)), "JPEG"))
