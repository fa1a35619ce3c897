"""Which candidate is the best."""

import pytest
from hatchery.llm.v1.llm_service_pb2 import Scoring
from hypothesis import given
from hypothesis import strategies as st

from services.llm.engines.llamacpp.scoring import (
    Judge,
    all_runs,
    best,
    runs,
    significant,
    whole_sentences,
)


def judge(**weights: float) -> Judge:
    """A judge of texts about books and tea, who knows Milo."""
    return Judge(
        weights=Scoring(**weights),
        keywords=significant("she loves books and tea"),
        known_names=frozenset({"milo"}),
        example_runs=all_runs(["the old gull taught him the stars"]),
        avoid=frozenset({"blood"}),
    )


@pytest.mark.parametrize(
    ("weight", "value", "better", "worse"),
    [
        ("unique_words", "a red door", "a blue window", "a red red door"),
        ("keywords", "", "tea with a book", "a walk by the river"),
        ("keywords", "she loved", "her tea and books", "her tea"),
        ("stray_names", "", "then Milo's boat sank", "then Robert's boat sank"),
        ("stray_names", "", "one day I slept", "one day Anna slept"),
        ("copied", "", "an old bird sang to him", "an old gull taught him the stars"),
        ("avoided", "", "a drop of tea", "a drop of Blood"),
    ],
)
def test_each_measure_tells_better_from_worse(
    weight: str, value: str, better: str, worse: str
) -> None:
    """A weight makes its measure count, and without it both are as good."""
    weighted, blind = judge(**{weight: 1.0}), judge()
    assert weighted.score(value, better) > weighted.score(value, worse)
    assert 1.0 == blind.score(value, better) == blind.score(value, worse)


@pytest.mark.parametrize("part", ["she went to the", "they sang and", "", "   "])
def test_what_stops_in_the_middle_counts_half(part: str) -> None:
    """A sentence does not end with "the"."""
    assert 0.5 == judge().score("", part)


@given(st.text(), st.text(), st.lists(st.floats(0, 10), min_size=5, max_size=5))
def test_a_score_is_a_share(value: str, part: str, weights: list[float]) -> None:
    """Between 0 and 1 for any text and any weights."""
    names = ("unique_words", "keywords", "stray_names", "copied", "avoided")
    assert 0.0 <= judge(**dict(zip(names, weights, strict=True))).score(value, part) <= 1.0


def test_the_first_of_equals_is_the_best() -> None:
    """The highest score wins; the earlier one where two are equal."""
    assert "b" == best([(0.1, "a"), (0.9, "b"), (0.9, "c")])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two", "One."),
        ("One. Two!", "One. Two!"),
        ("One", ""),
        ("", ""),
        ('He said "no." Then', 'He said "no."'),
        ("At 3.5 miles he", ""),
        ("Who? Me", "Who?"),
    ],
)
def test_trimming_to_whole_sentences(text: str, expected: str) -> None:
    """Everything up to the last end of a sentence; a decimal point is none."""
    assert expected == whole_sentences(text)


def test_runs_are_four_words_long() -> None:
    """Shorter texts have none; case and punctuation do not matter."""
    assert frozenset() == runs("only three words")
    assert {("the", "old", "gull", "sang")} == runs("The old, old... The old gull sang!") & runs(
        "the OLD gull sang"
    )


def test_significant_words_say_what_a_text_is_about() -> None:
    """Small words are left out."""
    assert {"shy", "dragon", "loves", "books"} == significant("A shy dragon who loves her books")
