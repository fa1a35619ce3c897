"""Heads of the seated furry ones."""

import math
from dataclasses import replace

from services.avatar.engines.sketch.bodies import ears, muzzles
from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken, mix
from services.avatar.engines.sketch.figure import Coat, Face
from services.avatar.engines.sketch.svg import (
    both,
    clip,
    flat,
    mirrored,
    path,
    polygon,
    ring,
    smooth,
    soft,
    star,
    stroke,
)


def _ear_coat(coat: Coat, tags: frozenset[str]) -> Coat:
    return replace(coat, base=coat.mark) if "panda" in tags else coat


def head(coat: Coat, build: Build) -> str:
    """The head with its ears and muzzle, and what grows on it."""
    tags = build.tags
    shape = next((kind for kind in ("fluff", "pointed", "egg", "long") if kind in tags), "wide")
    outline = muzzles.skull(shape)
    pieces = []
    if "mane" in tags:
        pieces.append(_mane(coat))
    if build.ears in {"floppy", "down"}:
        pieces += [
            path(outline, soft(coat.base)),
            _face_marks(coat, tags, outline),
            ears.ears(build.ears, _ear_coat(coat, tags)),
        ]
    else:
        pieces += [
            ears.ears(build.ears, _ear_coat(coat, tags)),
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
        pieces.append(path(smooth(ring(0, -326, 66, 32, 11)), soft(coat.belly)) + _curls(0, -326))
    if "quiff" in tags:
        pieces.append(
            path(
                "M-24 -330C-20 -362 4 -366 10 -352C24 -366 40 -350 30 -328Q4 -318 -24 -330Z",
                soft(coat.base),
            )
        )
    if "spines" in tags:
        pieces.append(path(_fringe(), soft(coat.mark)))
    pieces.append(muzzles.muzzle(build.muzzle, coat))
    if build.muzzle == "trunk":
        pieces.append(
            both(path("M34 -186Q58 -150 40 -128Q28 -150 20 -176Z", "#fff6e2")) + muzzles.trunk(coat)
        )
    if "whiskers" in tags:
        pieces.append(muzzles.whiskers(coat))
    if "tusks" in tags:
        pieces.append(both(path("M24 -170Q34 -140 26 -122Q14 -142 10 -168Z", "#fff6e2", width=4)))
    return "".join(pieces)


def face(coat: Coat, build: Build) -> Face:
    """Where eyes, mouth and hat go."""
    big = 35 if build.muzzle in {"button", "cat"} else 32
    spread = 50 if "egg" not in build.tags else 46
    low = build.muzzle == "cow"
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
            (
                f"M{132 * math.cos(a):.0f} {-240 + 132 * math.sin(a):.0f}"
                f"L{150 * math.cos(a):.0f} {-240 + 150 * math.sin(a):.0f}"
            ),
            darken(coat.mark, 0.3),
            4,
            0.6,
        )
        for a in (math.tau * i / 17 for i in range(17))
    )
    return path(shape, soft(coat.mark)) + locks


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


def _curls(x: float, y: float) -> str:
    return "".join(
        stroke(f"M{x + dx} {y + dy}q8 -12 16 0", "", 3, 0.5)
        for dx, dy in ((-44, 4), (-8, -6), (28, 4))
    )


def antlers(coat: Coat) -> str:
    """A stag's, to be drawn behind the head."""
    horn = mix("#a97a4d", coat.base, 0.2)
    branch = (
        "M38 -318C50 -366 66 -392 104 -420M58 -366C82 -372 96 -374 118 -392M74 -394"
        "C76 -416 74 -424 78 -440"
    )
    return both(stroke(branch, coat.ink, 21) + stroke(branch, horn, 12))
