"""A span for every call that a gRPC server answers, with the attributes that its metric has."""

from collections.abc import Mapping
from typing import Any

from services.runtime.calls import Ending
from services.runtime.interceptors import AroundCalls, Call, Context
from services.runtime.tracing import PARENT, STATE, Tracing

# What is a server's fault, as OpenTelemetry counts: any other code is an answer.
_FAULTS = {
    "DATA_LOSS",
    "DEADLINE_EXCEEDED",
    "INTERNAL",
    "UNAVAILABLE",
    "UNIMPLEMENTED",
    "UNKNOWN",
}
# Health and reflection: they are asked all the time, and nobody wonders about them.
_UNTRACED = "/grpc."


class TracedCalls(AroundCalls):
    """Begins a span for each call, within its caller's trace where it comes with one."""

    def __init__(self, tracing: Tracing) -> None:
        self._tracing = tracing

    async def around(self, method: str, call: Call, context: Context) -> Any:
        """Traces one call; a stream is one, however much comes over it."""
        if method.startswith(_UNTRACED):
            return await call(context)
        # Only what is registered comes here, so that nobody can make up methods.
        name = method.lstrip("/")
        attributes = {"rpc.system.name": "grpc", "rpc.method": name}
        with self._tracing.span(name, "server", _headers(context), attributes) as span:
            ending = Ending()
            try:
                with ending.told(context):
                    return await call(context)
            finally:
                span.note({"rpc.response.status_code": ending.code})
                if ending.code in _FAULTS:
                    span.fail(ending.code)


def _headers(context: Context) -> Mapping[str, str]:
    metadata = dict(context.invocation_metadata() or ())
    return {name: value for name in (PARENT, STATE) if isinstance(value := metadata.get(name), str)}
