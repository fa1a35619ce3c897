"""Durations that are expected: what they rest on, and that they stay in order."""

from hatchery.types.v1.estimate_pb2 import Estimate
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.reducer.expected import NOTHING, Expected, together

_HISTORY = Expected(6.0, 5.0, 8.0, runs=9)


def _seconds(estimate: Estimate) -> tuple[float, float, float]:
    return (
        estimate.low.ToTimedelta().total_seconds(),
        estimate.expected.ToTimedelta().total_seconds(),
        estimate.high.ToTimedelta().total_seconds(),
    )


def test_each_says_what_it_rests_on() -> None:
    """A guess, a history of so many runs, and a rate."""
    told = [
        expected.estimate()
        for expected in (Expected.guess(6.0), _HISTORY, Expected.at_this_rate(6.0))
    ]
    assert [
        (Estimate.BASIS_DEFAULT, 0),
        (Estimate.BASIS_HISTORY, 9),
        (Estimate.BASIS_RATE, 0),
    ] == [(estimate.basis, estimate.runs) for estimate in told]
    widths = [high - low for low, _, high in map(_seconds, told)]
    assert widths[0] > widths[2] > widths[1]


def test_few_runs_are_believed_less() -> None:
    """With more runs the same values lie in a narrower range."""
    few, many = (Expected(6.0, 5.0, 8.0, runs=runs).estimate() for runs in (1, 50))
    assert _seconds(few)[0] < _seconds(many)[0]
    assert _seconds(few)[2] > _seconds(many)[2]


def test_a_sum_rests_on_its_weakest_part() -> None:
    """One guess makes a guess of all; what takes no time does not count."""
    both = together((_HISTORY, Expected(2.0, 1.0, 3.0, runs=4), NOTHING))
    assert (8.0, 6.0, 11.0, 4) == (both.seconds, both.low, both.high, both.runs)
    assert 0 == together((_HISTORY, Expected.guess(1.0))).runs
    assert together((_HISTORY, Expected.at_this_rate(1.0))).rate
    assert not together((Expected.guess(1.0), Expected.at_this_rate(1.0))).known
    assert NOTHING == together(())


def test_what_an_engine_says_of_itself_comes_through() -> None:
    """As it was told, and less as time passes, and never below nothing."""
    told = Expected.told(_HISTORY.estimate())
    assert (6.0, 9) == (told.seconds, told.runs)
    assert (4.0, 0.0) == (told.after(2.0).seconds, told.after(60.0).high)


_PARTS = st.builds(
    lambda values, runs, rate: Expected(values[1], values[0], values[2], runs, rate),
    st.lists(st.floats(0, 1e6), min_size=3, max_size=3).map(sorted),
    st.integers(0, 50),
    st.booleans(),
)


@given(parts=st.lists(_PARTS, max_size=4), share=st.floats(0, 1), later=st.floats(0, 1e6))
def test_ranges_stay_in_order(parts: list[Expected], share: float, later: float) -> None:
    """Low, expected and high, whatever is done with them."""
    summed = together(parts)
    for expected in (
        summed,
        summed.after(later),
        summed.times(share),
        summed.mixed(Expected.at_this_rate(later), share),
    ):
        low, middle, high = _seconds(expected.estimate())
        assert 0.0 <= low <= middle + 1e-6
        assert middle <= high + 1e-6
