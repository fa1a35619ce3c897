"""Scripted engine services: real gRPC servers whose work a test decides."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf.struct_pb2 import Struct
from hatchery.avatar.v1 import avatar_service_pb2, avatar_service_pb2_grpc
from hatchery.llm.v1 import llm_service_pb2, llm_service_pb2_grpc
from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted
from hatchery.types.v1.image_pb2 import Image
from hatchery.types.v1.model_pb2 import ImageLimits, Model
from hatchery.types.v1.usage_pb2 import Usage

from services.runtime.engine_stream import Emit, stream_engine_call
from services.runtime.observing import traces
from services.runtime.serving import running_server
from services.runtime.settings import ServerSettings

DOCUMENT = {
    "name": "Marisol",
    "species": "water dragon",
    "traits": ["shy", "curious", "gentle"],
    "coat": "sea-green scales",
    "eyes": "amber eyes",
    "outfit": "a red scarf",
    "mood": "shy",
    "backstory": "Marisol is a shy water dragon who reads in a sunken library.",
    "greeting": "Oh! I did not hear you come in.",
}
# What else may be asked for.
MORE = {
    "physical_description": "A water dragon with sea-green scales and a red scarf.",
    "visual_style": "loose watercolour in green and red, soft evening light",
    "first_name": "Marisol",
    "last_name": "Tidewell",
    "age": "about 300",
    "gender": "female",
    "personality": "Marisol is slow to speak and quick to smile.",
}
# What a companion thinks of every message.
THOUGHTS: dict[str, Any] = {
    "intent": "chat",
    "request": "say hello",
    "wanted": [],
    "keywords": ["tides"],
    "actions": [],
    "memories": [],
    "summary": "They spoke of tides.",
}
# The smallest PNG there is: one grey pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a49444154789c6360000000020001e221bc33"
    "0000000049454e44ae426082"
)

Script = Callable[[Any, Emit], Awaitable[StepCompleted]]


# A free text.
TEXT = "The tide comes in. The tide goes out. The moon has business elsewhere."
WORDS = TEXT.split(" ")

# A description that begins so is never done with.
HOLD = "hold on: "


def document_for(request: Any) -> dict[str, Any]:
    """The document that is asked for; a persona where none is."""
    schema = request.response_format.json_schema
    names = json.loads(schema)["properties"] if schema else DOCUMENT
    said = request.messages[-1].content if request.messages else ""
    known = THOUGHTS | DOCUMENT | MORE | {"memories": [said] if "remember" in said else []}
    return {name: known[name] for name in names}


async def write_persona(request: Any, emit: Emit) -> StepCompleted:
    """Writes the document field by field, with a gauge after each."""
    if any(HOLD in message.content for message in request.messages):
        await asyncio.Event().wait()
    if not request.HasField("response_format"):
        return await write_text(request, emit)
    wanted = document_for(request)
    for done, (name, value) in enumerate(wanted.items(), 1):
        text = ", ".join(value) if isinstance(value, list) else str(value)
        emit(
            Progress(
                text_delta=progress.TextDelta(field=f"/{name}", text=text),
                fraction=done / len(wanted),
            )
        )
        emit(
            Progress(
                token_progress=progress.TokenProgress(
                    tokens=done, tokens_per_second=50, estimated_total=len(wanted)
                ),
                fraction=done / len(wanted),
            )
        )
        await asyncio.sleep(0)
    document = Struct()
    document.update(wanted)
    usage = Usage(engine="scripted", model="script", output_tokens=len(wanted))
    return StepCompleted(document=document, usage=usage)


async def write_text(request: Any, emit: Emit, *, pause: float = 0.0) -> StepCompleted:
    """Writes the text word by word, after its prefix, with the engine's own count."""
    emit(Progress(prompt_progress=progress.PromptProgress(processed=7, total=7)))
    written, done = "", 0
    for done, piece in enumerate(re.findall(r"\s*\S+", TEXT.removeprefix(request.prefix)), 1):
        written += piece
        emit(Progress(text_delta=progress.TextDelta(text=piece)))
        gauge = progress.TokenProgress(tokens=done, tokens_per_second=50)
        gauge.elapsed.FromMilliseconds(20 * done)
        emit(Progress(token_progress=gauge))
        await asyncio.sleep(pause)
    kept = len(request.prefix.split())
    usage = Usage(engine="scripted", model="script", input_tokens=7 + kept, output_tokens=done)
    usage.generate_duration.FromMilliseconds(20 * done)
    return StepCompleted(text=written, usage=usage)


async def draw_portrait(_: Any, emit: Emit) -> StepCompleted:
    """Draws in four steps, with a preview after each."""
    for done in range(1, 5):
        emit(
            Progress(
                step_progress=progress.StepProgress(done=done, total=4, unit="strokes"),
                fraction=done / 4,
            )
        )
        emit(
            Progress(
                preview=progress.Preview(
                    image=PNG, media_type="image/png", width=1, height=1, index=done
                ),
                fraction=done / 4,
            )
        )
        await asyncio.sleep(0)
    return StepCompleted(
        image=Image(data=PNG, media_type="image/png", width=1, height=1),
        usage=Usage(engine="scripted", model="script", steps=4),
    )


@dataclass
class Engines:
    """The scripts that run now, the calls that came, and where the servers listen."""

    text: Script = write_persona
    image: Script = draw_portrait
    text_calls: list[llm_service_pb2.GenerateRequest] = field(default_factory=list)
    image_calls: list[avatar_service_pb2.GenerateRequest] = field(default_factory=list)
    # Text models beside the one that cannot look at pictures; their names.
    eyes: Sequence[str] = ()
    # Whether they hold a whole document together.
    documents: bool = True
    metadata: list[Mapping[str, Any]] = field(default_factory=list)
    # How many seconds each call had left when it came.
    deadlines: list[float | None] = field(default_factory=list)
    stopped: int = 0
    # Settings of both servers beside where they listen.
    settings: Mapping[str, Any] = field(default_factory=dict)
    llm_target: str = ""
    avatar_target: str = ""


class Gate:
    """An image engine that stands still until it is opened; tells when somebody has come."""

    def __init__(self, engines: Engines) -> None:
        self.came = asyncio.Event()
        self.opened = asyncio.Event()
        engines.image = self.draw

    async def draw(self, request: Any, emit: Emit) -> StepCompleted:
        """Draws, once the gate is open."""
        self.came.set()
        await self.opened.wait()
        return await draw_portrait(request, emit)


@asynccontextmanager
async def scripted_engines(**settings: Any) -> AsyncIterator[Engines]:
    """Runs both services on real ports."""
    engines = Engines(settings=settings)
    async with scripted_texts(engines), scripted_images(engines):
        yield engines


@asynccontextmanager
async def scripted_texts(engines: Engines) -> AsyncIterator[None]:
    """Runs the text service alone; a second time at the place where it was before."""
    settings = _settings(engines, engines.llm_target)
    async with (
        traces(settings.traces, settings.trace_ratio, "hatchery-llm") as tracing,
        running_server(
            settings,
            lambda s: llm_service_pb2_grpc.add_LlmServiceServicer_to_server(_Texts(engines), s),
            [],
            tracing=tracing,
            generations=True,
        ) as server,
    ):
        await server.set_ready()
        engines.llm_target = f"127.0.0.1:{server.port}"
        yield


@asynccontextmanager
async def scripted_images(engines: Engines) -> AsyncIterator[None]:
    """Runs the image service alone; a second time at the place where it was before."""
    settings = _settings(engines, engines.avatar_target)
    async with (
        traces(settings.traces, settings.trace_ratio, "hatchery-avatar") as tracing,
        running_server(
            settings,
            lambda s: avatar_service_pb2_grpc.add_AvatarServiceServicer_to_server(
                _Images(engines), s
            ),
            [],
            tracing=tracing,
            generations=True,
        ) as server,
    ):
        await server.set_ready()
        engines.avatar_target = f"127.0.0.1:{server.port}"
        yield


def _settings(engines: Engines, target: str) -> ServerSettings:
    usual: dict[str, Any] = {"listen": target or "127.0.0.1:0", "stop_grace": 0}
    return ServerSettings(**(usual | dict(engines.settings)))


class _Texts(llm_service_pb2_grpc.LlmServiceServicer):
    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    async def Generate(self, request: Any, context: Any) -> None:  # type: ignore[override]
        self._engines.text_calls.append(request)
        await _serve(self._engines, self._engines.text, request, context)

    async def ListModels(self, request: Any, context: Any) -> llm_service_pb2.ListModelsResponse:
        models = [
            Model(
                name=name,
                engine="scripted",
                kind=Model.KIND_TEXT,
                vision=name != "script",
                documents=self._engines.documents,
            )
            for name in ("script", *self._engines.eyes)
        ]
        models[0].default = True
        return llm_service_pb2.ListModelsResponse(models=models)


class _Images(avatar_service_pb2_grpc.AvatarServiceServicer):
    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    async def Generate(self, request: Any, context: Any) -> None:  # type: ignore[override]
        self._engines.image_calls.append(request)
        await _serve(self._engines, self._engines.image, request, context)

    async def ListModels(self, request: Any, context: Any) -> avatar_service_pb2.ListModelsResponse:
        limits = ImageLimits(
            unit="strokes", default_steps=4, max_steps=20, min_size=64, max_size=1024
        )
        model = Model(
            name="script", engine="scripted", kind=Model.KIND_IMAGE, default=True, image=limits
        )
        return avatar_service_pb2.ListModelsResponse(models=[model])


async def _serve(
    engines: Engines, script: Script, request: Any, context: grpc.aio.ServicerContext[Any, Any]
) -> None:
    engines.metadata.append(dict(context.invocation_metadata() or ()))
    engines.deadlines.append(context.time_remaining())

    async def work(emit: Emit) -> StepCompleted:
        try:
            return await script(request, emit)
        except asyncio.CancelledError:
            engines.stopped += 1
            raise

    await stream_engine_call(context, work)
