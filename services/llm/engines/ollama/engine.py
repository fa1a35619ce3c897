"""The engine: asks an Ollama server, reports as it streams, believes its final count."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, aclosing, contextmanager
from typing import cast

import httpx
import ollama
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest

from services.llm.engines.ollama import asking
from services.llm.engines.ollama.catalogue import Catalogue, full_name
from services.llm.engines.ollama.client import Client
from services.llm.engines.ollama.continuing import continuing
from services.llm.engines.ollama.failures import PULL_COMMAND, no_model, translated
from services.llm.engines.ollama.hearing import Hearing
from services.llm.port import Emit, Model, Written
from services.llm.prefix import Prefix
from services.llm.schema import Schema, parse_schema
from services.llm.settings import LlmSettings
from services.runtime.errors import EngineUnavailable, InvalidField, UnknownModel
from services.runtime.tracing import Attributes, Span, child

Chunks = AsyncGenerator[ollama.ChatResponse, None]

_WRITE_TIMEOUT = 60.0
_TICK = 1.0


class OllamaEngine:
    """Writes with the models of an Ollama server."""

    name = "ollama"
    pull_command = PULL_COMMAND

    def __init__(self, settings: LlmSettings) -> None:
        self._settings = settings
        timeout = httpx.Timeout(
            settings.ollama_silence_timeout,
            connect=settings.ollama_connect_timeout,
            write=_WRITE_TIMEOUT,
        )
        # The address is meant as it stands: no proxy of the surroundings comes in between.
        self._client = Client(settings.ollama_url, timeout=timeout, trust_env=False)
        self._catalogue = Catalogue(self._client, settings.ollama_url, settings.ollama_model)

    @property
    def concurrency(self) -> int:
        """How many texts it writes at once."""
        return self._settings.llm_concurrency

    async def start(self) -> None:
        """Does nothing: the server may come later, and `check` tells when."""

    async def check(self) -> None:
        """Raises EngineUnavailable while the server does not answer or lacks the default model."""
        try:
            await self._model("")
        except UnknownModel as error:
            raise EngineUnavailable(error.message) from error

    async def models(self) -> Sequence[Model]:
        """The server's models, the default first."""
        return await self._catalogue.models()

    async def write(self, request: GenerateRequest, emit: Emit) -> Written:
        """Writes a text or document; see the port. Leaving closes the stream, and Ollama stops."""
        wanted = request.HasField("response_format")
        schema = parse_schema(request.response_format.json_schema) if wanted else None
        model = await self._model(request.model)
        _check_images(request, model)
        prefix = Prefix(request)
        hearing = Hearing(emit, schema, asking.expected_tokens(request, schema), prefix)
        with _asking(model.name) as span:
            with translated(self._settings.ollama_url, model.name):
                stream = await self._answer(request, schema, model.name, prefix)
                with _ticking(lambda: hearing.waiting(model.name), on=not model.loaded) as stop:
                    async with aclosing(stream) as chunks:
                        async for chunk in chunks:
                            stop()
                            hearing.hear(chunk)
            written = hearing.end(model.name, request.seed)
            span.note(_told_by(written))
            return written

    async def _answer(
        self, request: GenerateRequest, schema: Schema | None, model: str, prefix: Prefix
    ) -> Chunks:
        """What the server will say; it is asked when this is read."""
        messages = asking.messages(request, schema)
        options = asking.options(
            request,
            max_tokens=self._settings.llm_max_tokens,
            context=self._settings.ollama_context,
        )
        if prefix.read:
            return continuing(self._client, model, messages, options, prefix.read)
        stream = await self._client.chat(
            model,
            messages,
            stream=True,
            format=dict(schema.document) if schema else None,
            # A document is wanted, and no long thoughts before it.
            think=False if schema else None,
            options=options,
        )
        return cast("Chunks", stream)

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.close()  # type: ignore[no-untyped-call]

    async def _model(self, name: str) -> Model:
        """The model of a name, or the default. Raises UnknownModel or EngineUnavailable."""
        models = await self._catalogue.models()
        wanted = name or self._settings.ollama_model
        if not wanted:
            if not models:
                raise EngineUnavailable(
                    "Ollama has no model yet: get one, as with `ollama pull qwen3`"
                )
            return models[0]
        found = [model for model in models if model.name == full_name(wanted)]
        if not found:
            raise no_model(wanted, [model.name for model in models])
        return found[0]


def _check_images(request: GenerateRequest, model: Model) -> None:
    for index, message in enumerate(request.messages):
        if message.images and not model.vision:
            raise InvalidField(
                {f"messages[{index}].images": f'the model "{model.name}" cannot see pictures'}
            )


def _asking(model: str) -> AbstractContextManager[Span]:
    """A span for what the server does; it is told nothing of the trace, which it would ignore."""
    attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": OllamaEngine.name,
        "gen_ai.request.model": model,
    }
    return child(f"chat {model}", "client", attributes)


def _told_by(written: Written) -> Attributes:
    return {
        "gen_ai.response.model": written.model,
        "gen_ai.usage.input_tokens": written.input_tokens,
        "gen_ai.usage.output_tokens": written.output_tokens,
    }


@contextmanager
def _ticking(tick: Callable[[], None], *, on: bool) -> Iterator[Callable[[], None]]:
    """Ticks at once and every second until what it yields is called, or the block ends."""
    loop = asyncio.get_running_loop()
    handles: list[asyncio.TimerHandle] = []

    def again() -> None:
        tick()
        handles[:] = [loop.call_later(_TICK, again)]

    def stop() -> None:
        for handle in handles:
            handle.cancel()
        handles.clear()

    if on:
        again()
    try:
        yield stop
    finally:
        stop()
