"""How much of one owner a replica serves: calls a second, and streams at once."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence, Set
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

import grpc
from google.protobuf.descriptor import Descriptor

from services.gateway.identity.callers import PUBLIC, caller
from services.gateway.identity.scopes import Scope, needed_by
from services.gateway.methods import methods_of
from services.gateway.names import Owner
from services.gateway.settings import GatewaySettings
from services.gateway.streams import streaming
from services.runtime.errors import MalformedMessage, RateLimited, TooManyStreams
from services.runtime.interceptors import AroundCalls, Call, Context, ContextWithin

# Of so many seconds, calls may come at once; and of creations, so many.
_BURST, _CREATIONS = 2.0, 100
# Of so many calls a message is read at once, of one owner's and of all; of those that may have a
# picture in it apart from the others. Each may be of ten MiB, and never end: in so many seconds its
# turn has to come, and then in so many all of it.
_AT_ONCE, _ALL_AT_ONCE = 6, 18
_SOON, _PATIENCE = 5.0, 120.0
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
        streamed: Set[str],
        large: Set[str],
    ) -> None:
        """`calls`, `creations`, and bytes that are `sent` are a second.

        The sets are of methods that create, of those whose calls may stay open, of those whose
        request is a stream, and of those whose message may have a picture in it.
        """
        self._sent = Rate(sent, max(_LARGEST, sent * _BURST))
        self._calls = Rate(calls, calls * _BURST)
        self._creating = creating
        self._creations = Rate(creations, max(_CREATIONS, creations * _BURST))
        self._lasting = lasting
        self._streams = streams
        self._streamed = streamed
        self._large = large
        self._open = Counter[Owner]()
        # Calls whose messages have not all come, and whose turn it is for that.
        self._unread = Counter[Owner]()
        self._most_unread = math.ceil(calls * _BURST) + streams
        self._turns = WeakValueDictionary[tuple[Owner, bool], asyncio.Semaphore]()
        self._all = {large: asyncio.Semaphore(_ALL_AT_ONCE) for large in (True, False)}
        # Calls that send a stream.
        self._coming = Counter[Owner]()

    async def around(self, method: str, call: Call, context: Context) -> Any:
        """Counts a call, what it sends, and a stream for as long as it is open."""
        if method.startswith(PUBLIC):
            return await call(context)
        owner = caller()
        wait = self._calls.take(owner)
        if not wait and method in self._creating:
            wait = self._creations.take(owner)
        if wait:
            raise _too_much(wait)
        if method not in self._lasting:
            return await self._read(owner, method, call, context)
        if self._open[owner] >= self._streams:
            raise TooManyStreams(
                f"{self._streams} streams are open already, and more there may not be",
                metadata={"limit": str(self._streams)},
            )
        with _one_more(self._open, owner):
            return await self._read(owner, method, call, context)

    async def _read(self, owner: Owner, method: str, call: Call, context: Context) -> Any:
        """Makes the call, whose messages come in turn, or as one of a few streams."""
        take = partial(self._sent.take, owner)
        if method not in self._streamed:
            sent: Any = _Sent(context, take, self._turn(owner, method in self._large))
            return await call(sent)
        if self._coming[owner] >= _AT_ONCE:
            raise TooManyStreams(
                f"{_AT_ONCE} calls of yours send something already",
                metadata={"limit": str(_AT_ONCE)},
            )
        with _one_more(self._coming, owner):
            sent = _Sent(context, take, nullcontext())
            return await call(sent)

    @asynccontextmanager
    async def _turn(self, owner: Owner, large: bool) -> AsyncIterator[None]:
        """Raises what says that a message cannot come now, or did not come."""
        if self._unread[owner] >= self._most_unread:
            raise TooManyStreams(
                f"what {self._most_unread} calls send has not come yet",
                metadata={"limit": str(self._most_unread)},
            )
        own = self._turns.setdefault((owner, large), asyncio.Semaphore(_AT_ONCE))
        async with AsyncExitStack() as held:
            held.enter_context(_one_more(self._unread, owner))
            try:
                async with asyncio.timeout(_SOON):
                    await held.enter_async_context(own)
                    await held.enter_async_context(self._all[large])
            except TimeoutError:
                raise _too_much(_SOON) from None
            try:
                async with asyncio.timeout(_PATIENCE):
                    yield
            except TimeoutError:
                raise MalformedMessage(
                    f"the message was not there within {_PATIENCE:.0f} seconds"
                ) from None


class _Sent(ContextWithin):
    """The context of a call each of whose messages comes within `turn`.

    `take` counts bytes, or says in how many seconds there may be so many.
    """

    def __init__(
        self,
        context: Context,
        take: Callable[[int], float],
        turn: AbstractAsyncContextManager[None],
    ) -> None:
        super().__init__(context)
        self._take = take
        self._turn = turn

    async def read(self) -> Any:
        """The next message. Raises RateLimited where it is too much."""
        async with self._turn:
            data = await self._context.read()
        if data is not grpc.aio.EOF and (wait := self._take(len(data))):
            raise _too_much(wait)
        return data


@contextmanager
def _one_more(counted: Counter[Owner], owner: Owner) -> Iterator[None]:
    counted[owner] += 1
    try:
        yield
    finally:
        counted[owner] -= 1
        if not counted[owner]:
            del counted[owner]


def _too_much(wait: float) -> RateLimited:
    return RateLimited("too many calls in a short time", retry_after=wait)


def limits_of(settings: GatewaySettings, services: Sequence[str]) -> OwnerLimits:
    """What the settings say of services, whose full names are given."""
    streams = streaming(services)
    methods = methods_of(services)
    lasting = {path for path, method in methods.items() if method.server_streaming}
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
        streamed={path for path, method in methods.items() if method.client_streaming},
        large={path for path, method in methods.items() if _has_bytes(method.input_type)},
    )


def _has_bytes(message: Descriptor) -> bool:
    return any(field.type == field.TYPE_BYTES for field in message.fields)
