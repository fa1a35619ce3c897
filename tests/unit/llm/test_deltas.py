"""A JSON document as it is written."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.llm.engines.ollama.deltas import Deltas


def heard(pieces: list[str]) -> tuple[Deltas, dict[str, str], list[tuple[str, str]]]:
    """What is said of a document that comes in pieces, as a whole and one by one."""
    said: list[tuple[str, str]] = []
    whole: dict[str, str] = {}

    def say(field: str, text: str) -> None:
        said.append((field, text))
        whole[field] = whole.get(field, "") + text

    deltas = Deltas(say)
    for piece in pieces:
        deltas.feed(piece)
    return deltas, whole, said


def test_strings_grow_with_their_text() -> None:
    """Each piece is said at once, under the pointer of its property."""
    deltas, _, said = heard(['{"na', 'me": "Mi', "lo", ' the", "mood', '": "shy"}'])
    assert [("/name", "Mi"), ("/name", "lo"), ("/name", " the"), ("/mood", "shy")] == said
    assert {"name": "Milo the", "mood": "shy"} == deltas.end()


def test_lists_of_strings_grow_with_their_items() -> None:
    """The items are joined by a comma and a space."""
    _, whole, said = heard(['{"t": ["sh', 'y", "ki', 'nd"', "]}"])
    assert {"/t": "shy, kind"} == whole
    assert 3 == len(said)


def test_other_values_are_told_when_they_are_whole() -> None:
    """A number is not told digit by digit, nor an object before it ends."""
    deltas, _, said = heard(['{"n": 1', "2", '3, "o": {"x"', ": [true]}", "}"])
    assert [("/n", "123")] == said
    deltas.end()
    assert [("/n", "123"), ("/o", '{"x": [true]}')] == said


@pytest.mark.parametrize("text", ["", "nonsense", '{"a": "b"', '{"a": }'])
def test_what_is_no_document_is_told_at_the_end(text: str) -> None:
    """ValueError, once all of it is there."""
    deltas, _, _ = heard([text])
    with pytest.raises(ValueError, match=r".+"):
        deltas.end()


VALUES = st.one_of(
    st.text(),
    st.lists(st.text(min_size=1), min_size=1),
    st.integers(),
    st.booleans(),
    st.none(),
    st.dictionaries(st.text(), st.integers()),
)


@given(st.dictionaries(st.text(), VALUES), st.data(), st.booleans())
def test_any_document_in_any_pieces_is_said_in_full(
    document: dict[str, Any], data: st.DataObject, ascii_only: bool
) -> None:
    """What is said of a field adds up to its value, whatever it is and however it comes."""
    text = json.dumps(document, ensure_ascii=ascii_only)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=20)))
    pieces = [text[i:j] for i, j in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    deltas, whole, _ = heard(pieces)
    assert document == deltas.end()
    for name, value in document.items():
        pointer = "/" + name.replace("~", "~0").replace("/", "~1")
        expected = value
        if isinstance(value, list):
            expected = ", ".join(value)
        elif not isinstance(value, str):
            expected = json.dumps(value, ensure_ascii=False)
        assert expected == whole.get(pointer, "")
