# ruff: noqa: PLR0917 -- coordinates and sizes come in the order in which SVG has them
"""The pen: every mark of the illustrator is one of these small pieces of SVG.

A fill names its own gradient, as in `url(#soft-e2793a)`; `definitions` writes the gradients that a
piece of markup names, so that no part has to keep a register of them.
"""

import math
import re
from collections.abc import Iterable, Sequence
from hashlib import blake2s

from services.avatar.engines.sketch.colour import darken, lighten

Point = tuple[float, float]

_NAMED_FILL = re.compile(r"url\(#(soft|down|glow|iris|haze|morning|evening)((?:-[0-9a-f]{6})+)\)")


def num(value: float) -> str:
    """A coordinate with one decimal at most."""
    return f"{value + 0.0:.1f}".removesuffix(".0")


def soft(colour: str) -> str:
    """A round volume, lit from the upper left, with a thin rim of light at the far edge."""
    return f"url(#soft-{colour[1:]})"


def down(top: str, bottom: str) -> str:
    """One colour above, another below."""
    return f"url(#down-{top[1:]}-{bottom[1:]})"


def glow(colour: str) -> str:
    """A light that fades outwards to nothing."""
    return f"url(#glow-{colour[1:]})"


def haze(colour: str) -> str:
    """A veil that is clear at the top and settles at the bottom."""
    return f"url(#haze-{colour[1:]})"


def sunlight(colour: str, evening: bool) -> str:
    """Light that falls in from the upper left, or in the evening from the upper right."""
    return f"url(#{'evening' if evening else 'morning'}-{colour[1:]})"


def iris(colour: str) -> str:
    """Dark above and bright below, as an eye is lit from within."""
    return f"url(#iris-{colour[1:]})"


def definitions(markup: str) -> str:
    """The gradients that `markup` names, each once, in the order of their first use."""
    named = dict.fromkeys(_NAMED_FILL.findall(markup))
    return "".join(_gradient(kind, colours) for kind, colours in named)


def _gradient(kind: str, colours: str) -> str:
    tones = ["#" + tone for tone in colours[1:].split("-")]
    first = tones[0]
    name = f'id="{kind}{colours}"'
    match kind:
        case "soft":
            stops = _stops(
                (0, lighten(first, 0.26)),
                (0.5, first),
                (0.86, darken(first, 0.17)),
                (1, darken(first, 0.05)),
            )
            shape = 'cx=".5" cy=".5" r=".64" fx=".34" fy=".24"'
            return f"<radialGradient {name} {shape}>{stops}</radialGradient>"
        case "glow":
            stops = _stops((0, first, 0.95), (0.45, first, 0.42), (1, first, 0))
            return f"<radialGradient {name}>{stops}</radialGradient>"
        case "haze":
            stops = _stops((0, first, 0), (0.66, first, 0), (1, first, 0.26))
        case "morning" | "evening":
            stops = _stops((0, first, 0.34), (1, first, 0))
            corner = 'cx=".1" cy="0" r=".8"' if kind == "morning" else 'cx=".9" cy="0" r=".8"'
            return f"<radialGradient {name} {corner}>{stops}</radialGradient>"
        case "iris":
            stops = _stops((0, darken(first, 0.5)), (0.5, first), (1, lighten(first, 0.5)))
        case _:
            stops = _stops((0, first), (1, tones[1]))
    return f'<linearGradient {name} x1="0" y1="0" x2="0" y2="1">{stops}</linearGradient>'


def _stops(*stops: tuple[float, str] | tuple[float, str, float]) -> str:
    return "".join(
        f'<stop offset="{stop[0]}" stop-color="{stop[1]}"'
        + (f' stop-opacity="{stop[2]}"/>' if len(stop) == 3 else "/>")
        for stop in stops
    )


def path(d: str, fill: str, stroke: str = "", width: float = 0, opacity: float = 1) -> str:
    """A shape. Without `stroke` it takes the ink of its layer; "none" leaves it without a line."""
    return f'<path d="{d}" fill="{fill}"{_line(fill, stroke, width, opacity)}/>'


def oval(
    x: float,
    y: float,
    rx: float,
    ry: float,
    fill: str,
    stroke: str = "",
    width: float = 0,
    opacity: float = 1,
    turn: float = 0,
) -> str:
    """An ellipse around (x, y), turned clockwise by `turn` degrees."""
    turned = f' transform="rotate({num(turn)} {num(x)} {num(y)})"' if turn else ""
    return (
        f'<ellipse cx="{num(x)}" cy="{num(y)}" rx="{num(rx)}" ry="{num(ry)}" fill="{fill}"'
        f"{_line(fill, stroke, width, opacity)}{turned}/>"
    )


def flat(
    x: float, y: float, rx: float, ry: float, fill: str, opacity: float = 1, turn: float = 0
) -> str:
    """An ellipse without a line."""
    return oval(x, y, rx, ry, fill, "none", opacity=opacity, turn=turn)


def box(
    x: float, y: float, width: float, height: float, fill: str, round_: float = 0, stroke: str = ""
) -> str:
    """A rectangle from its upper left corner, its own corners rounded."""
    return (
        f'<rect x="{num(x)}" y="{num(y)}" width="{num(width)}" height="{num(height)}"'
        f' rx="{num(round_)}" fill="{fill}"{_line(fill, stroke, 0, 1)}/>'
    )


def stroke(d: str, colour: str = "", width: float = 0, opacity: float = 1) -> str:
    """An open line."""
    return path(d, "none", colour, width, opacity)


def limb(d: str, colour: str, width: float, ink: str, line: float = 5) -> str:
    """A thick rounded line with an outline: a tail, an arm, a tentacle."""
    return path(d, "none", ink, width + 2 * line) + path(d, "none", colour, width)


def _line(fill: str, stroke: str, width: float, opacity: float) -> str:
    # Fading the fill or the line alone needs no sheet of its own, as fading a whole shape does.
    faded = (
        "fill-opacity" if stroke == "none" else "stroke-opacity" if fill == "none" else "opacity"
    )
    return (
        (f' stroke="{stroke}"' if stroke else "")
        + (f' stroke-width="{num(width)}"' if width else "")
        + (f' {faded}="{opacity:.2f}"' if opacity < 1 else "")
    )


def group(
    markup: str,
    x: float = 0,
    y: float = 0,
    turn: float = 0,
    scale: float = 1,
    flip: bool = False,
    opacity: float = 1,
    pivot: Point = (0, 0),
) -> str:
    """`markup` moved to (x, y), turned about `pivot`, scaled, mirrored or made fainter."""
    steps = []
    if x or y:
        steps.append(f"translate({num(x)} {num(y)})")
    if turn:
        steps.append(f"rotate({num(turn)} {num(pivot[0])} {num(pivot[1])})")
    if scale != 1 or flip:
        steps.append(f"scale({-scale if flip else scale:.3f} {scale:.3f})")
    moved = f' transform="{" ".join(steps)}"' if steps else ""
    fainter = f' opacity="{opacity:.2f}"' if opacity < 1 else ""
    return f"<g{moved}{fainter}>{markup}</g>"


def both(markup: str) -> str:
    """`markup` and its mirror image in the vertical axis."""
    return markup + group(markup, flip=True)


def clip(d: str, markup: str) -> str:
    """`markup` where it lies inside the outline `d`."""
    name = "clip-" + blake2s(d.encode(), digest_size=5).hexdigest()
    return (
        f'<clipPath id="{name}"><path d="{d}"/></clipPath><g clip-path="url(#{name})">{markup}</g>'
    )


def smooth(points: Sequence[Point], closed: bool = True, tension: float = 1) -> str:
    """A soft curve through `points` (Catmull-Rom as Béziers)."""
    count = len(points)
    last = count if closed else count - 1
    pull = tension / 6
    parts = [f"M{num(points[0][0])} {num(points[0][1])}"]
    for index in range(last):
        before = points[index - 1 if closed else max(index - 1, 0)]
        start = points[index]
        end = points[(index + 1) % count]
        after = points[(index + 2) % count if closed else min(index + 2, count - 1)]
        leave = (start[0] + (end[0] - before[0]) * pull, start[1] + (end[1] - before[1]) * pull)
        arrive = (end[0] - (after[0] - start[0]) * pull, end[1] - (after[1] - start[1]) * pull)
        parts.append("C" + " ".join(f"{num(x)} {num(y)}" for x, y in (leave, arrive, end)))
    return "".join(parts) + ("Z" if closed else "")


def mirrored(half: Sequence[Point]) -> str:
    """A closed soft outline, the same on both sides, from its right half given top to bottom."""
    left = [(-x, y) for x, y in reversed(half) if abs(x) > 0.5]
    return smooth([*half, *left])


def polygon(points: Iterable[Point]) -> str:
    """A closed outline with straight sides."""
    return "M" + "L".join(f"{num(x)} {num(y)}" for x, y in points) + "Z"


def ring(x: float, y: float, rx: float, ry: float, count: int, start: float = -90) -> list[Point]:
    """`count` points evenly spread on an ellipse, the first at `start` degrees."""
    turns = (math.radians(start + 360 * index / count) for index in range(count))
    return [(x + rx * math.cos(turn), y + ry * math.sin(turn)) for turn in turns]


def star(x: float, y: float, outer: float, inner: float, tips: int = 5, turn: float = -90) -> str:
    """A star's outline."""
    step = 180 / tips
    return polygon(
        (
            x + (inner if index % 2 else outer) * math.cos(math.radians(turn + step * index)),
            y + (inner if index % 2 else outer) * math.sin(math.radians(turn + step * index)),
        )
        for index in range(2 * tips)
    )


def heart(x: float, y: float, size: float) -> str:
    """A heart's outline, as wide as it is high."""
    s = size / 2
    left = f"{num(x - 2.2 * s)} {num(y - s * 0.3)} {num(x - s)} {num(y - 1.5 * s)}"
    right = f"{num(x + s)} {num(y - 1.5 * s)} {num(x + 2.2 * s)} {num(y - s * 0.3)}"
    tip = f"{num(x)} {num(y + s)}"
    return f"M{tip}C{left} {num(x)} {num(y - s * 0.4)}C{right} {tip}Z"
