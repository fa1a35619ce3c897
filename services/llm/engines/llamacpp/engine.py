"""The engine: loads the model once, writes texts and documents with it."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hatchery.llm.v1.llm_service_pb2 import GenerateRequest, Message

from services.llm.engines.llamacpp.completions import Chunk, Completions
from services.llm.engines.llamacpp.document import DocumentWriter
from services.llm.engines.llamacpp.loading import load, model_file
from services.llm.engines.llamacpp.parts import Pen
from services.llm.engines.llamacpp.sheets import defused
from services.llm.engines.llamacpp.tally import Tally, cut_off
from services.llm.loops import LoopWatch
from services.llm.port import Emit, Model, TextWritten, Written
from services.llm.prefix import Prefix
from services.llm.schema import parse_schema
from services.llm.settings import LlmSettings
from services.runtime.errors import EngineUnavailable, InvalidField, OutputLooping, UnknownModel

SHIPPED = Model(
    name="smollm2",
    title="SmolLM2 135M Instruct",
    note="a small demonstration model that runs everywhere; it reads and writes English only",
    loaded=True,
)

# What keeps a model of this size coherent and from repeating itself.
_SAMPLING: Mapping[str, Any] = {
    "temperature": 0.7,
    "top_k": 40,
    "min_p": 0.1,
    "top_p": 1.0,
    "repeat_penalty": 1.05,
    "dry_multiplier": 0.8,
    "dry_allowed_length": 3,
    "dry_penalty_last_n": 160,
}
_ROLES = {
    Message.ROLE_SYSTEM: "system",
    Message.ROLE_USER: "user",
    Message.ROLE_ASSISTANT: "assistant",
}


class LlamaCppEngine:
    """Writes with a GGUF model in this process."""

    name = "llamacpp"
    pull_command = ""

    def __init__(self, settings: LlmSettings) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(settings.llm_concurrency, "llamacpp")
        self._completions: Completions | None = None

    @property
    def concurrency(self) -> int:
        """How many texts it writes at once."""
        return self._settings.llm_concurrency

    async def start(self) -> None:
        """Loads the model. Raises EngineUnavailable when that is impossible."""
        loop = asyncio.get_running_loop()
        server = await loop.run_in_executor(self._threads, load, self._settings)
        self._completions = Completions(server, self._threads)

    async def check(self) -> None:
        """Raises EngineUnavailable until the model is loaded."""
        self._loaded()

    async def models(self) -> Sequence[Model]:
        """The one model."""
        if self._settings.llamacpp_model is None:
            return [SHIPPED]
        name = model_file(self._settings).stem
        return [Model(name=name, title=name, loaded=True)]

    async def write(self, request: GenerateRequest, emit: Emit) -> Written:
        """Writes a text or document; see the port."""
        completions = self._loaded()
        (model,) = await self.models()
        if request.model not in ("", model.name):
            raise UnknownModel(request.model, [model.name])
        for index, message in enumerate(request.messages):
            if message.images:
                raise InvalidField(
                    {f"messages[{index}].images": f'the model "{model.name}" cannot see pictures'}
                )
        max_tokens = request.sampling.max_tokens or self._settings.llm_max_tokens
        tally = Tally(emit, max_tokens=max_tokens)
        text, document = "", None
        if request.HasField("response_format"):
            schema = parse_schema(request.response_format.json_schema)
            # Not for secrets: the same seed has to give the same text.
            dice = random.Random(request.seed)  # noqa: S311
            pen = Pen(completions, sampling(request), tally, dice)
            document = await DocumentWriter(request, schema, pen, tally, emit).write()
        else:
            text = await _free_text(completions, request, max_tokens, tally, emit)
        return Written(
            text=text,
            document=document,
            model=model.name,
            seed=request.seed,
            input_tokens=tally.input_tokens,
            output_tokens=tally.tokens,
            load_seconds=0.0,
            prompt_seconds=tally.prompt_seconds,
            generate_seconds=tally.seconds,
        )

    async def close(self) -> None:
        """Ends the model's threads."""
        self._completions = None
        self._threads.shutdown()

    def _loaded(self) -> Completions:
        if self._completions is None:
            raise EngineUnavailable("the embedded model is not loaded yet")
        return self._completions


async def _free_text(
    completions: Completions, request: GenerateRequest, max_tokens: int, tally: Tally, emit: Emit
) -> str:
    pieces: list[str] = []
    prefix = Prefix(request)
    loops = LoopWatch(prefix.text)

    def hear(chunk: Chunk) -> None:
        tally.hear(chunk)
        if text := prefix.added(chunk.text):
            if loops.feed(text):
                raise OutputLooping("the model repeated itself without end: try again")
            pieces.append(text)
            emit(TextWritten("", text))

    messages = [
        {"role": _ROLES[message.role], "content": defused(message.content)}
        for message in request.messages
    ]
    if prefix.read:
        # The library leaves an answer open that a conversation ends with.
        messages.append({"role": "assistant", "content": prefix.read})
    body = {
        **sampling(request),
        "messages": messages,
        "max_tokens": max_tokens,
        "seed": request.seed,
    }
    last = await completions.chat(body, hear)
    tally.end(last)
    if last.finish == "length":
        raise cut_off()
    return "".join(pieces)


def sampling(request: GenerateRequest) -> Mapping[str, Any]:
    """How tokens are chosen: the request's wishes over what suits a small model."""
    wishes = request.sampling
    given = {
        name: getattr(wishes, name)
        for name in ("temperature", "top_k", "top_p", "min_p", "repeat_penalty")
        if wishes.HasField(name)
    }
    return {**_SAMPLING, **given}
