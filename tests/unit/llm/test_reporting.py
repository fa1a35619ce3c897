"""From engine events to Progress."""

from hatchery.progress.v1.progress_pb2 import Progress
from hypothesis import given
from hypothesis import strategies as st

from services.llm.port import EngineEvent, ModelLoading, PromptRead, TextWritten, TokensWritten
from services.llm.reporting import Reporter

EVENTS = st.one_of(
    st.builds(ModelLoading, st.just("m"), st.floats(0, 100)),
    st.builds(PromptRead, st.integers(0, 1000), st.integers(0, 1000)),
    st.builds(TextWritten, st.sampled_from(["", "/a"]), st.text()),
    st.builds(
        TokensWritten,
        st.integers(0, 1000),
        st.floats(0, 1000),
        st.integers(0, 1000),
        st.floats(0, 1000),
    ),
)


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def gauge(tokens: int) -> TokensWritten:
    """A gauge of ten tokens a second, of a hundred in all."""
    return TokensWritten(tokens, 10.0, 100, tokens / 10)


@given(st.lists(EVENTS))
def test_the_fraction_never_goes_back_nor_reaches_the_end(events: list[EngineEvent]) -> None:
    """Whatever an engine reports, in whatever order: 1 is for the end of the stream alone."""
    sent: list[Progress] = []
    reporter = Reporter("e", sent.append, clock=Clock())
    for event in events:
        reporter.report(event)
    reporter.flush()
    fractions = [0.0, *(progress.fraction for progress in sent)]
    assert fractions == sorted(fractions)
    assert fractions[-1] < 1.0


def test_the_gauge_goes_out_ten_times_a_second_and_its_last_value_always() -> None:
    """What is held back is replaced by what comes later; text is never held back."""
    sent: list[Progress] = []
    clock = Clock()
    reporter = Reporter("e", sent.append, clock=clock)
    for tokens in range(1, 26):
        reporter.report(TextWritten("", "x"))
        reporter.report(gauge(tokens))
        clock.now += 1 / 32
    reporter.flush()
    reporter.flush()
    gauges = [p.token_progress.tokens for p in sent if p.HasField("token_progress")]
    assert [1, 5, 9, 13, 17, 21, 25] == gauges
    assert 25 == sum(progress.HasField("text_delta") for progress in sent)


def test_the_remaining_time_follows_from_the_rate() -> None:
    """Tokens left by tokens a second, with a range around it, and what it rests on."""
    sent: list[Progress] = []
    reporter = Reporter("e", sent.append, clock=Clock())
    reporter.report(gauge(40))
    remaining = sent[0].remaining
    low, expected, high = (
        duration.ToTimedelta().total_seconds()
        for duration in (remaining.low, remaining.expected, remaining.high)
    )
    assert low < expected == 6.0 < high
    assert remaining.BASIS_RATE == remaining.basis
