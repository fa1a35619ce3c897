"""What a recipe is: a name and steps, each an async function with its limits.

A step works through ports and returns its result with the effects to store in the same
transaction. It knows no gRPC and no SQL.
"""

import hashlib
import uuid
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from hatchery.avatar.v1 import avatar_service_pb2 as avatar
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest, RegenerateAvatarRequest
from hatchery.llm.v1 import llm_service_pb2 as llm
from hatchery.progress.v1.progress_pb2 import Fallback, Progress, StepCompleted
from hatchery.types.v1.image_pb2 import ImageRef
from hatchery.types.v1.persona_pb2 import Persona

from services.gateway.reducer.expected import NOTHING, Expected
from services.gateway.reducer.narrator import PlannedStep
from services.runtime.errors import HatcheryError

Request = CreateAgentRequest | RegenerateAvatarRequest
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


@dataclass(frozen=True, slots=True)
class StoreAsset:
    """Keeps the bytes of a picture."""

    data: bytes
    media_type: str

    @property
    def digest(self) -> bytes:
        """The SHA-256 by which it is addressed."""
        return hashlib.sha256(self.data).digest()


@dataclass(frozen=True, slots=True)
class StoreAgent:
    """Keeps the agent that hatched.

    Where an earlier try has made it, it is changed; `keep_persona` leaves what its owner made of
    the persona since.
    """

    persona: Persona
    portrait: ImageRef
    fallback: Fallback | None
    keep_persona: bool


@dataclass(frozen=True, slots=True)
class SetPortrait:
    """Gives an agent another portrait."""

    portrait: ImageRef
    fallback: Fallback | None


@dataclass(frozen=True, slots=True)
class DropUpload:
    """Forgets the picture that came with the request, which is an asset now."""


Effect = StoreAsset | StoreAgent | SetPortrait | DropUpload


@dataclass(frozen=True, slots=True)
class StepResult:
    """How a step ended: what its event tells, and what is stored with it."""

    completed: StepCompleted
    effects: Sequence[Effect] = ()


@dataclass(frozen=True, slots=True)
class StepContext:
    """What a step may use: what was asked for, what earlier steps made, and the services."""

    request: Request
    description: str
    agent: uuid.UUID
    results: Mapping[str, StepCompleted]
    texts: TextService
    images: ImageService
    pictures: Pictures
    work: Work
    emit: Emit
    timeout: float
    attempt: int

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
class Step:
    """One stage. `expected` and `timeout` are seconds; `engine` names what it takes a slot of.

    `expected` is a first guess: what earlier steps with the same model and size took tells better.
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


@dataclass(frozen=True, slots=True)
class Recipe:
    """The plan of one kind of generation.

    `takes` is the step that takes in the picture that comes with a request; empty where none comes.
    """

    name: str
    request: type[Request]
    steps: Sequence[Step] = field(default=())
    takes: str = ""

    def plan(
        self, known: Mapping[str, Expected], without: Collection[str] = ()
    ) -> list[PlannedStep]:
        """The steps as the narrator needs them; those in `without` take no time."""
        return [
            PlannedStep(
                s.name,
                s.title,
                NOTHING if s.name in without else known.get(s.name) or Expected.guess(s.expected),
            )
            for s in self.steps
        ]
