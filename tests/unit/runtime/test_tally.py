"""Values in buckets: nothing is lost, and medians are as near as the buckets are fine."""

import random

import pytest

from services.gateway.watch.deliveries import BOUNDS
from services.runtime.tally import Tally


def _values(count: int) -> list[float]:
    luck = random.Random(7)
    return sorted(luck.lognormvariate(-5, 1) for _ in range(count))


def test_a_value_is_counted_by_the_bound_that_it_does_not_exceed() -> None:
    """A bound belongs to its bucket; what exceeds all of them has one of its own."""
    tally = Tally((1.0, 2.0))
    for value in (0.0, 1.0, 1.5, 2.0, 2.1, 99.0):
        tally.add(value)
    assert [2, 2, 2] == tally.counts
    assert (6, 105.6) == (tally.total, pytest.approx(tally.sum))


def test_many_at_once_are_as_one_by_one() -> None:
    """The same counts and the same sum."""
    values = _values(500)
    one, all_ = Tally(BOUNDS), Tally(BOUNDS)
    for value in values:
        one.add(value)
    all_.add_sorted(values)
    assert one.counts == all_.counts
    assert one.sum == pytest.approx(all_.sum)
    one.add_all(all_)
    assert (1000, [2 * count for count in all_.counts]) == (one.total, one.counts)


@pytest.mark.parametrize("share", [0.01, 0.5, 0.9, 0.99])
def test_quantiles_are_near(share: float) -> None:
    """Within a tenth, over four orders of magnitude, where there are enough values."""
    values = _values(20_000)
    tally = Tally(BOUNDS)
    tally.add_sorted(values)
    assert values[int(share * len(values))] == pytest.approx(tally.quantile(share), rel=0.1)


def test_nothing_has_no_quantile() -> None:
    """And what exceeds every bound is told as the last of them."""
    assert 0.0 == Tally(BOUNDS).quantile(0.5)
    late = Tally((1.0, 2.0))
    late.add(50.0)
    assert 2.0 == late.quantile(0.99)


def test_counts_of_before_fit_more_bounds() -> None:
    """What was stored with fewer buckets is read with more."""
    assert [1, 2, 0, 0] == Tally((1.0, 2.0, 3.0), [1, 2]).counts
