"""What may go well in a moment, how soon to ask again, and for how long."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import grpc

from clients.cli.problems import Problem
from clients.cli.sentences import FLOODED, typed
from services.runtime.errors import TokenExpired

T = TypeVar("T")

# Without a reason of Hatchery's own, it was a proxy or a broken connection that spoke.
_DROPPED = (
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.UNKNOWN,
    grpc.StatusCode.INTERNAL,
    grpc.StatusCode.CANCELLED,
)


@dataclass(frozen=True)
class Patience:
    """How long to try again, in seconds: before anything was heard, and after the latest event.

    A stream says something every 10 s, if only a heartbeat; one that is silent for `silence` is
    given up, whatever its connection says.
    """

    at_first: float = 3.0
    later: float = 120.0
    silence: float = 30.0
    least_pause: float = 0.1
    longest_pause: float = 3.0

    def pause(self, tries: int, error: Any) -> float:
        """Return the seconds until the next try: more each time, and what the server asks for."""
        pause = min(self.least_pause * 2.0 ** min(tries, 30), self.longest_pause)
        # So that not all come back at once.
        return max(pause * random.uniform(0.7, 1.0), retry_after(error))  # noqa: S311


def passes(error: Any, *, renews: bool, began: bool = True) -> bool:
    """Whether the same call may go well in a moment, after a grpc.RpcError or a Problem.

    With `renews`, another token comes. What is lost is always tried again; what was refused for
    now, or had no token to go with, only once it `began`.
    """
    if isinstance(error, Problem):
        return began  # the file of the token is being written
    told = typed(error)
    if isinstance(told, TokenExpired):
        return renews
    code = error.code()
    if told is not None:
        return told.retryable and (began or code is grpc.StatusCode.UNAVAILABLE)
    if code is grpc.StatusCode.RESOURCE_EXHAUSTED:
        return began and error.details() == FLOODED
    return code in _DROPPED or (began and code is grpc.StatusCode.DEADLINE_EXCEEDED)


def retry_after(error: Any) -> float:
    """Return the seconds that the server asks to wait; 0 where it asks for none."""
    told = None if isinstance(error, Problem) else typed(error)
    return (told.retry_after if told is not None else None) or 0.0


def patiently(call: Callable[[], T], *, renews: bool, patience: Patience | None = None) -> T:
    """Return what a call that may be repeated returns, made again while that may help.

    Raises what it raises.
    """
    patience = patience or Patience()
    began, tries = time.monotonic(), 0
    while True:
        try:
            return call()
        except (grpc.RpcError, Problem) as error:
            pause = patience.pause(tries, error)
            is_over = time.monotonic() - began + pause > patience.later
            if is_over or not passes(error, renews=renews):
                raise
        tries += 1
        time.sleep(pause)
