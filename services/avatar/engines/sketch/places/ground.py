# ruff: noqa: PLR0917 -- a place, a size and a colour, in that order everywhere
"""What every place is made of: skies, hills, trees, shelves and the like."""

from dataclasses import dataclass
from random import Random

from services.avatar.engines.sketch.colour import darken, lighten, mix
from services.avatar.engines.sketch.svg import (
    box,
    down,
    flat,
    glow,
    num,
    path,
    polygon,
    ring,
    smooth,
    star,
)


@dataclass(frozen=True, slots=True)
class Canvas:
    """The picture's size in drawing units, and the line `floor` on which the figure stands.

    `palette` are colours that paper should have, if any are asked for.
    """

    width: float
    height: float
    floor: float
    palette: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Three depths: `sky` behind everything, `scenery` in it, `front` before the figure."""

    sky: str
    scenery: str
    front: str = ""


def sky(canvas: Canvas, top: str, bottom: str) -> str:
    """The whole canvas, from one colour to another."""
    return box(-4, -4, canvas.width + 8, canvas.height + 8, down(top, bottom), stroke="none")


def disc(x: float, y: float, r: float, colour: str) -> str:
    """A sun or moon with its light."""
    return flat(x, y, r * 2.3, r * 2.3, glow(colour), 0.7) + flat(x, y, r, r, colour)


def specks(canvas: Canvas, rng: Random, count: int, colour: str, size: float = 2.4) -> str:
    """Stars, snow or dust all over the upper part."""
    return "".join(
        flat(
            rng.uniform(0, canvas.width),
            rng.uniform(0, canvas.floor),
            size * (s := rng.uniform(0.4, 1.2)),
            size * s,
            colour,
            rng.uniform(0.5, 1),
        )
        for _ in range(count)
    )


def twinkles(canvas: Canvas, rng: Random, count: int, colour: str = "#fff3c8") -> str:
    """A few larger stars."""
    return "".join(
        path(
            star(
                rng.uniform(20, canvas.width - 20),
                rng.uniform(20, canvas.floor * 0.6),
                r := rng.uniform(5, 11),
                r * 0.3,
                4,
            ),
            colour,
            "none",
        )
        for _ in range(count)
    )


def hill(canvas: Canvas, y: float, rise: float, colour: str, rng: Random) -> str:
    """A rolling band from `y` down to the lower edge."""
    steps = max(4, round(canvas.width / 128))
    tops = [(canvas.width * i / steps, y + rng.uniform(-rise, rise)) for i in range(-1, steps + 2)]
    ridge = smooth(tops, closed=False)
    return path(
        (
            f"{ridge}L{num(canvas.width * 1.3)} {num(canvas.height + 9)}"
            f"L{num(-canvas.width * 0.3)} {num(canvas.height + 9)}Z"
        ),
        down(lighten(colour, 0.1), darken(colour, 0.14)),
        "none",
    )


def floor(canvas: Canvas, colour: str, rng: Random) -> str:
    """The ground on which the figure stands."""
    return hill(canvas, canvas.floor - 34, 6, colour, rng)


def cloud(x: float, y: float, size: float, colour: str, opacity: float = 0.9) -> str:
    """A flat-bottomed cloud."""
    d = (
        f"M{num(x - size)} {num(y)}C{num(x - size * 1.3)} {num(y - size * 0.4)} "
        f"{num(x - size * 0.8)} {num(y - size * 0.6)} {num(x - size * 0.55)} "
        f"{num(y - size * 0.45)}C{num(x - size * 0.4)} {num(y - size)} {num(x + size * 0.3)}"
        f" {num(y - size)} {num(x + size * 0.4)} {num(y - size * 0.5)}C{num(x + size * 0.9)}"
        f" {num(y - size * 0.7)} {num(x + size * 1.3)} {num(y - size * 0.2)} {num(x + size)}"
        f" {num(y)}Z"
    )
    return path(d, colour, "none", opacity=opacity)


def fir(x: float, y: float, size: float, colour: str) -> str:
    """A fir in three tiers."""
    tiers = "".join(
        path(
            polygon(
                [(x - size * w, y - size * b), (x, y - size * t), (x + size * w, y - size * b)]
            ),
            c,
            "none",
        )
        for w, b, t, c in (
            (0.42, 0.2, 1.05, darken(colour, 0.08)),
            (0.34, 0.62, 1.4, colour),
            (0.25, 1.02, 1.75, lighten(colour, 0.08)),
        )
    )
    return (
        box(x - size * 0.07, y - size * 0.25, size * 0.14, size * 0.3, "#7a5a48", stroke="none")
        + tiers
    )


def round_tree(x: float, y: float, size: float, colour: str, bark: str = "#7f5c46") -> str:
    """A tree with a round crown."""
    outer = ring(x, y - size * 1.15, size * 0.55, size * 0.6, 7)
    inner = ring(x, y - size * 1.15, size * 0.47, size * 0.5, 7, -64)
    crown = smooth([p for pair in zip(outer, inner, strict=True) for p in pair])
    return path(
        (
            f"M{num(x - size * 0.09)} {num(y)}L{num(x - size * 0.05)} {num(y - size)}"
            f"H{num(x + size * 0.05)}L{num(x + size * 0.09)} {num(y)}Z"
        ),
        bark,
        "none",
    ) + path(crown, down(lighten(colour, 0.16), darken(colour, 0.12)), "none")


def peak(x: float, y: float, width: float, height: float, colour: str, snow: str = "") -> str:
    """A mountain with a shaded side, snowed upon if `snow` is given."""
    left, top, right = (x - width / 2, y), (x, y - height), (x + width / 2, y)
    side = (x + width * 0.08, y)
    drawn = path(polygon([left, top, right]), colour, "none") + path(
        polygon([top, right, side]), darken(colour, 0.16), "none"
    )
    if snow:
        cap = [
            (x - width * 0.15, y - height * 0.7),
            top,
            (x + width * 0.15, y - height * 0.7),
            (x + width * 0.06, y - height * 0.64),
            (x, y - height * 0.72),
            (x - width * 0.06, y - height * 0.62),
        ]
        drawn += path(polygon(cap), snow, "none")
    return drawn


def tuft(x: float, y: float, size: float, colour: str) -> str:
    """Blades of grass."""
    return path(
        (
            f"M{num(x - size * 0.5)} {num(y)}Q{num(x - size * 0.6)} {num(y - size * 0.6)} "
            f"{num(x - size * 0.8)} {num(y - size * 0.8)}Q{num(x - size * 0.3)} "
            f"{num(y - size * 0.7)} {num(x - size * 0.15)} {num(y - size * 0.3)}Q{num(x)} "
            f"{num(y - size)} {num(x + size * 0.1)} {num(y - size * 1.2)}"
            f"Q{num(x + size * 0.25)} {num(y - size * 0.7)} {num(x + size * 0.25)} "
            f"{num(y - size * 0.3)}Q{num(x + size * 0.4)} {num(y - size * 0.7)} "
            f"{num(x + size * 0.8)} {num(y - size * 0.8)}Q{num(x + size * 0.5)} "
            f"{num(y - size * 0.4)} {num(x + size * 0.5)} {num(y)}Z"
        ),
        colour,
        "none",
    )


def tufts(canvas: Canvas, rng: Random, colour: str, count: int = 5) -> str:
    """Grass along the lower corners, where it hides nobody's face."""
    drawn = []
    for index in range(count):
        side = rng.uniform(0, canvas.width * 0.26)
        x = side if index % 2 else canvas.width - side
        drawn.append(
            tuft(
                x,
                canvas.floor + rng.uniform(8, 40),
                rng.uniform(22, 36),
                mix(colour, darken(colour, 0.3), rng.random()),
            )
        )
    return "".join(drawn)


def blossom(x: float, y: float, size: float, colour: str) -> str:
    """A small flower on its stem."""
    petals = "".join(
        flat(px, py, size * 0.4, size * 0.4, colour)
        for px, py in ring(x, y - size * 1.6, size * 0.5, size * 0.5, 5)
    )
    return (
        path(
            f"M{num(x)} {num(y)}Q{num(x - 4)} {num(y - size)} {num(x)} {num(y - size * 1.6)}",
            "none",
            "#5f8f4a",
            3.5,
        )
        + petals
        + flat(x, y - size * 1.6, size * 0.3, size * 0.3, "#f8d24a")
    )


def blossoms(canvas: Canvas, rng: Random, colours: tuple[str, ...], count: int = 7) -> str:
    """Flowers along the lower corners."""
    drawn = []
    for index in range(count):
        side = rng.uniform(4, canvas.width * 0.27)
        x = side if index % 2 else canvas.width - side
        drawn.append(
            blossom(
                x,
                canvas.floor + rng.uniform(4, 44),
                rng.uniform(11, 18),
                colours[index % len(colours)],
            )
        )
    return "".join(drawn)
