"""Calls a second, counted."""

from hypothesis import given
from hypothesis import strategies as st

from services.gateway.limits import Rate
from services.gateway.names import Owner

ALICE, BOB = Owner("alice"), Owner("bob")


def test_a_burst_is_served_and_then_as_many_as_leak_away() -> None:
    """Two seconds' worth at once; each owner for itself."""
    now = 100.0
    rate = Rate(10, 20, clock=lambda: now)
    assert [0.0] * 20 == [rate.take(ALICE) for _ in range(20)]
    wait = rate.take(ALICE)
    assert 0.09 < wait < 0.11
    assert 0.0 == rate.take(BOB)
    now += wait + 1e-6
    assert 0.0 == rate.take(ALICE)
    assert rate.take(ALICE) > 0
    now += 1000
    assert [0.0] * 20 == [rate.take(ALICE) for _ in range(20)]
    assert rate.take(ALICE) > 0


@given(st.lists(st.floats(0, 3), max_size=200), st.floats(0.5, 1000))
def test_never_more_than_the_rate_and_a_burst(pauses: list[float], each_second: float) -> None:
    """Whatever the pauses between; who waits as long as is said is served."""
    now = 0.0
    rate = Rate(each_second, 2 * each_second, clock=lambda: now)
    for served, pause in enumerate(pauses, 1):
        now += pause
        if wait := rate.take(ALICE):
            now += wait * 1.000001 + 1e-9
            assert 0.0 == rate.take(ALICE)
        assert served <= each_second * (now + 2.0) + 1.001


def test_whoever_asks_for_little_is_forgotten() -> None:
    """Memory has a bound, however many there are; who is held back stays so."""
    now = 0.0
    rate = Rate(10, 20, clock=lambda: now)
    for _ in range(20):
        rate.take(ALICE)
    for number in range(30_000):
        now += 0.000001
        rate.take(Owner(f"owner {number}"))
    assert rate.take(ALICE) > 0
    now += 1.0
    for number in range(30_000):
        now += 0.000001
        rate.take(Owner(f"another {number}"))
    assert len(rate._empty_at) < 40_000
    assert 0.0 == rate.take(ALICE)
