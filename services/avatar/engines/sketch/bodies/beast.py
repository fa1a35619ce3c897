"""The seated furry ones: cats, dogs, rabbits, bears, mice, lions and their kin."""

from random import Random

from services.avatar.engines.sketch.bodies.beast_head import face, head
from services.avatar.engines.sketch.bodies.tails import tail
from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import lighten
from services.avatar.engines.sketch.figure import Coat, Figure
from services.avatar.engines.sketch.svg import (
    both,
    limb,
    mirrored,
    oval,
    path,
    ring,
    smooth,
    soft,
    star,
    stroke,
)

_TORSO = [(0, -190), (46, -176), (72, -128), (94, -72), (96, -26), (64, -4), (0, 0)]
_STOUT = [(0, -196), (60, -180), (98, -130), (118, -70), (112, -22), (72, -3), (0, 0)]


def beast(coat: Coat, build: Build, _rng: Random) -> Figure:
    """Sits facing us, forelegs before a pear-shaped body."""
    tags = build.tags
    stout = "stout" in tags
    torso = mirrored(_STOUT if stout else _TORSO)
    wide = 20 if stout else 0
    haunch = both(
        oval(76 + wide, -34, 38, 36, soft(coat.base))
        + oval(70 + wide, -10, 34, 15, soft(_sock(coat, tags)))
    )
    chest = path(
        mirrored([(0, -176), (30, -160), (44, -112), (48 + wide / 2, -66), (0, -36)]),
        coat.belly,
        "none",
        opacity=0.95,
    )
    return Figure(
        behind=tail(build.tail, coat)
        + (_spines(coat) if "spines" in tags else "")
        + (_fleece(coat) if "fleece" in tags else ""),
        body=haunch
        + path(torso, soft(coat.base))
        + chest
        + (_ruff(coat) if "ruff" in tags else ""),
        forelegs=_foreleg(coat, tags),
        shoulder=(42 + wide / 2, -122),
        torso=torso,
        head=head(coat, build),
        face=face(coat, build),
        neck=(0, -158),
        neck_width=66 + wide,
        hands=((-94 - wide, -104), (94 + wide, -104)),
        paw=19,
        back=(52 + wide / 2, -136),
        pivot=(0, -168),
        top={"long": -476.0, "tall": -420.0, "pointed": -398.0}.get(build.ears, -390.0),
        chest=(0, -104),
        chest_width=72 + wide,
        skin=coat.mark if "panda" in tags else coat.base,
    )


def _sock(coat: Coat, tags: frozenset[str]) -> str:
    return coat.mark if tags & {"socks", "panda"} else coat.base


def _foreleg(coat: Coat, tags: frozenset[str]) -> str:
    paw = _sock(coat, tags)
    sleeve = coat.mark if "panda" in tags else coat.base
    toes = "".join(stroke(f"M{34 + dx} -12v8", coat.ink, 3, 0.7) for dx in (-8, 8))
    leg = limb("M40 -108Q38 -60 34 -22", sleeve, 30, coat.ink)
    return leg + oval(34, -13, 25, 16, soft(paw)) + toes


def _ruff(coat: Coat) -> str:
    return path(
        (
            "M-66 -178C-82 -140 -60 -126 -52 -132C-46 -104 -28 -106 -22 -114C-12 -92 12 "
            "-92 22 -114C28 -106 46 -104 52 -132C60 -126 82 -140 66 -178Z"
        ),
        soft(coat.belly),
    )


def _spines(coat: Coat) -> str:
    crest = star(0, -190, 206, 168, 23)
    low = star(0, -96, 168, 140, 19)
    return (
        path(low, soft(coat.mark))
        + path(crest, soft(coat.mark))
        + path(star(0, -196, 176, 146, 21, -80), "none", lighten(coat.mark, 0.3), 3, 0.6)
    )


def _fleece(coat: Coat) -> str:
    return path(smooth(_bumps(0, -92, 122, 92)), soft(coat.belly))


def _bumps(x: float, y: float, rx: float, ry: float) -> list[tuple[float, float]]:
    outer, inner = ring(x, y, rx, ry, 14), ring(x, y, rx * 0.9, ry * 0.9, 14, -77)
    return [point for pair in zip(outer, inner, strict=True) for point in pair]
