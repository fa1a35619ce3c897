"""Following over connections that drop: nothing missing, nothing twice."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import grpc
import pytest
from hatchery.progress.v1 import progress_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Progress

from clients.cli.following import Following, FollowingAll, FollowingBegun
from clients.cli.patience import Patience
from clients.cli.problems import Problem
from services.runtime.errors import (
    BudgetExceeded,
    EngineUnavailable,
    RateLimited,
    ResourceNotFound,
    ShuttingDown,
    TokenExpired,
    TokenInvalid,
    TooManyStreams,
)
from tests.support.oracle import assert_story
from tests.unit.cli import events as e
from tests.unit.cli.broken import Broken

HASTE = Patience(at_first=20, later=20, silence=20, least_pause=0.001, longest_pause=0.002)
OTHER = "generations/2b0f2c1e-8e0c-4a8e-9d3e-0123456789ab"


class Call:
    """A stream of events that ends with what is given."""

    def __init__(self, events: Sequence[Progress], end: Exception | None = None) -> None:
        self._events, self._end = events, end

    def __iter__(self) -> Iterator[Progress]:
        yield from self._events
        if self._end is not None:
            raise self._end

    def cancel(self) -> None:
        """Nothing holds it."""


class Silent(Call):
    """A stream that says no more after its events, until it is cancelled."""

    def __init__(self, events: Sequence[Progress]) -> None:
        super().__init__(events)
        self._cancelled = threading.Event()

    def __iter__(self) -> Iterator[Progress]:
        yield from self._events
        assert self._cancelled.wait(10)
        raise Broken(grpc.StatusCode.CANCELLED)

    def cancel(self) -> None:
        self._cancelled.set()


class Server:
    """Hands out one call after another, and notes where each was to begin."""

    def __init__(self, *calls: Call | Problem) -> None:
        self.calls = list(calls)
        self.asked: list[tuple[str, int]] = []
        self.lost = 0

    def connect(self, generation: str, after: int) -> Call:
        self.asked.append((generation, after))
        call = self.calls.pop(0) if len(self.calls) > 1 else self.calls[0]
        if isinstance(call, Problem):
            raise call
        return call

    def drop(self, pause: float) -> None:
        self.lost += 1

    def follow(self, **options: Any) -> list[Progress]:
        options.setdefault("patience", HASTE)
        following = Following(self.connect, lost=self.drop, **options)
        return list(following.events())


DROPS = [
    Broken(grpc.StatusCode.UNAVAILABLE),
    Broken(grpc.StatusCode.UNKNOWN),
    Broken(grpc.StatusCode.INTERNAL),
    Broken(grpc.StatusCode.UNAVAILABLE, ShuttingDown("going away")),
]


@pytest.mark.parametrize("drop", DROPS, ids=lambda drop: drop.code().name)
def test_it_goes_on_from_the_last_sequence(drop: Broken) -> None:
    """After a drop, the watch begins at the last event, and the whole is one story."""
    story = e.hatching()
    server = Server(Call(story[:6], drop), Call([], drop), Call(story[6:]))
    assert_story(server.follow())
    assert [("", 0), (e.GENERATION, 6), (e.GENERATION, 6)] == server.asked
    assert 2 == server.lost


def test_a_stream_that_falls_silent_is_left_for_another() -> None:
    """Where not even a heartbeat comes, the connection is lost, whatever it says itself."""
    story = e.hatching()
    server = Server(Silent(story[:6]), Call(story[6:]))
    assert_story(server.follow(patience=replace(HASTE, silence=0.5)))
    assert [("", 0), (e.GENERATION, 6)] == server.asked


def test_a_reader_may_take_its_time() -> None:
    """Silence is the stream's: somebody who thinks about an event loses no connection."""
    story = e.hatching()
    server = Server(Call(story))
    patience = replace(HASTE, silence=0.5)
    following = Following(server.connect, lost=server.drop, patience=patience)
    told = []
    for event in following.events():
        if not told:
            time.sleep(3 * patience.silence)
        told.append(event)
    assert_story(told)
    assert 0 == server.lost


def test_several_go_on_each_from_its_own_place() -> None:
    """After a drop, each that has not ended is asked for from its last event; all are whole."""
    one, other, idle = e.hatching(), e.hatching(), Progress(heartbeat=pb.Heartbeat())
    for event in other:
        event.generation = OTHER
    asked: list[dict[str, int]] = []
    calls = iter(
        [
            Call([*one, *other[:6]], Broken(grpc.StatusCode.UNAVAILABLE)),
            Call([idle, *other[3:]], Broken(grpc.StatusCode.UNAVAILABLE)),
        ]
    )

    def connect(going: Mapping[str, int]) -> Call:
        asked.append(dict(going))
        return next(calls)

    names = [e.GENERATION, OTHER]
    following = FollowingAll(connect, names, lost=lambda _: None, patience=HASTE)
    told = list(following.events())
    for name in names:
        assert_story([event for event in told if event.generation == name])
    assert [dict.fromkeys(names, 0), {OTHER: 6}] == asked
    assert {} == following.going


def test_several_that_one_call_begins_are_followed_by_name() -> None:
    """Until all are known the call is made again; then each goes on from its own last event."""
    one, other = e.writing(), e.writing()
    for event in other:
        event.generation = OTHER
    asked: list[dict[str, int]] = []
    drop = Broken(grpc.StatusCode.UNAVAILABLE)
    calls = iter([Call(one, drop), Call([*one, *other[:4]], drop), Call(other[2:])])

    def connect(going: Mapping[str, int]) -> Call:
        asked.append(dict(going))
        return next(calls)

    begun: list[dict[str, int]] = []

    def begin() -> Call:
        begun.append(dict(following.going))
        return next(calls)

    following = FollowingBegun(begin, connect, 2, lost=lambda _: None, patience=HASTE)
    told = list(following.events())
    for name in (e.GENERATION, OTHER):
        assert_story([event for event in told if event.generation == name])
    assert ([{}, {}], [{OTHER: 4}]) == (begun, asked)
    assert [e.GENERATION, OTHER] == following.names


def test_what_comes_twice_is_shown_once() -> None:
    """Beginning again with one request id replays from the first event; it is not repeated."""
    story = e.hatching()
    server = Server(Call(story[:6], DROPS[0]), Call(story))
    told = server.follow()
    assert_story(told)
    assert len(story) == len(told)


def test_nothing_is_read_after_the_end() -> None:
    """A connection that breaks after the terminal event is no reason to come back."""
    server = Server(Call(e.hatching(), DROPS[0]))
    assert_story(server.follow())
    assert 0 == server.lost


def test_a_refusal_is_final() -> None:
    """What the server refused is not asked for again."""
    refused = Broken(grpc.StatusCode.NOT_FOUND, ResourceNotFound("generations/1"))
    server = Server(Call([], refused))
    with pytest.raises(Broken):
        server.follow(generation="generations/1")
    assert 1 == len(server.asked)


EXHAUSTED = grpc.StatusCode.RESOURCE_EXHAUSTED
CROWDED = [
    Broken(EXHAUSTED, RateLimited("too often", retry_after=0.2)),
    Broken(EXHAUSTED, TooManyStreams("too many")),
    Broken(EXHAUSTED, details="local_rate_limited"),
]


@pytest.mark.parametrize("crowded", CROWDED, ids=["rate", "streams", "edge"])
def test_being_asked_to_come_back_later_ends_nothing_that_began(crowded: Broken) -> None:
    """It goes on from the last event, no sooner than the server asks for."""
    story = e.hatching()
    server = Server(Call(story[:1], DROPS[0]), Call([], crowded), Call(story[1:]))
    began = time.monotonic()
    assert_story(server.follow())
    assert [("", 0), (e.GENERATION, 1), (e.GENERATION, 1)] == server.asked
    if crowded is CROWDED[0]:
        assert 0.2 <= time.monotonic() - began


@pytest.mark.parametrize("crowded", CROWDED, ids=["rate", "streams", "edge"])
def test_before_the_first_event_it_is_a_refusal(crowded: Broken) -> None:
    """What has not begun is not begun later than it was asked for."""
    server = Server(Call([], crowded))
    with pytest.raises(Broken):
        server.follow()
    assert 1 == len(server.asked)


def test_what_does_not_pass_is_final_also_later() -> None:
    """Neither a budget that is spent nor a message that is too large gets better in a moment."""
    story = e.hatching()
    for refused in (Broken(EXHAUSTED, BudgetExceeded("spent")), Broken(EXHAUSTED, details="large")):
        server = Server(Call(story[:1], refused), Call(story[1:]))
        with pytest.raises(Broken):
            server.follow()
        assert 1 == len(server.asked)


def test_no_patience_is_as_long_as_what_is_asked_for() -> None:
    """Who is told to come back after our patience has ended is told so at once."""
    long = Broken(EXHAUSTED, RateLimited("too often", retry_after=60))
    server = Server(Call(e.hatching()[:1], long))
    with pytest.raises(Broken):
        server.follow()
    assert 1 == len(server.asked)


def test_a_token_that_cannot_be_read_for_a_moment_ends_nothing_that_began() -> None:
    """Its file is being replaced; who has none at the beginning is told so."""
    story = e.hatching()
    unread = Problem("cannot read the token")
    server = Server(Call(story[:6], DROPS[0]), unread, Call(story[6:]))
    assert_story(server.follow(renews=True))
    assert 3 == len(server.asked)
    server = Server(unread, Call(story))
    with pytest.raises(Problem):
        server.follow(renews=True)


def test_patience_ends() -> None:
    """A server that stays away is given up: sooner where it was never there."""
    server = Server(Call([], Broken(grpc.StatusCode.UNAVAILABLE, EngineUnavailable("starting"))))
    with pytest.raises(Broken):
        server.follow(patience=replace(HASTE, at_first=2.0))
    assert 1 < len(server.asked)


def test_a_token_that_has_expired_is_an_end_unless_another_comes() -> None:
    """Where nobody renews it, asking again is of no use."""
    over = Broken(grpc.StatusCode.UNAUTHENTICATED, TokenExpired("it has expired"))
    story = e.hatching()
    server = Server(Call(story[:6], over), Call(story[6:]))
    with pytest.raises(Broken):
        server.follow()
    assert 1 == len(server.asked)
    server = Server(Call(story[:6], over), Call([], over), Call(story[6:]))
    assert_story(server.follow(renews=True))
    wrong = Broken(grpc.StatusCode.UNAUTHENTICATED, TokenInvalid("it is another's"))
    server = Server(Call(story[:6], wrong), Call(story[6:]))
    with pytest.raises(Broken):
        server.follow(renews=True)


def test_a_cursor_at_the_end_of_an_ended_log() -> None:
    """A stream that ends without an event is no drop."""
    server = Server(Call([]))
    assert [] == server.follow(generation=e.GENERATION, after=24)
    assert 0 == server.lost
