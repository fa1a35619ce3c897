"""How much of one owner a replica serves: calls a second, and streams at once."""

import time
from collections import Counter
from collections.abc import Callable, Sequence, Set
from typing import Any

from google.protobuf.message import Message

from services.gateway.identity.callers import PUBLIC, caller
from services.gateway.identity.scopes import Scope, needed_by
from services.gateway.methods import methods_of
from services.gateway.names import Owner
from services.gateway.settings import GatewaySettings
from services.gateway.streams import streaming
from services.runtime.errors import RateLimited, TooManyStreams
from services.runtime.interceptors import AroundCalls, Behaviour, Context

# Of so many seconds, calls may come at once; and of creations, so many.
_BURST, _CREATIONS = 2.0, 100
# Whatever one message may have is taken at once.
_LARGEST = 32 * 1024 * 1024
_ROUNDING = 1e-9
# What creates at once, without a stream; and what may stay open without being one.
_CREATING = {
    "/hatchery.gateway.v1.AgentService/ImportAgent",
    "/hatchery.gateway.v1.TemplateService/CreateTemplate",
}
_WAIT = "/hatchery.gateway.v1.GenerationService/WaitGeneration"
# So many owners are remembered before those that ask for little are forgotten.
_REMEMBERED = 10_000


class Rate:
    """At most so many a second of each, as a bucket that leaks (GCRA): one number for each."""

    def __init__(
        self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`rate` is a second, and `burst` of them may come at once."""
        self._each = 1.0 / rate
        self._burst = burst / rate
        self._clock = clock
        # When the calls of each will have leaked away.
        self._empty_at: dict[Owner, float] = {}
        self._most = _REMEMBERED

    def take(self, owner: Owner, amount: float = 1.0) -> float:
        """Counts an amount; or returns in how many seconds it may come, and counts none."""
        now = self._clock()
        empty_at = max(self._empty_at.get(owner, now), now) + amount * self._each
        if (wait := empty_at - now - self._burst) > _ROUNDING:
            return wait
        if len(self._empty_at) >= self._most:
            self._empty_at = {one: at for one, at in self._empty_at.items() if at > now}
            self._most = max(_REMEMBERED, 2 * len(self._empty_at))
        self._empty_at[owner] = empty_at
        return 0.0


class OwnerLimits(AroundCalls):
    """Refuses what is too much of one owner. It has to stand behind what names the caller."""

    def __init__(
        self,
        *,
        calls: float,
        sent: float,
        creating: Set[str],
        creations: float,
        lasting: Set[str],
        streams: int,
    ) -> None:
        """`calls`, `creations`, and bytes that are `sent` are a second.

        The sets are of methods that create, and of those whose calls may stay open.
        """
        self._sent = Rate(sent, max(_LARGEST, sent * _BURST))
        self._calls = Rate(calls, calls * _BURST)
        self._creating = creating
        self._creations = Rate(creations, max(_CREATIONS, creations * _BURST))
        self._lasting = lasting
        self._streams = streams
        self._open = Counter[Owner]()

    async def around(self, method: str, call: Behaviour, request: Any, context: Context) -> Any:
        """Counts a call, and a stream for as long as it is open."""
        if method.startswith(PUBLIC):
            return await call(request, context)
        owner = caller()
        wait = self._calls.take(owner)
        if not wait and method in self._creating:
            wait = self._creations.take(owner)
        if not wait and isinstance(request, Message):
            wait = self._sent.take(owner, request.ByteSize())
        if wait:
            raise RateLimited("too many calls in a short time", retry_after=wait)
        if method not in self._lasting:
            return await call(request, context)
        if self._open[owner] >= self._streams:
            raise TooManyStreams(
                f"{self._streams} streams are open already, and more there may not be",
                metadata={"limit": str(self._streams)},
            )
        self._open[owner] += 1
        try:
            return await call(request, context)
        finally:
            self._open[owner] -= 1
            if not self._open[owner]:
                del self._open[owner]


def limits_of(settings: GatewaySettings, services: Sequence[str]) -> OwnerLimits:
    """What the settings say of services, whose full names are given."""
    streams = streaming(services)
    lasting = {path for path, method in methods_of(services).items() if method.server_streaming}
    return OwnerLimits(
        calls=settings.owner_calls,
        sent=settings.owner_bytes,
        creating={
            path
            for path, scopes in needed_by(services).items()
            if path in _CREATING or (Scope.CREATE in scopes and path in streams)
        },
        creations=settings.owner_creations,
        lasting=lasting | {_WAIT},
        streams=settings.owner_streams,
    )
