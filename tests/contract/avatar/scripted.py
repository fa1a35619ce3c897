"""An image engine whose behaviour a test decides, behind the real servicer on a real port."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.rpc import status_pb2
from hatchery.avatar.v1.avatar_service_pb2 import GenerateRequest
from hatchery.avatar.v1.avatar_service_pb2_grpc import (
    AvatarServiceStub,
    add_AvatarServiceServicer_to_server,
)
from hatchery.progress.v1.progress_pb2 import Progress

from services.avatar.port import Emit, Model, Portrait, PortraitRequest, PreviewReady, StepDone
from services.avatar.servicer import AvatarServicer
from services.runtime.capacity import Capacity
from services.runtime.draining import Drain
from services.runtime.errors import HatcheryError
from services.runtime.serving import running_server
from services.runtime.settings import ServerSettings
from services.runtime.status import from_status
from tests.support.scripted import PNG

MODEL = Model(
    name="crayon",
    title="Crayon",
    unit="strokes",
    default_steps=4,
    max_steps=20,
    min_size=128,
    max_size=1024,
    loaded=True,
    note="blunt",
)
OTHER = Model(
    name="ink",
    title="Ink",
    unit="strokes",
    default_steps=2,
    max_steps=8,
    min_size=64,
    max_size=256,
    loaded=False,
)

Script = Callable[[PortraitRequest, Emit], Awaitable[Portrait]]


def portrait(request: PortraitRequest, png: bytes = PNG) -> Portrait:
    """What the engine hands back."""
    return Portrait(
        png=png,
        width=request.width,
        height=request.height,
        model=request.model,
        seed=request.seed,
        steps=request.steps,
        load_seconds=0.5,
        draw_seconds=1.5,
    )


async def draw_steps(
    request: PortraitRequest, emit: Emit, *, heard: asyncio.Semaphore | None = None
) -> Portrait:
    """Makes each step and a preview of it, and goes on when that was heard, or soon."""

    async def go_on() -> None:
        if heard is None:
            await asyncio.sleep(0.01)
        else:
            await heard.acquire()

    for done in range(1, request.steps + 1):
        emit(StepDone(done, request.steps, "strokes", done * 0.1))
        await go_on()
        if request.previews:
            emit(PreviewReady(PNG, "image/png", 1, 1, done))
            await go_on()
    return portrait(request)


@dataclass
class ScriptedEngine:
    """Runs `script` for each portrait; remembers what it was asked and how often it was stopped."""

    script: Script = draw_steps
    known: Sequence[Model] = (MODEL, OTHER)
    unavailable: HatcheryError | None = None
    asked: list[PortraitRequest] = field(default_factory=list)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    name: str = "scripted"
    concurrency: int = 1

    async def start(self) -> None:
        """Nothing to do."""

    async def models(self) -> Sequence[Model]:
        """What it can draw with, or the failure that the test wants."""
        if self.unavailable is not None:
            raise self.unavailable
        return self.known

    async def draw(self, request: PortraitRequest, emit: Emit) -> Portrait:
        """Runs the script."""
        self.asked.append(request)
        try:
            return await self.script(request, emit)
        except asyncio.CancelledError:
            self.stopped.set()
            raise

    async def close(self) -> None:
        """Nothing to end."""


@dataclass
class Client:
    """A client of one avatar service."""

    channel: grpc.aio.Channel
    stopping: asyncio.Event
    capacity: Capacity

    def __post_init__(self) -> None:
        self.stub: Any = AvatarServiceStub(self.channel)

    def generate(self, timeout: float | None = 20, **fields: Any) -> Any:
        """The call, not awaited yet."""
        return self.stub.Generate(GenerateRequest(**{"prompt": "a hen"} | fields), timeout=timeout)

    async def events(self, **fields: Any) -> list[Progress]:
        """The whole stream."""
        return [event async for event in self.generate(**fields)]

    async def rest(self, call: Any) -> list[Progress]:
        """What is left of a stream that was read from."""
        events = []
        while (event := await call.read()) is not grpc.aio.EOF:
            events.append(event)
        return events

    async def refusal(self, call: Any) -> tuple[grpc.StatusCode, HatcheryError]:
        """The status with which a call ends, and the error that its details tell of."""
        try:
            await self.rest(call)
        except grpc.aio.AioRpcError as error:
            return error.code(), error_of(error)
        raise AssertionError("the call was not refused")


def error_of(error: grpc.aio.AioRpcError) -> HatcheryError:
    """The error in the status details."""
    trailing = dict(error.trailing_metadata() or ())
    details = status_pb2.Status.FromString(trailing["grpc-status-details-bin"])
    assert error.code().value[0] == details.code
    found = from_status(details)
    assert found is not None
    return found


@asynccontextmanager
async def serving(
    engine: Any, *, grace: float = 5.0, heartbeat: float = 10.0
) -> AsyncIterator[Client]:
    """A service over an engine, and a client of it."""
    settings = ServerSettings(stop_grace=grace)
    stopping = asyncio.Event()
    servicer = AvatarServicer(engine, Drain(stopping, grace * 0.1), heartbeat=heartbeat)

    def add(server: grpc.aio.Server) -> None:
        add_AvatarServiceServicer_to_server(servicer, server)

    async with running_server(settings, add, [], stopping=stopping) as server:
        await server.set_ready(True)
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            yield Client(channel, stopping, servicer.capacity)
