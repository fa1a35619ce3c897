"""What the engine and its worker process say to each other, and how it travels over a pipe.

A frame is two sizes, a JSON object and the bytes of at most one picture.
"""

import json
import struct
from dataclasses import asdict, dataclass, field
from typing import Any, get_args

SIZES = struct.Struct(">II")


@dataclass(frozen=True, slots=True)
class Describe:
    """Asks what is known of these sources: names, hub repositories or folders."""

    sources: list[str]


@dataclass(frozen=True, slots=True)
class Draw:
    """Asks for a picture. `preview_interval` is in seconds, None for no previews."""

    job: int
    source: str
    prompt: str
    width: int
    height: int
    steps: int
    seed: int
    preview_interval: float | None


@dataclass(frozen=True, slots=True)
class Cancel:
    """Asks to stop a job at its next step."""

    job: int


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a source. With a `problem`, in words, it cannot be drawn with."""

    source: str
    name: str
    title: str = ""
    base: str = ""
    steps: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """The answer to Describe, in its order; `device` is what MLX computes on."""

    cards: list[Card]
    device: str


@dataclass(frozen=True, slots=True)
class Loading:
    """The model of a job is being loaded."""

    job: int


@dataclass(frozen=True, slots=True)
class Started:
    """The model of `source` is in memory and drawing begins.

    `load_seconds` is 0 when it was there before.
    """

    job: int
    source: str
    load_seconds: float


@dataclass(frozen=True, slots=True)
class Step:
    """`done` of `total` denoising steps are computed, `elapsed` seconds after Started."""

    job: int
    done: int
    total: int
    elapsed: float


@dataclass(frozen=True, slots=True)
class Preview:
    """The picture as it is by now, as JPEG of half the size."""

    job: int
    index: int
    width: int
    height: int
    image: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Done:
    """The finished picture, as PNG."""

    job: int
    width: int
    height: int
    elapsed: float
    image: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The job was stopped; the model stays in memory."""

    job: int


@dataclass(frozen=True, slots=True)
class WeightsMissing:
    """The weights are not on this machine; `command` brings them."""

    job: int
    command: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The job broke off. `problem` is for people; the traceback is in the worker's log."""

    job: int
    problem: str


Order = Describe | Draw | Cancel
Report = Described | Loading | Started | Step | Preview | Done | Cancelled | WeightsMissing | Failed
Message = Order | Report

_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind for kind in (*get_args(Order), *get_args(Report))
}


def encode(message: Message) -> bytes:
    """A message as one frame."""
    content = asdict(message)
    picture: bytes = content.pop("image", b"")
    head = json.dumps({"kind": type(message).__name__, **content}).encode()
    return SIZES.pack(len(head), len(picture)) + head + picture


def decode(head: bytes, picture: bytes) -> Message:
    """The message of a frame whose parts were read."""
    content = json.loads(head)
    kind = _KINDS[content.pop("kind")]
    if "cards" in content:
        content["cards"] = [Card(**card) for card in content["cards"]]
    if picture:
        content["image"] = picture
    message: Message = kind(**content)
    return message
