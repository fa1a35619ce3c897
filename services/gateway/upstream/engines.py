"""The engine services over gRPC, behind the ports that recipes know."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import grpc
import structlog
from google.rpc import status_pb2
from hatchery.avatar.v1 import avatar_service_pb2 as avatar
from hatchery.avatar.v1.avatar_service_pb2_grpc import AvatarServiceStub
from hatchery.llm.v1 import llm_service_pb2 as llm
from hatchery.llm.v1.llm_service_pb2_grpc import LlmServiceStub
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.gateway.recipes.recipe import Emit
from services.gateway.upstream.catalog import Offer
from services.runtime.errors import (
    EngineError,
    EngineFailed,
    EngineTimeout,
    EngineUnavailable,
    HatcheryError,
)
from services.runtime.folding import GAUGES
from services.runtime.interceptors import GENERATION, REQUEST_ID
from services.runtime.status import from_status
from services.runtime.tls import Certificates, channel_credentials
from services.runtime.tracing import child, here

_OPTIONS = [
    # An engine that is cut off is noticed within about a lease.
    ("grpc.keepalive_time_ms", 2_000),
    ("grpc.keepalive_timeout_ms", 2_000),
    ("grpc.http2.ping_timeout_ms", 2_000),  # without it, the other one means a minute
    # Also where this end has nothing to send, which is as good as always.
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.service_config", '{"loadBalancingConfig": [{"round_robin": {}}]}'),
    # Whenever a connection ends, its name is looked up again, so that new replicas take load.
    ("grpc.dns_min_time_between_resolutions_ms", 1_000),
    # A service that was restarted is found again within a second.
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 1_000),
]

_LLM = llm.DESCRIPTOR.services_by_name["LlmService"].full_name
_AVATAR = avatar.DESCRIPTOR.services_by_name["AvatarService"].full_name

# Seconds that the longest call may take, whatever its step says.
_LONGEST_CALL = 3600.0
# What an engine tells that belongs into the story of a generation.
_TOLD = GAUGES | {"text_delta", "preview"}


class Link:
    """The way to an engine service at host:port.

    With certificates it is TLS, and where these are renewed, calls take a new connection; those
    under way end on the one before.
    """

    def __init__(self, target: str, certificates: Certificates | None, max_bytes: int) -> None:
        self._target = target
        self._options = [
            *_OPTIONS,
            ("grpc.max_receive_message_length", max_bytes),
            ("grpc.max_send_message_length", max_bytes),
        ]
        self._certificates = certificates
        self._shown = certificates.current() if certificates else None
        self._channel = self._open()
        self._left: set[asyncio.Task[None]] = set()

    @property
    def channel(self) -> grpc.aio.Channel:
        """The connection for the next call."""
        if self._certificates and (present := self._certificates.current()) is not self._shown:
            before, self._shown = self._channel, present
            self._channel = self._open()
            leaving = asyncio.create_task(before.close(_LONGEST_CALL))
            self._left.add(leaving)
            leaving.add_done_callback(self._left.discard)
        return self._channel

    async def close(self) -> None:
        """Ends all calls."""
        left = list(self._left)
        for leaving in left:
            leaving.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self._channel.close()

    def _open(self) -> grpc.aio.Channel:
        if self._shown is None:
            return grpc.aio.insecure_channel(self._target, options=self._options)
        credentials = channel_credentials(self._shown)
        return grpc.aio.secure_channel(self._target, credentials, options=self._options)


@asynccontextmanager
async def open_link(
    target: str, certificates: Certificates | None, max_bytes: int
) -> AsyncIterator[Link]:
    """A link that is closed at the end; no message on it has more than `max_bytes`."""
    link = Link(target, certificates, max_bytes)
    try:
        yield link
    finally:
        await link.close()


class TextClient:
    """The llm service. Errors are those that the service typed, or EngineErrors."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def write(
        self, request: llm.GenerateRequest, emit: Emit, timeout: float
    ) -> StepCompleted:
        """Writes within `timeout` seconds, reporting on the way, and returns the result."""
        stub = LlmServiceStub(self._link.channel)
        async with _typed("llm", f"{_LLM}/Generate"):
            call = stub.Generate(request, timeout=timeout, metadata=_metadata())
            return await _result(call, emit, "llm")

    async def models(self) -> Offer:
        """What it can write with."""
        async with _typed("llm", f"{_LLM}/ListModels"):
            response = await LlmServiceStub(self._link.channel).ListModels(
                llm.ListModelsRequest(), timeout=5, metadata=_metadata()
            )
            return Offer(response.models, response.pull_command)

    async def with_vision(self, preferred: str) -> str:
        """A model that can look at pictures: the preferred one if it can; "" if none can.

        "" prefers the default.
        """
        offer = await self.models()
        models = [offer.find(preferred), *offer.models]
        return next((model.name for model in models if model and model.vision), "")


class ImageClient:
    """The avatar service. Errors are those that the service typed, or EngineErrors."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def draw(
        self, request: avatar.GenerateRequest, emit: Emit, timeout: float
    ) -> StepCompleted:
        """Draws within `timeout` seconds, reporting on the way, and returns the result."""
        stub = AvatarServiceStub(self._link.channel)
        async with _typed("avatar", f"{_AVATAR}/Generate"):
            call = stub.Generate(request, timeout=timeout, metadata=_metadata())
            return await _result(call, emit, "avatar")

    async def models(self) -> Offer:
        """What it can draw with."""
        async with _typed("avatar", f"{_AVATAR}/ListModels"):
            response = await AvatarServiceStub(self._link.channel).ListModels(
                avatar.ListModelsRequest(), timeout=5, metadata=_metadata()
            )
            return Offer(response.models)


async def _result(call: Any, emit: Emit, service: str) -> StepCompleted:
    """Hands on what the engine says, and returns what it made."""
    result: StepCompleted | None = None
    try:
        event: Progress
        async for event in call:
            kind = event.WhichOneof("event")
            if kind == "step_completed":
                result = event.step_completed
            elif kind in _TOLD:
                emit(event)
    finally:
        call.cancel()
    if result is None:
        raise EngineFailed(f"the {service} service ended its stream without a result")
    return result


@asynccontextmanager
async def _typed(service: str, method: str) -> AsyncIterator[None]:
    """Turns the status of a failed call into an error; the call is a span."""
    attributes = {"rpc.system.name": "grpc", "rpc.method": method}
    with child(method, "client", attributes) as span:
        try:
            yield
        except grpc.aio.AioRpcError as error:
            span.note({"rpc.response.status_code": error.code().name})
            raise _error(error, service) from error
        span.note({"rpc.response.status_code": "OK"})


def _error(error: grpc.aio.AioRpcError, service: str) -> HatcheryError:
    details = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")
    if isinstance(details, bytes):
        typed = from_status(status_pb2.Status.FromString(details))
        if typed is not None:
            return typed
    kinds: dict[grpc.StatusCode, EngineError] = {
        grpc.StatusCode.DEADLINE_EXCEEDED: EngineTimeout(
            f"the {service} service did not finish in time"
        ),
        grpc.StatusCode.UNAVAILABLE: EngineUnavailable(f"the {service} service does not answer"),
        grpc.StatusCode.CANCELLED: EngineUnavailable(f"the {service} service broke off"),
        # What is busy says so in the details; this is gRPC's own word.
        grpc.StatusCode.RESOURCE_EXHAUSTED: EngineFailed(
            f"a message to or from the {service} service is larger than one of the two takes"
            " (HATCHERY_MAX_MESSAGE_BYTES)"
        ),
    }
    return kinds.get(error.code(), EngineFailed(f"the {service} service failed"))


def _metadata() -> tuple[tuple[str, str], ...]:
    """What this is done for, so that logs and traces of all services join."""
    known = structlog.contextvars.get_contextvars()
    ids = ((REQUEST_ID, known.get("request_id")), (GENERATION, known.get("generation")))
    return *((name, id_) for name, id_ in ids if id_), *here().headers.items()
