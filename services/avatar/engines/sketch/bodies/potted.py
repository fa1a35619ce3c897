"""Sprouts, flowers, cacti and pumpkins."""

from random import Random

from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import (
    both,
    group,
    limb,
    mirrored,
    oval,
    path,
    soft,
    stroke,
)


def sprout(coat: Coat, build: Build, _rng: Random) -> Figure:
    """A round seedling, flower or pumpkin with leaf arms, in a pot where it likes one."""
    tags = build.tags
    pot = path("M-86 -92H86L66 0H-66Z", soft("#cf7a4e")) + path(
        "M-98 -116H98V-86H-98Z", soft("#dc8a5c")
    )
    leaves = both(
        path("M60 -140C90 -190 150 -186 170 -160C150 -124 100 -110 62 -124Z", soft(coat.mark))
        + stroke("M66 -134Q110 -156 150 -160", darken(coat.mark, 0.3), 4)
    )
    stem = limb("M0 -100V-190", coat.mark, 22, coat.ink)
    top: list[str] = []
    if "flower" in tags:
        top += [
            group(oval(0, -96, 46, 62, soft(coat.base)), y=-262, turn=turn)
            for turn in range(0, 360, 40)
        ]
        top.append(oval(0, -262, 88, 84, soft(coat.belly)))
    elif "cactus" in tags:
        body = mirrored([(0, -356), (70, -338), (96, -270), (98, -170), (88, -100), (0, -96)])
        ribs = "".join(
            stroke(f"M{x} -330Q{x * 1.6:.0f} -220 {x * 1.3:.0f} -108", darken(coat.base, 0.22), 4)
            for x in (-36, 0, 36)
        )
        arms = both(limb("M92 -190Q150 -180 146 -250", coat.base, 34, coat.ink))
        prickles = "".join(
            stroke(f"M{x} {y}l-6 -7M{x} {y}l7 -6", "#fff6dc", 3)
            for x, y in (
                (-70, -300),
                (66, -306),
                (-80, -150),
                (78, -150),
                (0, -330),
                (-30, -126),
                (34, -124),
            )
        )
        bloom = "".join(
            group(oval(0, -16, 11, 17, soft(coat.accent), width=3), y=-360, turn=turn)
            for turn in range(0, 360, 72)
        ) + oval(0, -360, 9, 9, "#ffe08a", width=3)
        top += [arms, path(body, soft(coat.base)), ribs, prickles, bloom]
        leaves = stem = ""
    elif "pumpkin" in tags:
        lobes = "".join(
            oval(x, -200, 70 - abs(x) * 0.1, 104 - abs(x) * 0.2, soft(coat.base))
            for x in (-96, 96, -52, 52, 0)
        )
        top += [
            path(
                "M-14 -296C-16 -330 -4 -346 22 -352L32 -330C16 -324 16 -312 18 -294Z",
                soft(coat.mark),
            ),
            lobes,
            stroke("M20 -316c40 -20 70 10 50 30c-14 12 -30 -4 -18 -14", coat.mark, 7),
        ]
        pot, stem = both(oval(60, -92, 30, 16, soft(darken(coat.base, 0.2)))), ""
        leaves = both(
            path(
                "M120 -160C150 -190 180 -160 170 -134C150 -124 130 -130 120 -160Z", soft(coat.mark)
            )
        )
    else:
        top += [
            limb("M0 -330V-372", coat.mark, 12, coat.ink),
            path("M0 -366C-20 -420 -90 -426 -110 -396C-90 -360 -40 -352 0 -366Z", soft(coat.mark)),
            path(
                "M0 -366C20 -410 76 -416 96 -390C80 -358 40 -352 0 -366Z",
                soft(lighten(coat.mark, 0.15)),
            ),
            oval(0, -244, 104, 92, soft(coat.base)),
        ]
    low = "pumpkin" in tags
    # A pumpkin has no pot to stand in.
    drop = 78 if low else 0
    face_y = drop - 208 if low else -262 if "flower" in tags else -250
    return Figure(
        behind=group(leaves, y=drop),
        body=group(pot, y=drop) if low else stem + pot,
        torso="",
        head=group("".join(top), y=drop),
        face=Face(
            eyes=((-36, face_y - 4), (36, face_y - 4)),
            eye=30,
            mouth=(0, face_y + 36),
            mouth_width=20,
            crown=(0, face_y - 82),
            crown_width=74,
            cheeks=((-60, face_y + 30), (60, face_y + 30)),
            lid=coat.belly if "flower" in tags else coat.base,
        ),
        neck=(0, -156 if not low else -44),
        neck_width=60 if not low else 90,
        hands=((-160, -160), (160, -160)) if not low else ((-164, -66), (164, -66)),
        pivot=(0, -140),
        chest=(0, -60),
        chest_width=50,
        back=(70, -180),
        skin=coat.mark,
        tags=frozenset({"boneless"}),
    )
