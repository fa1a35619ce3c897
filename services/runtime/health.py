"""grpc.health.v1: whether a server answers calls, as it stands and as it changes."""

import asyncio
from collections.abc import Sequence

import grpc
from grpc_health.v1 import health_pb2_grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse

from services.runtime.interceptors import Context
from services.runtime.telemetry import Metric

READY = Metric(
    "gauge", "hatchery.ready", "1", "1 while its calls are answered, as grpc.health.v1 says; else 0"
)
METRICS = (READY,)

# As good as the server itself, for as long as it answers anything: who restarts what hangs asks so.
LIVENESS = "liveness"
# So many may follow it at once: a probe asks, and asks again.
_WATCHES = 200


class Health(health_pb2_grpc.HealthServicer):  # type: ignore[misc]
    """Answers for services by their full names; "" is the server itself.

    The servicer of grpcio writes under a lock: one watcher who reads nothing would hold up
    everybody, and the end of the server.
    """

    def __init__(self) -> None:
        self._told: dict[str, HealthCheckResponse.ServingStatus.ValueType] = {
            LIVENESS: HealthCheckResponse.SERVING
        }
        self._changed = asyncio.Event()
        self._watches = 0

    def set_ready(self, names: Sequence[str], ready: bool) -> None:
        """Says of services whether their calls are answered."""
        state = HealthCheckResponse.SERVING if ready else HealthCheckResponse.NOT_SERVING
        self._told |= dict.fromkeys(names, state)
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    @property
    def ready(self) -> bool:
        """Whether the server itself answers."""
        return bool(self._told.get("") == HealthCheckResponse.SERVING)

    async def Check(self, request: HealthCheckRequest, context: Context) -> HealthCheckResponse:
        """Tells how it stands; NOT_FOUND of a service that is not here."""
        told = self._told.get(request.service)
        if told is None:
            await context.abort(grpc.StatusCode.NOT_FOUND, "there is no such service")
        return HealthCheckResponse(status=told)

    async def Watch(self, request: HealthCheckRequest, context: Context) -> None:
        """Tells how it stands, and again whenever that changes."""
        if self._watches >= _WATCHES:
            await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "too many follow it already")
        self._watches += 1
        before = None
        try:
            while True:
                changed = self._changed
                told = self._told.get(request.service, HealthCheckResponse.SERVICE_UNKNOWN)
                if told != before:
                    await context.write(HealthCheckResponse(status=told))
                    before = told
                await changed.wait()
        finally:
            self._watches -= 1
