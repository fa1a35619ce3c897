"""Several calls that show as one text."""

import itertools
from typing import Any

import pytest

from services.llm.engines.llamacpp.completions import Chunk
from services.llm.engines.llamacpp.tally import Tally
from services.llm.port import EngineEvent, PromptRead, TokensWritten
from services.runtime.errors import OutputCutOff


def chunk(**fields: Any) -> Chunk:
    """A chunk that says this and nothing else."""
    empty = {
        "text": "",
        "logprob": 0.0,
        "finish": "",
        "prompt_processed": 0,
        "prompt_total": 0,
        "prompt_cached": 0,
        "prompt_read": 0,
        "prompt_seconds": 0.0,
        "tokens": 0,
        "seconds": 0.0,
    }
    return Chunk(**{**empty, **fields})


def tally(events: list[EngineEvent], max_tokens: int = 0) -> Tally:
    """A tally whose clock goes a second forward at each look."""
    ticks = itertools.count()
    return Tally(events.append, max_tokens=max_tokens, clock=lambda: float(next(ticks)))


def test_the_gauge_goes_on_over_calls() -> None:
    """Tokens and time add up; the same count twice says nothing twice."""
    events: list[EngineEvent] = []
    sums = tally(events)
    sums.expected = 10
    sums.hear(chunk(tokens=1, seconds=0.0))
    sums.hear(chunk(tokens=2, seconds=0.1))
    sums.hear(chunk(tokens=2, seconds=0.1))
    sums.end(chunk(tokens=2, seconds=0.1))
    sums.expected = 4
    sums.hear(chunk(tokens=1, seconds=0.1))
    assert [
        TokensWritten(1, 0.0, 10, 1.0),
        TokensWritten(2, 20.0, 10, 2.0),
        TokensWritten(3, 15.0, 6, 3.0),
    ] == events


def test_only_the_first_prompt_is_told() -> None:
    """Later calls read a few tokens more, of which nobody wants to know."""
    events: list[EngineEvent] = []
    sums = tally(events)
    for processed in (0, 50, 50, 100):
        sums.hear(chunk(prompt_processed=processed, prompt_total=100))
    sums.end(chunk(prompt_total=100))
    sums.hear(chunk(prompt_processed=1, prompt_total=2))
    assert [PromptRead(0, 100), PromptRead(50, 100), PromptRead(100, 100)] == events


def test_no_prompt_token_is_counted_twice() -> None:
    """What a later call finds in the cache was counted when it was read."""
    sums = tally([])
    sums.end(chunk(prompt_cached=30, prompt_read=70, prompt_seconds=1.0))
    sums.end(chunk(prompt_cached=100, prompt_read=5, prompt_seconds=0.1))
    assert (105, pytest.approx(1.1)) == (sums.input_tokens, sums.prompt_seconds)


def test_the_limit_holds_for_all_calls_together() -> None:
    """The token beyond it is OUTPUT_CUT_OFF."""
    sums = tally([], max_tokens=5)
    sums.hear(chunk(tokens=3, seconds=0.1))
    sums.end(chunk(tokens=3, seconds=0.1))
    sums.hear(chunk(tokens=2, seconds=0.1))
    with pytest.raises(OutputCutOff):
        sums.hear(chunk(tokens=3, seconds=0.2))
