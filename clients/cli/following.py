"""Generations, followed over as many connections as it takes: nothing missing, nothing twice."""

import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import grpc
from hatchery.progress.v1.progress_pb2 import Progress

from clients.cli.patience import Patience, passes
from clients.cli.problems import Problem

TERMINAL = frozenset({"completed", "failed", "cancelled"})

# Opens a stream: of a generation after a sequence, or of what begins where there is no name yet.
Connect = Callable[[str, int], Any]
# Opens a stream of several, each after a sequence of its own.
ConnectAll = Callable[[Mapping[str, int]], Any]


class Following:
    """A stream that outlives its connections. `generation` and `last` say where it stands.

    `began` says that something was heard, and `over` that there is nothing more to hear.
    """

    def __init__(
        self,
        connect: Connect,
        *,
        generation: str = "",
        after: int = 0,
        lost: Callable[[float], None],
        renews: bool = False,
        patience: Patience | None = None,
    ) -> None:
        """`lost` is told that a connection dropped, and in how many seconds it is tried again.

        With `renews`, a token that has expired is no end: another one comes.
        """
        self.generation = generation
        self.last = after
        self.began = self.over = False
        self._connect = connect
        self._lost = lost
        self._renews = renews
        self._patience = patience or Patience()

    def events(self) -> Iterator[Progress]:
        """Yield every event after the cursor once and in order, ephemeral ones in between.

        Ends after the terminal event. Raises grpc.RpcError when it was refused, or when nobody
        answered for as long as our patience lasts, and Problem where there was no token to go with.
        """
        heard, tries = time.monotonic(), 0
        while True:
            call = None
            try:
                call = self._connect(self.generation, self.last)
                for event in _unless_silent(call, self._patience.silence):
                    heard, tries, self.began = time.monotonic(), 0, True
                    if not self._take(event):
                        continue
                    self.over = self._is_over(event)
                    yield event
                    if self.over:
                        return
                self.over = True  # the cursor stood at the end of an ended log
                return
            except (grpc.RpcError, Problem) as error:
                pause = self._patience.pause(tries, error)
                limit = self._patience.later if self.began else self._patience.at_first
                is_late = time.monotonic() - heard + pause > limit
                if is_late or not passes(error, renews=self._renews, began=self.began):
                    raise
            finally:
                if call is not None:
                    call.cancel()
            tries += 1
            self._lost(pause)
            time.sleep(pause)

    def _take(self, event: Progress) -> bool:
        """Move the cursor; whether the event is news."""
        if event.sequence and event.sequence <= self.last:
            return False
        self.generation = event.generation or self.generation
        self.last = event.sequence or self.last
        return True

    def _is_over(self, event: Progress) -> bool:
        return event.WhichOneof("event") in TERMINAL


class FollowingAll(Following):
    """Several on one stream, each from its beginning to its end. `going` holds their cursors."""

    def __init__(
        self,
        connect: ConnectAll,
        generations: Iterable[str],
        *,
        lost: Callable[[float], None],
        renews: bool = False,
        patience: Patience | None = None,
    ) -> None:
        super().__init__(
            lambda *_: connect(self.going), lost=lost, renews=renews, patience=patience
        )
        self.going = dict.fromkeys(generations, 0)

    def _take(self, event: Progress) -> bool:
        """Move the cursor of the one that it tells of; one that has ended is told no more."""
        name = event.generation
        if not name:
            return True  # a heartbeat of the stream itself
        if name not in self.going or (event.sequence and event.sequence <= self.going[name]):
            return False
        self.going[name] = event.sequence or self.going[name]
        if event.WhichOneof("event") in TERMINAL:
            del self.going[name]
        return True

    def _is_over(self, event: Progress) -> bool:
        return not self.going


class FollowingBegun(FollowingAll):
    """Several that one call begins: their names come with their first events."""

    def __init__(
        self,
        begin: Callable[[], Any],
        connect: ConnectAll,
        count: int,
        *,
        lost: Callable[[float], None],
        renews: bool = False,
        patience: Patience | None = None,
    ) -> None:
        """`begin` makes the call that begins `count` of them, or attaches to them."""
        super().__init__(
            lambda going: begin() if self._is_missing_some else connect(going),
            (),
            lost=lost,
            renews=renews,
            patience=patience,
        )
        self.names: list[str] = []
        self._count = count

    def _take(self, event: Progress) -> bool:
        name = event.generation
        if name and name not in self.names:
            self.names.append(name)
            self.going[name] = 0
        return super()._take(event)

    def _is_over(self, event: Progress) -> bool:
        return not self.going and not self._is_missing_some

    @property
    def _is_missing_some(self) -> bool:
        return len(self.names) < self._count


class FellSilent(grpc.RpcError):
    """A call said nothing for too long and was given up."""

    def code(self) -> grpc.StatusCode:
        """Return what a lost connection returns."""
        return grpc.StatusCode.UNAVAILABLE

    def details(self) -> str:
        """Return what happened."""
        return "not even a heartbeat came"

    def trailing_metadata(self) -> tuple[()]:
        """Return nothing: the server never came to say more."""
        return ()


def _unless_silent(call: Any, silence: float) -> Iterator[Progress]:
    """Yield what a call says. Raises FellSilent when it says nothing for `silence` seconds.

    Only the call's own time counts, not what the reader does with an event.
    """
    over, given_up, waiting_since = threading.Event(), False, time.monotonic()

    def guard() -> None:
        nonlocal given_up
        while not over.wait(min(max(waiting_since + silence - time.monotonic(), 0.0), silence)):
            if time.monotonic() - waiting_since >= silence:
                given_up = True
                call.cancel()
                return

    threading.Thread(target=guard, name="silence", daemon=True).start()
    try:
        for event in call:
            waiting_since = math.inf
            yield event
            waiting_since = time.monotonic()
    except grpc.RpcError as error:
        if given_up:
            raise FellSilent from error
        raise
    finally:
        over.set()
