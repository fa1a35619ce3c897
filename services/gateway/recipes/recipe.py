"""What a recipe is: a name and steps, each an async function with its limits.

A step works through ports and returns its result with the effects to store in the same
transaction. It knows no gRPC and no SQL.
"""

import uuid
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from hatchery.avatar.v1 import avatar_service_pb2 as avatar
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest, RegenerateAvatarRequest
from hatchery.gateway.v1.artifact_service_pb2 import CreateArtifactRequest
from hatchery.gateway.v1.conversation_service_pb2 import SendMessageRequest
from hatchery.gateway.v1.recipe_service_pb2 import RunRecipeRequest
from hatchery.llm.v1 import llm_service_pb2 as llm
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted
from hatchery.types.v1.image_pb2 import ImageRef
from hatchery.types.v1.model_pb2 import Model

from services.gateway.names import agent_name, generation_name
from services.gateway.recipes.effects import Effect
from services.gateway.recipes.talk import Talk
from services.gateway.reducer.expected import NOTHING, Expected
from services.gateway.reducer.length import Length, Prior
from services.gateway.reducer.narrator import PlannedStep
from services.runtime.errors import HatcheryError

Request = (
    CreateAgentRequest
    | RegenerateAvatarRequest
    | CreateArtifactRequest
    | SendMessageRequest
    | RunRecipeRequest
)
# What has a portrait.
Drawn = CreateAgentRequest | RegenerateAvatarRequest
Emit = Callable[[Progress], None]
Made = TypeVar("Made")


class TextService(Protocol):
    """Writes documents. Raises what `services.runtime.errors` calls engine errors."""

    async def write(
        self, request: llm.GenerateRequest, emit: Emit, timeout: float
    ) -> StepCompleted:
        """Writes within `timeout` seconds, reporting on the way, and returns the result."""
        ...

    async def with_vision(self, preferred: str) -> str:
        """A model that can look at pictures: the preferred one if it can; "" if none can.

        "" prefers the default.
        """
        ...


class ImageService(Protocol):
    """Draws pictures. Raises what `services.runtime.errors` calls engine errors."""

    async def draw(
        self, request: avatar.GenerateRequest, emit: Emit, timeout: float
    ) -> StepCompleted:
        """Draws within `timeout` seconds, reporting on the way, and returns the result."""
        ...


class Pictures(Protocol):
    """The pictures of one generation."""

    async def brought(self) -> bytes:
        """The picture that came with the request, a PNG of nothing but its pixels."""
        ...

    async def kept(self, picture: ImageRef) -> bytes:
        """The bytes of one that is kept."""
        ...


class Work(Protocol):
    """Does what takes a processor for long, beside everything else."""

    async def __call__(self, do: Callable[[], Made], /) -> Made:
        """What `do` returns."""
        ...


class Apart(Protocol):
    """Does what a stranger's text may make endless."""

    async def __call__(self, do: Callable[..., Made], /, *what: str) -> Made:
        """What `do`, a function of a module, returns. Raises OutputInvalid where it never ends."""
        ...


@dataclass(frozen=True, slots=True)
class StepResult:
    """How a step ended: what its event tells, and what is stored with it."""

    completed: StepCompleted
    effects: Sequence[Effect] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """The text that the present attempt of a step has written, before a pause or a lost runner."""

    text: str
    tokens: int
    seconds: float


@dataclass(frozen=True, slots=True)
class StepContext:
    """What a step may use: what was asked for, what earlier steps made, and the services.

    `resource` is the id of what the generation makes or changes; `model`, the one that the step
    works with, where that is known; `kept`, what it goes on with.
    """

    request: Request
    description: str
    resource: uuid.UUID
    results: Mapping[str, StepCompleted]
    texts: TextService
    images: ImageService
    pictures: Pictures
    work: Work
    apart: Apart
    emit: Emit
    timeout: float
    attempt: int
    model: Model | None = None
    kept: Kept | None = None
    answering: Talk | None = None

    @property
    def drawn(self) -> Drawn:
        """The request, of a recipe that has a portrait drawn."""
        assert isinstance(self.request, Drawn)
        return self.request

    @property
    def talk(self) -> Talk:
        """The conversation, of a recipe that answers."""
        assert self.answering is not None
        return self.answering

    @property
    def persona(self) -> StepCompleted:
        """The end of the step that finished the persona."""
        return next(self.results[name] for name in ("persona", "history") if name in self.results)

    @property
    def seed(self) -> int | None:
        """The seed of this attempt: the one asked for, and another for each that is tried again."""
        if not self.request.HasField("seed"):
            return None
        return (self.request.seed + self.attempt - 1) % 2**32


@dataclass(frozen=True, slots=True)
class Most:
    """The most that a step may use: tokens that are read and written, and pictures."""

    read: int = 0
    written: int = 0
    pictures: int = 0


# A document of a few fields, with its examples; a service may be set to let them be longer.
DOCUMENT = Most(read=8_192, written=2_048)


@dataclass(frozen=True, slots=True)
class Text:
    """What the length of a free text depends on: its features, what they mean, and its bound."""

    features: Callable[[Any], Sequence[float]]
    prior: Prior
    most: Callable[[Any], int]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected of a step: its time, and the length of what it writes, if any is known."""

    expected: Expected
    length: Length | None = None


async def _anything(_: StepContext, __: StepResult) -> None:
    """Takes whatever a step has made."""


@dataclass(frozen=True, slots=True)
class Step:
    """One stage. `expected` and `timeout` are seconds; `engine` names what it takes a slot of.

    `expected` is a first guess: what earlier steps with the same model and size took tells better.
    `check` looks at what was made when its engine is free again, and raises what ends the try.
    A step that writes free `text` goes on after a pause with what it has written; one that `sees`
    needs a model that can look at pictures; one takes no slot with a model with which
    it `spares` its engine.
    """

    name: str
    title: str
    run: Callable[[StepContext], Awaitable[StepResult]]
    expected: float
    engine: str = ""
    attempts: int = 3
    timeout: float = 600.0
    model: Callable[[Any], str] = lambda _: ""
    size: Callable[[Any], str] = lambda _: ""
    fallback: Callable[[StepContext, HatcheryError], StepResult] | None = None
    check: Callable[[StepContext, StepResult], Awaitable[None]] = _anything
    most: Callable[[Any], Most] = lambda _: Most()
    text: Text | None = None
    sees: bool = False
    spares: Callable[[Model], bool] = lambda _: False


@dataclass(frozen=True, slots=True)
class Recipe:
    """The plan of one kind of generation.

    `takes` is the step that takes in the picture that comes with a request; empty where none comes.
    `named` gives the name of what it makes or changes, which is the generation itself where there
    is None; `time_limit`, how many seconds its steps may work in all.
    """

    name: str
    request: type[Request]
    steps: Sequence[Step] = field(default=())
    takes: str = ""
    named: Callable[[uuid.UUID], str] | None = agent_name
    time_limit: Callable[[Any], float] = lambda _: float("inf")

    def made(self, resource: uuid.UUID, generation: uuid.UUID) -> str:
        """The name of what a generation makes or changes."""
        return self.named(resource) if self.named else generation_name(generation)

    def plan(
        self, known: Mapping[str, Forecast], without: Collection[str] = ()
    ) -> list[PlannedStep]:
        """The steps as the narrator needs them; those in `without` take no time."""
        guessed = {
            s.name: known.get(s.name) or Forecast(Expected.guess(s.expected)) for s in self.steps
        }
        return [
            PlannedStep(
                s.name,
                s.title,
                NOTHING if s.name in without else guessed[s.name].expected,
                guessed[s.name].length,
            )
            for s in self.steps
        ]
