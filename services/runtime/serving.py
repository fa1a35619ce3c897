"""Running a gRPC server: health, reflection, interceptors, keepalive, and a drained end."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import grpc
import structlog
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from services.runtime.calls import CallMetrics
from services.runtime.errors import HatcheryError
from services.runtime.health import READY, Health
from services.runtime.interceptors import (
    AroundCalls,
    ErrorStatuses,
    RequestLog,
    Surrounding,
)
from services.runtime.settings import ServerSettings
from services.runtime.telemetry import Telemetry
from services.runtime.tls import Certificates, Peers, server_credentials
from services.runtime.traced import TracedCalls
from services.runtime.tracing import Tracing

log = structlog.get_logger()


class ListenFailed(HatcheryError):
    """The address cannot be listened on."""


class RunningServer:
    """A server that takes calls. `stopping` is set when it begins to drain."""

    def __init__(
        self, port: int, health: Health, names: Sequence[str], stopping: asyncio.Event
    ) -> None:
        self.port = port
        self.stopping = stopping
        self._health = health
        self._names = ("", *names)

    async def set_ready(self, ready: bool = True) -> None:
        """Says through grpc.health.v1 whether calls will be answered."""
        self._health.set_ready(self._names, ready)

    async def until_stopped(self) -> None:
        """Waits for SIGTERM or SIGINT.

        Whatever the process has by now is held to be there for good: Python looks for garbage among
        the rest alone. Nobody is answered meanwhile, and with all of it that took 50 ms and more.
        """
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, self.stopping.set)
        gc.collect()
        gc.freeze()
        await self.stopping.wait()


@asynccontextmanager
async def running_server(
    settings: ServerSettings,
    add: Callable[[grpc.aio.Server], None],
    names: Sequence[str],
    layers: Sequence[AroundCalls] = (),
    *,
    stopping: asyncio.Event | None = None,
    telemetry: Telemetry | None = None,
    tracing: Tracing | None = None,
    generations: bool = False,
) -> AsyncIterator[RunningServer]:
    """Runs a server with the services that `add` registers, whose full names are `names`.

    It starts as not ready. At the end it says so, refuses new calls and gives those under way
    `settings.stop_grace` seconds. `layers` see a call after its errors are caught and before its
    request is read; `stopping`, where given, is the event to set when it drains; `telemetry`
    gets what is measured of calls, and `tracing` their spans; `generations` says whether callers
    are believed which one they ask for, in logs. Raises ListenFailed when the address is taken, and
    CertificatesUnusable.
    """
    calls = [CallMetrics(telemetry)] if telemetry else []
    traced = [TracedCalls(tracing)] if tracing and tracing.on else []
    peers = [Peers(settings.tls_peers)] if settings.tls_peers else []
    server = grpc.aio.server(
        interceptors=[
            Surrounding(
                [
                    *calls,
                    *traced,
                    RequestLog(generations=generations),
                    ErrorStatuses(),
                    *peers,
                    *layers,
                ]
            )
        ],
        options=_options(settings),
    )
    health = Health()
    if telemetry:
        telemetry.gauge(READY, lambda: {(): int(health.ready)})
    health_pb2_grpc.add_HealthServicer_to_server(health, server)
    probed = grpc.aio.server(options=_options(settings))
    health_pb2_grpc.add_HealthServicer_to_server(health, probed)
    add(server)
    if settings.reflection:
        reflection.enable_server_reflection(
            [
                *names,
                health_pb2.DESCRIPTOR.services_by_name["Health"].full_name,
                reflection.SERVICE_NAME,
            ],
            server,
        )
    credentials = server_credentials(Certificates(settings.tls)) if settings.tls else None
    port = _listen(server, settings.listen, credentials)
    if settings.health_listen:
        _listen(probed, settings.health_listen)
    running = RunningServer(port, health, names, stopping or asyncio.Event())
    await running.set_ready(False)
    await server.start()
    await probed.start()
    log.info("listening", port=port, tls=credentials is not None)
    try:
        yield running
    finally:
        running.stopping.set()
        await running.set_ready(False)
        await server.stop(settings.stop_grace)
        await probed.stop(0)
        log.info("stopped")


def _listen(
    server: grpc.aio.Server, address: str, credentials: grpc.ServerCredentials | None = None
) -> int:
    """The port. Raises ListenFailed."""
    try:
        port = (
            server.add_secure_port(address, credentials)
            if credentials
            else server.add_insecure_port(address)
        )
    except RuntimeError:
        port = 0
    if port == 0:
        raise ListenFailed(f"cannot listen on {address}: is the address taken?")
    return port


def _options(settings: ServerSettings) -> list[tuple[str, int]]:
    # Names are looked up, and certificates looked at, when a connection begins: so it ends, without
    # ending its calls.
    age = round(settings.connection_age * 1000)
    return [
        ("grpc.max_connection_age_ms", age),
        ("grpc.max_receive_message_length", settings.max_message_bytes),
        ("grpc.max_send_message_length", settings.max_message_bytes),
        ("grpc.keepalive_time_ms", round(settings.keepalive_time * 1000)),
        ("grpc.keepalive_timeout_ms", round(settings.keepalive_timeout * 1000)),
        # Without it, the other one means a minute at least.
        ("grpc.http2.ping_timeout_ms", round(settings.keepalive_timeout * 1000)),
        # What nobody reads yet is not taken: no more of it where a connection is fast.
        ("grpc.http2.bdp_probe", 0),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.max_pings_without_data", 0),
        # Two processes must never share a port without knowing.
        ("grpc.so_reuseport", 0),
        # A proxy or a gateway may ask every two seconds whether this end still lives.
        ("grpc.http2.min_ping_interval_without_data_ms", 1_000),
    ]
