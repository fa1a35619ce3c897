"""Folding what waits: nothing written is lost, and nothing overtakes a fact."""

from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.folding import fold_into


def _text(field: str, text: str, attempt: int = 1) -> Progress:
    return Progress(
        step="s", attempt=attempt, text_delta=progress.TextDelta(field=field, text=text)
    )


def _tokens(tokens: int) -> Progress:
    return Progress(step="s", attempt=1, token_progress=progress.TokenProgress(tokens=tokens))


def _fact(index: int, attempt: int = 1) -> Progress:
    return Progress(step="s", attempt=attempt, step_started=progress.StepStarted(index=index))


def _folded(*events: Progress) -> list[Progress]:
    pending: list[Progress] = []
    for event in events:
        fold_into(pending, event)
    return pending


def test_text_of_one_field_merges() -> None:
    """Deltas of a field become one, with the later time and fraction."""
    first, second = _text("/name", "Ma"), _text("/name", "ri")
    first.emit_time.seconds, second.emit_time.seconds = 1, 2
    first.fraction, second.fraction = 0.1, 0.2
    (merged,) = _folded(first, second)
    assert ("Mari", 2, 0.2) == (
        merged.text_delta.text,
        merged.emit_time.seconds,
        merged.fraction,
    )


def test_text_of_another_field_or_attempt_stays_apart() -> None:
    """Fields keep their order, and an attempt's text never joins that of another."""
    assert ["a", "b", "c", "d"] == [
        e.text_delta.text
        for e in _folded(
            _text("/x", "a"), _text("/y", "b"), _text("/x", "c"), _text("/x", "d", attempt=2)
        )
    ]


def test_a_gauge_between_deltas_does_not_part_them() -> None:
    """Text merges over a gauge, which keeps its latest value."""
    folded = _folded(_text("", "a"), _tokens(1), _text("", "b"), _tokens(2))
    assert ["ab", 2] == [folded[0].text_delta.text, folded[1].token_progress.tokens]
    assert "text_delta" == _folded(_text("", "a"), _tokens(1), _text("", "b"))[-1].WhichOneof(
        "event"
    )
    assert 2 == len(folded)


def test_nothing_folds_over_a_fact() -> None:
    """A gauge or text after a fact stays after it."""
    assert 5 == len(_folded(_text("", "a"), _tokens(1), _fact(1), _text("", "b"), _tokens(2)))


_EVENTS = st.lists(
    st.one_of(
        st.builds(_text, st.sampled_from(["", "/a", "/b"]), st.text(max_size=3), st.integers(1, 2)),
        st.builds(_tokens, st.integers(0, 9)),
        st.builds(_fact, st.integers(0, 9), st.integers(1, 2)),
    )
)


@given(events=_EVENTS)
def test_all_text_and_all_facts_are_kept_in_order(events: list[Progress]) -> None:
    """Between any two facts, each field of each attempt has the same text, folded or not."""
    copies = [Progress.FromString(event.SerializeToString()) for event in events]
    assert _told(events) == _told(_folded(*copies))


@given(events=_EVENTS)
def test_the_latest_gauge_is_the_one_that_is_kept(events: list[Progress]) -> None:
    """The last gauge of the events is the last gauge of the fold, and never stands more often."""
    gauges = [e.token_progress.tokens for e in events if e.HasField("token_progress")]
    folded = _folded(*[Progress.FromString(e.SerializeToString()) for e in events])
    kept = [e.token_progress.tokens for e in folded if e.HasField("token_progress")]
    assert gauges[-1:] == kept[-1:]
    assert len(kept) <= len(gauges)


def _told(events: list[Progress]) -> list[tuple[int, dict[tuple[int, str], str]]]:
    """Each fact with the text that follows it, by attempt and field."""
    told: list[tuple[int, dict[tuple[int, str], str]]] = [(-1, {})]
    for event in events:
        if event.HasField("step_started"):
            told.append((event.step_started.index, {}))
        elif event.HasField("text_delta"):
            key = (event.attempt, event.text_delta.field)
            told[-1][1][key] = told[-1][1].get(key, "") + event.text_delta.text
    return told


@given(events=_EVENTS)
def test_fractions_never_go_back(events: list[Progress]) -> None:
    """What came in order of its fraction is still in that order."""
    for place, event in enumerate(events):
        event.fraction = place / len(events)
    fractions = [event.fraction for event in _folded(*events)]
    assert sorted(fractions) == fractions
