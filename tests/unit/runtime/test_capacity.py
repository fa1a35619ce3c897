"""How much an engine does at once."""

import pytest

from services.runtime.capacity import Capacity
from services.runtime.errors import EngineBusy


def test_what_is_full_refuses_and_counts_it() -> None:
    """With the time to come back; what ends makes room."""
    capacity = Capacity(1, retry_after=3.0)
    with capacity.take():
        with pytest.raises(EngineBusy) as refused:
            capacity.take().__enter__()
        assert 3.0 == refused.value.retry_after
        assert (1, 1, 1) == (capacity.total, capacity.taken, capacity.refused)
    with capacity.take():
        assert (1, 1) == (capacity.taken, capacity.refused)


def test_what_fails_makes_room_as_well() -> None:
    """Nobody else pays for an error."""
    capacity = Capacity(1)

    def fail() -> None:
        with capacity.take():
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert 0 == capacity.taken
