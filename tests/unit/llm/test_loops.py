"""Noticing that a model repeats itself."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.llm.loops import LoopWatch, ends_in_a_loop


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 300,
        "ha " * 100,
        "Well, " + "she went to the sea and then " * 12,
        "x" * 1000,
        "He said: " + "I am a very long sentence that comes back again and again and again. " * 5,
    ],
)
def test_loops_are_noticed(text: str) -> None:
    """White space without end, a word, a sentence: also when it comes in small pieces."""
    assert ends_in_a_loop(text[-900:])
    watch = LoopWatch()
    assert any(watch.feed(text[i : i + 7]) for i in range(0, len(text), 7))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no",
        "-" * 80,
        "Row, row, row your boat, gently down the stream. Merrily, merrily, merrily, merrily.",
        "| a | b |\n|---|---|\n" + "".join(f"| {i} | {i * i} |\n" for i in range(60)),
        Path(__file__).read_text("utf-8"),
    ],
)
def test_what_is_no_loop_is_let_be(text: str) -> None:
    """A refrain, a rule, a table and this very file."""
    watch = LoopWatch()
    assert not any(watch.feed(text[i : i + 7]) for i in range(0, len(text), 7))


def test_what_stood_before_counts() -> None:
    """A loop that a text was cut in is noticed at once when it goes on, and let be when it ends."""
    fresh, continued, mended = LoopWatch(), LoopWatch("ha " * 300), LoopWatch("ha " * 300)
    assert not fresh.feed("ha " * 20)
    assert continued.feed("ha " * 20)
    assert not mended.feed("and then it went home, for it was late.")


@given(st.text(min_size=1, max_size=100), st.text(max_size=300))
def test_any_stretch_that_fills_the_end_is_a_loop(stretch: str, before: str) -> None:
    """Whatever came before, and whatever it is that comes back."""
    times = max(5, 300 // len(stretch))
    assert ends_in_a_loop((before + stretch * times)[-900:])


def test_random_letters_are_no_loop() -> None:
    """Also where the letters are only two."""
    dice = random.Random(1)
    assert not ends_in_a_loop("".join(dice.choice("ab") for _ in range(900)))
