"""The seated furry ones: cats, dogs, foxes, rabbits, bears, mice, lions, hedgehogs and their kin."""

import math
from random import Random

from services.avatar.engines.sketch.bodies import parts
from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken, lighten, mix
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import (
    both,
    box,
    clip,
    flat,
    limb,
    mirrored,
    oval,
    path,
    polygon,
    ring,
    smooth,
    soft,
    star,
    stroke,
)

_TORSO = [(0, -190), (46, -176), (72, -128), (94, -72), (96, -26), (64, -4), (0, 0)]
_STOUT = [(0, -196), (60, -180), (98, -130), (118, -70), (112, -22), (72, -3), (0, 0)]


def beast(coat: Coat, build: Build, rng: Random) -> Figure:
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
        behind=parts.tail(build.tail, coat)
        + (_spines(coat) if "spines" in tags else "")
        + (_fleece(coat) if "fleece" in tags else ""),
        body=haunch
        + path(torso, soft(coat.base))
        + chest
        + (_ruff(coat) if "ruff" in tags else ""),
        over=_forelegs(coat, tags),
        torso=torso,
        head=_head(coat, build),
        face=_face(coat, build),
        neck=(0, -158),
        neck_width=66 + wide,
        hands=((-66 - wide, -92), (66 + wide, -92)),
        paw=19,
        back=(52 + wide / 2, -136),
        pivot=(0, -168),
        chest=(0, -104),
        chest_width=72 + wide,
        skin=coat.base,
    )


def _sock(coat: Coat, tags: frozenset[str]) -> str:
    return coat.mark if "socks" in tags else coat.base


def _forelegs(coat: Coat, tags: frozenset[str]) -> str:
    paw = _sock(coat, tags)
    toes = "".join(stroke(f"M{34 + dx} -12v8", coat.ink, 3, 0.7) for dx in (-8, 8))
    return both(
        limb("M40 -108Q38 -60 34 -22", coat.base, 30, coat.ink)
        + oval(34, -13, 25, 16, soft(paw))
        + toes
    )


def _head(coat: Coat, build: Build) -> str:
    tags = build.tags
    shape = next((kind for kind in ("fluff", "pointed", "egg", "long") if kind in tags), "wide")
    outline = parts.skull(shape, coat)
    pieces = []
    if "mane" in tags:
        pieces.append(_mane(coat))
    if build.ears in {"floppy", "down"}:
        pieces += [
            path(outline, soft(coat.base)),
            _face_marks(coat, tags, outline),
            parts.ears(build.ears, coat),
        ]
    else:
        pieces += [
            parts.ears(build.ears, coat),
            path(outline, soft(coat.base)),
            _face_marks(coat, tags, outline),
        ]
    if "antlers" in tags:
        pieces.insert(0, antlers(coat))
    if "goat" in tags:
        pieces.append(
            both(
                path("M30 -326C36 -384 84 -404 122 -374C94 -378 74 -356 70 -320Z", soft("#b79a78"))
            )
        )
    if "cow" in tags:
        pieces.insert(
            0,
            both(
                path(
                    "M66 -318C112 -326 128 -352 118 -386C150 -356 140 -304 88 -288Z",
                    soft("#f0e2c6"),
                )
            ),
        )
    if "fleece" in tags:
        pieces.append(
            path(smooth(ring(0, -326, 66, 32, 11) + []), soft(coat.belly)) + _curls(0, -326)
        )
    if "quiff" in tags:
        pieces.append(
            path(
                "M-24 -330C-20 -362 4 -366 10 -352C24 -366 40 -350 30 -328Q4 -318 -24 -330Z",
                soft(coat.base),
            )
        )
    if "spines" in tags:
        pieces.append(path(_fringe(), soft(coat.mark)))
    pieces.append(parts.muzzle(build.muzzle, coat))
    if build.muzzle == "trunk":
        pieces.append(
            both(path("M34 -186Q58 -150 40 -128Q28 -150 20 -176Z", "#fff6e2")) + parts.trunk(coat)
        )
    if "whiskers" in tags:
        pieces.append(parts.whiskers(coat))
    if "tusks" in tags:
        pieces.append(both(path("M24 -170Q34 -140 26 -122Q14 -142 10 -168Z", "#fff6e2", width=4)))
    return "".join(pieces)


def _face(coat: Coat, build: Build) -> Face:
    big = 31 if build.muzzle in {"button", "cat"} else 28
    spread = 50 if "egg" not in build.tags else 46
    low = build.muzzle in {"cow"}
    mouth = {
        "dog": (0, -180),
        "bear": (0, -178),
        "fox": (0, -172),
        "snout": (0, -158),
        "cow": (0, -170),
        "koala": (0, -172),
        "pointed": (0, -176),
        "trunk": (-34, -172),
    }
    return Face(
        eyes=((-spread, -246 if not low else -252), (spread, -246 if not low else -252)),
        eye=big,
        mouth=mouth.get(build.muzzle, (0, -192)),
        mouth_width=18 if build.muzzle != "cow" else 26,
        crown=(0, -330 if "fleece" not in build.tags else -350),
        crown_width=84,
        cheeks=((-84, -202), (84, -202)),
        cat_mouth=build.muzzle in {"cat", "button", "fox", "dog"},
        lid=coat.mark if "mask" in build.tags or "panda" in build.tags else coat.base,
    )


def _face_marks(coat: Coat, tags: frozenset[str], outline: str) -> str:
    marks = ""
    if "mask" in tags:
        marks += both(
            path("M14 -262C40 -292 92 -282 128 -226C96 -204 52 -206 24 -226Z", coat.mark, "none")
        )
        marks += both(path("M20 -286Q56 -312 92 -288Q60 -296 24 -276Z", coat.belly, "none"))
    if "panda" in tags:
        marks += both(flat(50, -242, 37, 44, coat.mark, turn=24))
    if "blaze" in tags:
        marks += path(
            mirrored([(0, -338), (14, -300), (22, -240), (40, -206), (0, -190)]), coat.belly, "none"
        )
    if "tiger" in tags:
        marks += both(
            "".join(
                path(d, coat.mark, "none")
                for d in (
                    "M130 -236L88 -230L130 -220Z",
                    "M128 -212L92 -208L122 -196Z",
                    "M34 -336L24 -296L50 -330Z",
                )
            )
        )
        marks += path(polygon([(-8, -340), (8, -340), (0, -288)]), coat.mark, "none")
    if "tabby" in tags:
        marks += "".join(
            stroke(f"M{x} -336v{h}", coat.mark, 9) for x, h in ((-26, 26), (0, 34), (26, 26))
        )
        marks += both(stroke("M124 -226h-24M118 -204h-22", coat.mark, 8))
    if "patch" in tags:
        marks += flat(54, -252, 46, 56, coat.mark, turn=-14)
    if "badger" in tags:
        marks += both(
            path(
                "M26 -340C60 -326 92 -240 60 -176L30 -190C44 -240 38 -300 26 -340Z",
                coat.mark,
                "none",
            )
        )
    if "siamese" in tags:
        marks += flat(0, -206, 74, 58, coat.mark)
    return clip(outline, marks) + stroke(outline) if marks else ""


def _mane(coat: Coat) -> str:
    outer = star(0, -240, 178, 150, 17)
    points = [tuple(float(number) for number in pair.split()) for pair in outer[1:-1].split("L")]
    shape = smooth([(x, y) for x, y in points])
    locks = "".join(
        stroke(
            f"M{132 * math.cos(a):.0f} {-240 + 132 * math.sin(a):.0f}L{150 * math.cos(a):.0f} {-240 + 150 * math.sin(a):.0f}",
            darken(coat.mark, 0.3),
            4,
            0.6,
        )
        for a in (math.tau * i / 17 for i in range(17))
    )
    return path(shape, soft(coat.mark)) + locks


def _ruff(coat: Coat) -> str:
    return path(
        "M-66 -178C-82 -140 -60 -126 -52 -132C-46 -104 -28 -106 -22 -114C-12 -92 12 -92 22 -114C28 -106 46 -104 52 -132C60 -126 82 -140 66 -178Z",
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


def _fringe() -> str:
    return polygon(
        [
            (-96, -276),
            (-104, -312),
            (-74, -316),
            (-66, -346),
            (-36, -332),
            (-18, -362),
            (0, -336),
            (20, -362),
            (38, -332),
            (66, -346),
            (74, -316),
            (104, -312),
            (96, -276),
            (70, -296),
            (50, -284),
            (26, -304),
            (0, -288),
            (-26, -304),
            (-50, -284),
            (-70, -296),
        ]
    )


def _fleece(coat: Coat) -> str:
    return path(smooth(_bumps(0, -92, 122, 92)), soft(coat.belly))


def _bumps(x: float, y: float, rx: float, ry: float) -> list[tuple[float, float]]:
    outer, inner = ring(x, y, rx, ry, 14), ring(x, y, rx * 0.9, ry * 0.9, 14, -77)
    return [point for pair in zip(outer, inner, strict=True) for point in pair]


def _curls(x: float, y: float) -> str:
    return "".join(
        stroke(f"M{x + dx} {y + dy}q8 -12 16 0", "", 3, 0.5)
        for dx, dy in ((-44, 4), (-8, -6), (28, 4))
    )


def antlers(coat: Coat) -> str:
    """A stag's, to be drawn behind the head."""
    horn = mix("#a97a4d", coat.base, 0.2)
    branch = "M38 -318C50 -366 66 -392 104 -420M58 -366C82 -372 96 -374 118 -392M74 -394C76 -416 74 -424 78 -440"
    return both(stroke(branch, coat.ink, 21) + stroke(branch, horn, 12))
