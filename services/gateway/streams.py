"""Streams of events, counted: whose they are, how they end, and how late their events come."""

import asyncio
import time
from collections.abc import Sequence, Set
from typing import Any

import grpc
from google.protobuf.descriptor_pb2 import MethodOptions
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.identity.callers import caller, expired
from services.gateway.measures import Measures
from services.gateway.methods import methods_of
from services.gateway.watch.deliveries import Deliveries, Delivery
from services.runtime.errors import TokenExpired, internal
from services.runtime.interceptors import AroundCalls, Call, Context, ContextWithin, our_error
from services.runtime.status import reason_name
from services.runtime.tally import Tally

COMPLETED, LEFT, FAILED = "completed", "left", "failed"


def streaming(services: Sequence[str]) -> Set[str]:
    """The methods that stream events, as "/package.Service/Method"; `services` are full names."""
    return {
        path
        for path, method in methods_of(services).items()
        if method.server_streaming and method.output_type is Progress.DESCRIPTOR
    }


def beginning(services: Sequence[str]) -> Set[str]:
    """Those of them that begin a generation, and have something to tell at once."""
    methods = methods_of(services)
    return {
        path
        for path in streaming(services)
        if methods[path].GetOptions().idempotency_level != MethodOptions.NO_SIDE_EFFECTS
    }


class CountedStreams(AroundCalls):
    """Counts the calls that stream events. It has to stand behind what names the caller."""

    def __init__(self, services: Sequence[str], deliveries: Deliveries, measures: Measures) -> None:
        """`services` are the full names of those that the server has."""
        self._deliveries = deliveries
        self._measures = measures
        self._streams = streaming(services)
        self._beginning = beginning(services)

    async def around(self, method: str, call: Call, context: Context) -> Any:
        """Counts one stream; other calls pass."""
        if method not in self._streams:
            return await call(context)
        owner, name = caller(), method.lstrip("/")
        late = self._measures.stream_began(name)
        delivery = self._deliveries.begin(owner, late.add)
        first = self._measures.first_event(name) if method in self._beginning else None
        counted: Any = _Counted(context, delivery, first)
        outcome, reason = FAILED, ""
        try:
            await call(counted)
            outcome = COMPLETED
        except asyncio.CancelledError:
            if expired():
                reason = reason_name(TokenExpired(""))
            else:
                outcome = LEFT
            raise
        except Exception as error:
            if _lost(error):
                outcome = LEFT
            else:
                reason = reason_name(our_error(error) or internal())
            raise
        finally:
            self._measures.stream_ended(name, outcome, reason)
            self._deliveries.ended(owner, gone=outcome == LEFT, reason=reason)


def _lost(error: Exception) -> bool:
    """Whether the client was gone in the middle of a write, which is when grpcio raises."""
    if isinstance(error, ExceptionGroup):
        return error.subgroup(grpc.aio.BaseError) is not None
    return isinstance(error, grpc.aio.BaseError)


class _Counted(ContextWithin):
    """The context of a call, whose written events are counted.

    `first`, where there is one, counts the seconds from now until the first of them.
    """

    def __init__(self, context: Context, delivery: Delivery, first: Tally | None) -> None:
        super().__init__(context)
        self._delivery = delivery
        self._first = first
        self._began = time.perf_counter()

    async def write(self, event: bytes) -> None:
        """Hands an event to the client's connection."""
        await self._context.write(event)
        self._delivery.wrote(event)
        if self._first is not None:
            self._first.add(time.perf_counter() - self._began)
            self._first = None
