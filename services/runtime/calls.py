"""What a gRPC server measures of its calls, as gRPC itself names it (its proposal A66)."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc

from services.runtime.interceptors import AroundCalls, Call, Context
from services.runtime.telemetry import SECONDS, Metric, Telemetry

STARTED = Metric(
    "counter",
    "grpc.server.call.started",
    "{call}",
    "calls that began, also those that go on",
    ("grpc.method",),
)
DURATION = Metric(
    "histogram",
    "grpc.server.call.duration",
    "s",
    "calls, from their beginning to their end; a stream is one call",
    ("grpc.method", "grpc.status"),
    SECONDS,
)
METRICS = (STARTED, DURATION)


class CallMetrics(AroundCalls):
    """Measures how long calls take, by their method and the code that they end with."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._started = telemetry.counter(STARTED)
        self._duration = telemetry.histogram(DURATION)

    async def around(self, method: str, call: Call, context: Context) -> Any:
        """Measures one call."""
        began = time.perf_counter()
        # Only what is registered comes here, so that nobody can make up methods.
        called = {"grpc.method": method.lstrip("/")}
        self._started.add(1, called)
        ending = Ending()
        try:
            with ending.told(context):
                return await call(context)
        finally:
            seconds = time.perf_counter() - began
            self._duration.record(seconds, called | {"grpc.status": ending.code})


class Ending:
    """The name of the code that a call ends with."""

    code = "OK"

    @contextmanager
    def told(self, context: Context) -> Iterator[None]:
        """Knows it once the block, in which the call is answered, is left."""
        try:
            yield
        except asyncio.CancelledError:
            self.code = "CANCELLED"
            raise
        except BaseException:
            self.code = _name(context.code())
            raise


def _name(code: Any) -> str:
    """A code, which grpcio has in three forms."""
    if isinstance(code, int):
        return next((one.name for one in grpc.StatusCode if one.value[0] == code), "UNKNOWN")
    return code.name if isinstance(code, grpc.StatusCode) else "UNKNOWN"
