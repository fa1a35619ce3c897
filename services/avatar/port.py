"""The port of image engines: what they are asked, what they report, what they return."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Appearance:
    """How the one to be portrayed looks, each field in a few words and possibly empty."""

    species: str = ""
    coat: str = ""
    eyes: str = ""
    outfit: str = ""
    mood: str = ""
    colors: Sequence[str] = ()
    features: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PortraitRequest:
    """One portrait to make. Sizes are in pixels; `steps` 0 means the engine's default.

    `style` says in what manner to draw, and `palette` in which colours ("#rrggbb"), where nothing
    else names any; both may be empty. `preview_interval` is the least time between two previews, in
    seconds: an engine for which a preview is work need not make more.
    """

    prompt: str
    appearance: Appearance = field(default_factory=Appearance)
    width: int = 512
    height: int = 512
    steps: int = 0
    seed: int = 0
    model: str = ""
    previews: bool = False
    preview_interval: float = 1.0
    style: str = ""
    palette: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ModelLoading:
    """The model is being loaded, for `elapsed` seconds by now."""

    model: str
    elapsed: float


@dataclass(frozen=True, slots=True)
class StepDone:
    """`done` of `total` units of work are finished after `elapsed` seconds of drawing."""

    done: int
    total: int
    unit: str
    elapsed: float


@dataclass(frozen=True, slots=True)
class PreviewReady:
    """A picture of the portrait in the making, as encoded `image` bytes; `index` counts from 1."""

    image: bytes
    media_type: str
    width: int
    height: int
    index: int


EngineEvent = ModelLoading | StepDone | PreviewReady
Emit = Callable[[EngineEvent], None]


@dataclass(frozen=True, slots=True)
class Portrait:
    """The finished picture as PNG bytes, and what it took. Durations are in seconds."""

    png: bytes
    width: int
    height: int
    model: str
    seed: int
    steps: int
    load_seconds: float
    draw_seconds: float


@dataclass(frozen=True, slots=True)
class Model:
    """A model that an engine can draw with. `unit` names what one step of it is."""

    name: str
    title: str
    unit: str
    default_steps: int
    max_steps: int
    min_size: int
    max_size: int
    loaded: bool
    note: str = ""


class ImageEngine(Protocol):
    """Draws portraits. Implementations are chosen by settings and named in every result."""

    @property
    def name(self) -> str:
        """The engine's name, as settings and results give it."""
        ...

    @property
    def concurrency(self) -> int:
        """How many portraits it can draw at once."""
        ...

    async def start(self) -> None:
        """Gets ready to draw. Raises `EngineUnavailable` when that is impossible."""
        ...

    async def models(self) -> Sequence[Model]:
        """The models it can draw with, its default first."""
        ...

    async def draw(self, request: PortraitRequest, emit: Emit) -> Portrait:
        """Draws one portrait and reports through `emit`, in this task and in order.

        Cancelling the task stops the engine at its next step. Raises `EngineUnavailable`,
        `EngineFailed` or `UnknownModel` of `services.runtime.errors`.
        """
        ...

    async def close(self) -> None:
        """Ends every process and thread that it started."""
        ...
