"""A value as it is written: nothing said is taken back, nothing kept is unsaid."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.llm.engines.llamacpp.line import Line


@pytest.mark.parametrize(
    ("pieces", "sentences", "said"),
    [
        ([" Mi", "lo", " "], False, ["Mi", "lo"]),
        ([" a", " ", " b", "  "], False, ["a", "  b"]),
        (["One", ". Tw", "o. Th", "ree"], True, ["One.", " Two."]),
        (["", "  "], False, []),
        (["no end"], True, []),
    ],
)
def test_what_may_still_be_trimmed_is_held_back(
    pieces: Sequence[str], sentences: bool, said: Sequence[str]
) -> None:
    """Spaces until a word follows; with `sentences`, words until their sentence ends."""
    heard: list[str] = []
    line = Line(heard.append)
    for piece in pieces:
        line.add(piece, sentences=sentences)
    line.end()
    assert said == heard
    assert "".join(said) == line.text


@given(st.lists(st.text()), st.booleans())
def test_what_is_said_is_the_value(pieces: list[str], sentences: bool) -> None:
    """For any pieces the value is what was said, without space around it."""
    heard: list[str] = []
    line = Line(heard.append)
    for piece in pieces:
        line.add(piece, sentences=sentences)
    assert "".join(heard) == line.text == line.text.strip()
    assert "".join(pieces).strip().startswith(line.text)
