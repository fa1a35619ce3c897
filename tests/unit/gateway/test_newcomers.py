"""What a follower of an owner's generations hears of."""

import uuid

import pytest

from services.gateway.watch import newcomers
from services.gateway.watch.newcomers import _Follower

ONE, TWO, THREE = (uuid.UUID(int=number) for number in (1, 2, 3))


def _heard(follower: _Follower) -> list[uuid.UUID]:
    return [follower.found.get_nowait() for _ in range(follower.found.qsize())]


def test_each_is_heard_of_once_whatever_clocks_do() -> None:
    """Also where one that ended long ago is recent again, as when a clock was set."""
    follower = _Follower("ada")
    follower.hear([(ONE, True)])
    assert [ONE] == _heard(follower)
    follower.hear([(TWO, False)])
    follower.hear([])
    follower.hear([(ONE, False), (TWO, False), (THREE, True)])
    assert [TWO, THREE] == _heard(follower)


def test_a_bounded_number_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are recent, and the latest beside them."""
    monkeypatch.setattr(newcomers, "_REMEMBERED", 100)
    follower = _Follower("ada")
    follower.hear([(ONE, True)])
    for number in range(10, 1000):
        follower.hear([(ONE, True), (uuid.UUID(int=number), True)])
    assert len(follower.known) <= 102
    assert 991 == len(_heard(follower))
