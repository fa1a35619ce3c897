"""What the servers of all engine services share: they are measured, traced, and drain."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import grpc

from services.runtime.capacity import Capacity
from services.runtime.observing import metrics, traces
from services.runtime.serving import RunningServer, running_server
from services.runtime.settings import ServerSettings


@asynccontextmanager
async def engine_server(
    settings: ServerSettings,
    service: str,
    add: Callable[[grpc.aio.Server], None],
    name: str,
    *,
    engine: str,
    capacity: Capacity,
    stopping: asyncio.Event,
) -> AsyncIterator[RunningServer]:
    """Runs the server of a service, as "llm", with the servicer that `add` registers under `name`.

    `engine` is called so in metrics, and has such a `capacity`; `stopping` is set when it drains.
    Raises ListenFailed, MetricsListenFailed and CertificatesUnusable.
    """
    async with (
        metrics(settings.metrics_listen, f"hatchery-{service}") as telemetry,
        traces(settings.traces, settings.trace_ratio, f"hatchery-{service}") as tracing,
        running_server(
            settings,
            add,
            [name],
            stopping=stopping,
            telemetry=telemetry,
            tracing=tracing,
            # Gateways alone call it, and are believed which generation they ask for.
            generations=True,
        ) as server,
    ):
        capacity.measure(telemetry, engine)
        yield server
