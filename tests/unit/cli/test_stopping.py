"""Ctrl-C in a chat: the cancel reaches the server, whatever is in its way."""

import signal
import threading
import time
from types import SimpleNamespace
from typing import Any, cast

import grpc
import pytest

from clients.cli.chat.stopping import Stopping
from clients.cli.following import Following
from clients.cli.problems import Problem
from clients.cli.server import Server
from services.runtime.errors import (
    KeysUnavailable,
    RateLimited,
    ResourceNotFound,
    ScopeMissing,
    TokenExpired,
)
from tests.unit.cli import events as e
from tests.unit.cli.broken import Broken

Code = grpc.StatusCode


class Generations:
    """A stub whose calls end as is given, and then with an answer."""

    def __init__(self, *ends: Exception) -> None:
        self._ends = list(ends)
        self.asked: list[str] = []
        self.done = threading.Event()

    def CancelGeneration(self, request: Any, **_: Any) -> None:
        self.asked.append(request.name)
        if self._ends:
            raise self._ends.pop(0)
        self.done.set()


class Tokens:
    """A server whose token comes from a file, which cannot be read at first."""

    def __init__(self, generations: Generations, unread: int = 0, *, renews: bool = True) -> None:
        self.generations, self.renews = generations, renews
        self._unread = unread

    @property
    def metadata(self) -> tuple[()]:
        if self._unread:
            self._unread -= 1
            raise Problem("cannot read the token")
        return ()


def interrupt(server: Tokens, wait: float = 10) -> None:
    """Type Ctrl-C, and wait until somebody took it."""
    following = cast("Following", SimpleNamespace(generation=e.GENERATION))
    with Stopping(cast("Server", server), following):
        signal.raise_signal(signal.SIGINT)
        server.generations.done.wait(wait)


PASSING = [
    Broken(Code.UNAVAILABLE),
    Broken(Code.DEADLINE_EXCEEDED),
    Broken(Code.UNKNOWN),
    Broken(Code.INTERNAL),
    Broken(Code.CANCELLED),
    Broken(Code.RESOURCE_EXHAUSTED, details="local_rate_limited"),
    Broken(Code.RESOURCE_EXHAUSTED, RateLimited("too often")),
    Broken(Code.UNAVAILABLE, KeysUnavailable("not yet")),
    Broken(Code.UNAUTHENTICATED, TokenExpired("it has expired")),
]


@pytest.mark.parametrize("passing", PASSING, ids=lambda one: one.code().name)
def test_what_passes_is_asked_again(passing: Broken) -> None:
    """Once more, and not at once."""
    generations, began = Generations(passing), time.monotonic()
    interrupt(Tokens(generations))
    assert [e.GENERATION] * 2 == generations.asked
    assert 0.5 <= time.monotonic() - began


def test_it_is_asked_again_when_the_server_says() -> None:
    """No sooner than its RetryInfo has it."""
    limited = Broken(Code.RESOURCE_EXHAUSTED, RateLimited("too often", retry_after=0.8))
    generations, began = Generations(limited), time.monotonic()
    interrupt(Tokens(generations))
    assert 2 == len(generations.asked)
    assert 0.8 <= time.monotonic() - began


def test_a_token_that_cannot_be_read_loses_no_cancel() -> None:
    """Its file is read again."""
    generations = Generations()
    interrupt(Tokens(generations, unread=1))
    assert [e.GENERATION] == generations.asked


@pytest.mark.parametrize(
    "refused",
    [
        Broken(Code.NOT_FOUND, ResourceNotFound(e.GENERATION)),
        Broken(Code.PERMISSION_DENIED, ScopeMissing("it does not reach so far")),
        Broken(Code.UNAUTHENTICATED, TokenExpired("and nobody renews it")),
    ],
    ids=lambda one: one.code().name,
)
def test_a_refusal_is_final(refused: Broken) -> None:
    """What the server refused is not asked for again."""
    generations = Generations(refused)
    interrupt(Tokens(generations, renews=False), wait=0.8)
    assert 1 == len(generations.asked)
