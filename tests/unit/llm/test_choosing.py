"""Words to choose from that stand in a text."""

from collections.abc import Sequence

import pytest

from services.llm.engines.llamacpp.choosing import standing_in

CHOICES = ["dragon", "water dragon", "book", "shy", "cat", "fox"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a shy water dragon who loves books", ["shy", "water dragon", "book"]),
        ("A DRAGON", ["dragon"]),
        ("water and a dragon", ["dragon"]),
        ("concatenate the category", []),
        ("two foxes, cats", ["fox", "cat"]),
        ("dragonfly", []),
        ("", []),
        ("cat?! (fox)", ["cat", "fox"]),
        ("a water dragon and another dragon", ["water dragon"]),
    ],
)
def test_choices_that_stand_in_a_text(text: str, expected: Sequence[str]) -> None:
    """Whole words, in the text's order, plurals too; the longer one where two overlap."""
    assert expected == standing_in(text, CHOICES)
