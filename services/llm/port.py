"""The port of language engines: what they are asked, what they report, what they return."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hatchery.llm.v1.llm_service_pb2 import GenerateRequest


@dataclass(frozen=True, slots=True)
class ModelLoading:
    """The model is being loaded, for `elapsed` seconds by now."""

    model: str
    elapsed: float


@dataclass(frozen=True, slots=True)
class PromptRead:
    """`processed` of `total` prompt tokens are read."""

    processed: int
    total: int


@dataclass(frozen=True, slots=True)
class TextWritten:
    """More text of a field, a JSON pointer such as "/name", or "" for free text."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class TokensWritten:
    """The gauge: `tokens` so far after `elapsed` seconds; `estimated_total` is 0 when unknown.

    `estimated` says that tokens and rate are a guess themselves.
    """

    tokens: int
    tokens_per_second: float
    estimated_total: int
    elapsed: float
    estimated: bool = False


EngineEvent = ModelLoading | PromptRead | TextWritten | TokensWritten
Emit = Callable[[EngineEvent], None]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: a checked `document`, or free `text`; and what it took, in seconds."""

    text: str
    document: Mapping[str, Any] | None
    model: str
    seed: int
    input_tokens: int
    output_tokens: int
    load_seconds: float
    prompt_seconds: float
    generate_seconds: float


@dataclass(frozen=True, slots=True)
class Model:
    """A model that an engine can write with."""

    name: str
    title: str
    note: str = ""
    loaded: bool = False
    vision: bool = False
    # Holds a whole document together by its schema alone.
    documents: bool = False
    aliases: Sequence[str] = ()


class TextEngine(Protocol):
    """Writes texts and documents. Chosen by settings, named in every result."""

    @property
    def name(self) -> str:
        """The engine's name, as settings and results give it."""
        ...

    @property
    def pull_command(self) -> str:
        """What brings a model when its name is put behind it; empty where nothing does."""
        ...

    @property
    def concurrency(self) -> int:
        """How many texts it can write at once."""
        ...

    async def start(self) -> None:
        """Gets ready to write. Raises `EngineUnavailable` when that will never be possible."""
        ...

    async def check(self) -> None:
        """Raises `EngineUnavailable` while it cannot write, which may pass."""
        ...

    async def models(self) -> Sequence[Model]:
        """The models it can write with, its default first."""
        ...

    async def write(self, request: GenerateRequest, emit: Emit) -> Written:
        """Writes one text or document and reports through `emit`, in this task and in order.

        Cancelling the task stops the engine at its next token. Raises the `EngineError`s,
        `UnknownModel` and `PromptTooLong` of `services.runtime.errors`.
        """
        ...

    async def close(self) -> None:
        """Ends every thread and connection that it started."""
        ...
