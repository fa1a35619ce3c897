"""How long a text will be: from its prompt, from earlier ones, and as it grows."""

import random
from math import log

import pytest
from hatchery.gateway.v1.artifact_service_pb2 import CreateArtifactRequest
from hatchery.progress.v1.progress_pb2 import Progress, TokenProgress
from hatchery.types.v1.estimate_pb2 import Estimate
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.recipes.artifact.foretelling import TEXT, asked_words, features
from services.gateway.reducer.length import Length


def _features(prompt: str) -> list[float]:
    return list(features(CreateArtifactRequest(prompt=prompt)))


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("Explain tides in 200 words.", 200),
        ("a 500-word essay", 500),
        ("Write three short paragraphs on moss", 240),
        ("a single sentence, please", 18),
        ("Two pages about bread", 800),
        ("a haiku about the first snow", 15),
        ("12 lines of verse", 96),
        ("the year 1984 in words of one syllable", 0),
        ("tell me about 3 cats", 0),
        ("write ſix words or five lınes", 0),
        ("٣٠٠ words", 0),
        ("", 0),
    ],
)
def test_a_length_that_is_asked_for_is_read(prompt: str, words: int) -> None:
    """Numbers in digits or words, with what they count."""
    assert words == asked_words(prompt)


def test_runs_move_the_guess() -> None:
    """Towards what was written, the more the more there are; and the range gets narrow."""
    prompt = _features("Explain tides in 200 words.")
    luck = random.Random(3)
    texts = [(prompt, round(90 * luck.lognormvariate(0, 0.1))) for _ in range(50)]
    few, many = (Length.learned(TEXT, texts[:n], prompt, 4096) for n in (3, 50))
    guess = Length.learned(TEXT, [], prompt, 4096)
    assert guess.median > few.median > many.median
    assert 85 < many.median < 96
    assert guess.error > many.error
    assert (0, 3, 50) == (guess.runs, few.runs, many.runs)


def test_what_is_asked_for_is_learned_from_other_lengths() -> None:
    """A model that writes twice what it is told is expected to do so at a length it never had."""
    texts = [(_features(f"{n} words"), round(n * 1.4 * 2)) for n in (50, 100, 200, 400) * 10]
    told = Length.learned(TEXT, texts, _features("800 words"), 30_000)
    assert 0.85 < told.median / (800 * 1.4 * 2) < 1.15


def test_runs_with_other_features_are_left_out() -> None:
    """What was kept by another version of this says nothing here."""
    told = Length.learned(TEXT, [([1.0], 9), ([], 9)], _features("x"), 4096)
    assert Length.learned(TEXT, [], _features("x"), 4096) == told


@given(
    median=st.floats(1, 5000),
    error=st.floats(0.05, 2),
    most=st.integers(1, 40_000),
    written=st.integers(0, 40_000),
)
def test_what_is_written_is_never_expected_to_be_less(
    median: float, error: float, most: int, written: int
) -> None:
    """The shares stay in order, at or above what stands there, and below the bound."""
    length = Length(min(median, most), error, most)
    low, middle, high = (length.tokens(share, written) for share in (0.1, 0.5, 0.9))
    assert written <= low <= middle <= high <= max(most, written)


def test_a_text_that_grows_beyond_what_was_expected_is_expected_to_grow_on() -> None:
    """The more is written beyond the median, the less is left, and never nothing before the end."""
    length = Length(100.0, 0.5, 4096)
    left = [length.tokens(0.5, written) - written for written in (0, 50, 100, 200, 400)]
    assert left[0] > left[1] > left[2] > 10
    assert all(one > 10 for one in left)


def test_a_gauge_is_filled_in() -> None:
    """How long it will be, how far it is, and how long that takes at this rate."""
    event = Progress(token_progress=TokenProgress(tokens=50, tokens_per_second=10))
    length = Length(100.0, 0.1, 4096)
    length.put_into(event)
    assert 100 == event.token_progress.estimated_total
    assert 0.5 == pytest.approx(event.fraction, abs=0.01)
    assert 5.0 == pytest.approx(event.remaining.expected.ToNanoseconds() / 1e9, abs=0.1)
    assert Estimate.BASIS_RATE == event.remaining.basis
    low, high = (part.ToNanoseconds() for part in (event.remaining.low, event.remaining.high))
    assert low < event.remaining.expected.ToNanoseconds() < high


def test_a_rate_of_a_few_tokens_is_none() -> None:
    """Nor is one of nothing."""
    for gauge in (TokenProgress(tokens=4, tokens_per_second=99), TokenProgress(tokens=40)):
        event = Progress(token_progress=gauge)
        Length(100.0, 0.1, 4096).put_into(event)
        assert not event.HasField("remaining")


def test_the_range_is_that_of_nine_tenths() -> None:
    """Of lengths that come as expected, about a tenth lie under it and a tenth over it."""
    length, luck = Length(200.0, 0.4, 100_000), random.Random(5)
    told = length.estimate()
    texts = [luck.lognormvariate(log(200), 0.4) for _ in range(4000)]
    assert 0.1 == pytest.approx(sum(t < told.low for t in texts) / 4000, abs=0.02)
    assert 0.1 == pytest.approx(sum(t > told.high for t in texts) / 4000, abs=0.02)
