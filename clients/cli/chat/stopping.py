"""Ctrl-C while a companion answers: the reply is stopped, the chat is not."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Self

import grpc
from hatchery.gateway.v1.generation_service_pb2 import CancelGenerationRequest

from clients.cli.following import Following
from clients.cli.patience import passes, retry_after
from clients.cli.problems import Problem
from clients.cli.sentences import typed
from clients.cli.server import Server

_LOOK_EVERY = 0.05  # seconds, until it is known what there is to stop
_SOON = 5.0  # seconds for the server to take it
_AGAIN = 0.5  # seconds until it is asked again, unless the server says when


class Stopping:
    """Turns the first Ctrl-C into CancelGeneration, and the second into KeyboardInterrupt."""

    def __init__(self, server: Server, following: Following) -> None:
        self._server = server
        self._following = following
        self._over = threading.Event()
        self._before: Any = None
        self.asked = False

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._interrupted)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        # Not here: the call that was interrupted may hold what this one needs.
        threading.Thread(target=self._stop, name="stop", daemon=True).start()

    def _stop(self) -> None:
        """Stop it as soon as it has a name, and ask again until somebody took it or refused."""
        while not self._over.is_set():
            again = self._ask() if self._following.generation else _LOOK_EVERY
            if again is None:
                return
            self._over.wait(again)

    def _ask(self) -> float | None:
        """Ask once; return in how many seconds to ask again, None where that is of no use."""
        request = CancelGenerationRequest(name=self._following.generation)
        try:
            self._server.generations.CancelGeneration(
                request, metadata=self._server.metadata, timeout=_SOON
            )
        except (grpc.RpcError, Problem) as error:
            if passes(error, renews=self._server.renews) or typed(error) is None:
                return max(retry_after(error), _AGAIN)
        return None
