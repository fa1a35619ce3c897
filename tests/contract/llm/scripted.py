"""A language engine whose behaviour a test decides, behind the real servicer on a real port."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.rpc import status_pb2
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest, Message
from hatchery.llm.v1.llm_service_pb2_grpc import (
    LlmServiceStub,
    add_LlmServiceServicer_to_server,
)
from hatchery.progress.v1.progress_pb2 import Progress

from services.llm.port import Emit, Model, TextWritten, TokensWritten, Written
from services.llm.servicer import LlmServicer
from services.runtime.draining import Drain
from services.runtime.errors import HatcheryError
from services.runtime.serving import running_server
from services.runtime.settings import ServerSettings
from services.runtime.status import from_status

MODELS = (
    Model(name="quill", title="Quill", note="scratchy", loaded=True),
    Model(name="typewriter", title="Typewriter", vision=True, aliases=("keys",)),
)
WORDS = ("Once", " upon", " a", " time")

Script = Callable[[GenerateRequest, Emit], Awaitable[Written]]


def written(request: GenerateRequest, text: str = "", **fields: Any) -> Written:
    """What the engine hands back."""
    result = {
        "text": text,
        "document": None,
        "model": request.model or "quill",
        "seed": request.seed,
        "input_tokens": 5,
        "output_tokens": 4,
        "load_seconds": 0.5,
        "prompt_seconds": 0.25,
        "generate_seconds": 1.0,
    }
    return Written(**{**result, **fields})


async def write_words(request: GenerateRequest, emit: Emit) -> Written:
    """Writes one word after the other, with a gauge after each, and lets the stream keep up."""
    for count, word in enumerate(WORDS, 1):
        emit(TextWritten("", word))
        emit(TokensWritten(count, 10.0, len(WORDS), count / 10))
        await asyncio.sleep(0.01)
    return written(request, "".join(WORDS))


async def write_forever(_: GenerateRequest, emit: Emit) -> Written:
    """Writes one word and then no more."""
    emit(TextWritten("", WORDS[0]))
    await asyncio.Event().wait()
    raise AssertionError


@dataclass
class ScriptedEngine:
    """Runs `script` for each text; remembers what it was asked and whether it was stopped."""

    script: Script = write_words
    unavailable: HatcheryError | None = None
    asked: list[GenerateRequest] = field(default_factory=list)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    name: str = "scripted"
    pull_command: str = "quill pull"
    concurrency: int = 1

    async def start(self) -> None:
        """Nothing to do."""

    async def check(self) -> None:
        """It can always write."""

    async def models(self) -> Sequence[Model]:
        """What it can write with, or the failure that the test wants."""
        if self.unavailable is not None:
            raise self.unavailable
        return MODELS

    async def write(self, request: GenerateRequest, emit: Emit) -> Written:
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
    """A client of one llm service."""

    channel: grpc.aio.Channel
    stopping: asyncio.Event

    def __post_init__(self) -> None:
        self.stub: Any = LlmServiceStub(self.channel)

    def generate(self, timeout: float | None = 20, **fields: Any) -> Any:
        """The call, not awaited yet."""
        asked = {"messages": [Message(role=Message.ROLE_USER, content="Tell me a story.")]}
        return self.stub.Generate(GenerateRequest(**(asked | fields)), timeout=timeout)

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
    stopping = asyncio.Event()
    servicer = LlmServicer(engine, Drain(stopping, grace * 0.1), heartbeat=heartbeat)

    def add(server: grpc.aio.Server) -> None:
        add_LlmServiceServicer_to_server(servicer, server)

    settings = ServerSettings(stop_grace=grace)
    async with running_server(settings, add, [], stopping=stopping) as server:
        await server.set_ready(True)
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            yield Client(channel, stopping)
