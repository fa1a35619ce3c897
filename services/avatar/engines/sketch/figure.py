"""What a body plan hands to those who dress it: its drawn parts, and where things go.

A figure stands on the origin: x to the right, y downwards, its feet at y = 0 and its head at about
y = -250. It fits into x from -190 to 190 and y from -390 to 0, unless it says otherwise.
"""

from dataclasses import dataclass, field

from services.avatar.engines.sketch.svg import Point


@dataclass(frozen=True, slots=True)
class Coat:
    """The colours of one figure."""

    base: str
    belly: str
    mark: str
    ink: str
    eye: str
    accent: str


@dataclass(frozen=True, slots=True)
class Face:
    """Where the eyes, mouth and hat of a figure go.

    `mouth` is None for a figure whose mouth is a beak. `crown` is the top of the head and
    `crown_width` the width of the skull there. `mouth_width` is half of a smile.
    """

    eyes: tuple[Point, ...]
    eye: float
    mouth: Point | None
    mouth_width: float
    crown: Point
    crown_width: float
    cheeks: tuple[Point, ...] = ()
    cat_mouth: bool = False
    lid: str = ""
    brows: bool = True
    brow_lift: float = 0
    dark_eyes: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One drawn creature. `torso` is the outline that markings keep to; `pivot` is its neck.

    `forelegs` is its right leg (the left is its mirror image), which a reach from `shoulder`
    replaces where a hand is in use. `top` is the height of its ears or horns, `reach` how far its
    wings or claws spread to either side.

    `hands` are where it can hold something (its right one, on the left of the picture, first);
    `neck` is where a scarf goes, `back` where wings grow and how far apart.
    """

    body: str
    head: str
    face: Face
    behind: str = ""
    torso: str = ""
    over: str = ""
    forelegs: str = ""
    shoulder: Point = (40, -130)
    top: float = -400
    reach: float = 190
    neck: Point = (0, -160)
    neck_width: float = 62
    hands: tuple[Point, ...] = ()
    paw: float = 0
    back: Point = (40, -140)
    pivot: Point = (0, -170)
    chest: Point = (0, -100)
    chest_width: float = 70
    floats: bool = False
    tilts: bool = True
    skin: str = ""
    tags: frozenset[str] = field(default_factory=frozenset)
