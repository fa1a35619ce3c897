"""Dragons, dinosaurs, lizards and crocodiles."""

from random import Random

from services.avatar.engines.sketch.bodies.wings import SPAN, leather_wing
from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import (
    both,
    clip,
    flat,
    group,
    limb,
    mirrored,
    oval,
    path,
    polygon,
    smooth,
    soft,
    stroke,
)

_TORSO = [(0, -200), (50, -180), (88, -120), (104, -64), (96, -18), (60, -3), (0, 0)]
_HEAD = [
    (0, -344),
    (54, -336),
    (96, -300),
    (106, -250),
    (98, -214),
    (108, -188),
    (92, -158),
    (50, -144),
    (0, -141),
]


def dragon(coat: Coat, build: Build, _rng: Random) -> Figure:
    """Sits upright on its haunches with a plated belly and a long tail."""
    tags = build.tags
    torso = mirrored(_TORSO)
    wings = ""
    if "wings" in tags:
        wings = both(
            group(
                leather_wing(darken(coat.base, 0.12), coat.accent),
                x=56,
                y=-128,
                scale=1.02,
            )
        )
    return Figure(
        behind=wings + _tail(coat, tags),
        body=both(
            oval(84, -36, 42, 40, soft(coat.base))
            + oval(80, -10, 36, 15, soft(coat.base))
            + _claws(80, -8)
        )
        + path(torso, soft(coat.base))
        + _belly(coat),
        forelegs=_arm(coat),
        shoulder=(66, -138),
        torso=torso,
        head=_head(coat, tags),
        face=Face(
            eyes=((-48, -262), (48, -262)),
            eye=34,
            mouth=(0, -172),
            mouth_width=30,
            crown=(0, -338),
            crown_width=78,
            cheeks=((-84, -208), (84, -208)),
            lid=coat.base,
        ),
        neck=(0, -156),
        neck_width=66,
        hands=((-112, -108), (112, -108)),
        paw=18,
        top=-408,
        reach=56 + 1.02 * SPAN if wings else 190,
        back=(54, -130),
        chest=(0, -96),
        chest_width=80,
        skin=coat.base,
        tags=frozenset({"winged"} if wings else ()),
    )


def _belly(coat: Coat) -> str:
    plate = mirrored([(0, -184), (34, -166), (54, -110), (60, -50), (40, -8), (0, -4)])
    lines = "".join(
        stroke(f"M-70 {y}Q0 {y + 16} 70 {y}", darken(coat.belly, 0.22), 4)
        for y in range(-140, 0, 26)
    )
    return path(plate, soft(coat.belly), "none") + clip(plate, lines)


def _arm(coat: Coat) -> str:
    arm = limb("M66 -142Q84 -120 68 -98Q58 -88 44 -92", coat.base, 25, coat.ink)
    return arm + _claws(42, -92, 0.7)


def _claws(x: float, y: float, scale: float = 1) -> str:
    tips = "".join(
        path(f"M{dx - 6} -2Q{dx} 14 {dx + 6} -2Z", "#fff1d0", width=3) for dx in (-16, 0, 16)
    )
    return group(tips, x=x, y=y, scale=scale)


def _tail(coat: Coat, tags: frozenset[str]) -> str:
    outline = (
        "M40 -60C110 -10 176 -16 178 -66C178 -98 150 -108 146 -128C190 -124 214 -84 202 -42"
        "C188 10 110 16 40 0Z"
    )
    tip = path(
        (
            "M136 -124C124 -150 134 -168 150 -178C160 -160 176 -154 186 -140C172 -128 152 "
            "-122 136 -124Z"
        ),
        soft(coat.mark),
    )
    return (
        path(outline, soft(coat.base)) + tip if "spade" in tags else path(outline, soft(coat.base))
    )


def _head(coat: Coat, tags: frozenset[str]) -> str:
    outline = mirrored(_HEAD)
    bone = "#f4dfb0"
    pieces = []
    if "horns" in tags:
        pieces.append(
            both(
                path("M40 -322C44 -364 72 -398 118 -402C100 -384 96 -350 90 -312Z", soft(bone))
                + stroke("M54 -350q18 -2 32 8M66 -372q14 -2 24 6", darken(bone, 0.35), 3)
            )
        )
        pieces.append(
            both(
                path(
                    (
                        "M96 -284C124 -304 150 -300 164 -284C150 -282 152 -268 140 -262"
                        "C136 -250 116 -244 100 -246Z"
                    ),
                    soft(coat.accent),
                )
            )
        )
    if "crest" in tags:
        pieces.append(
            path(
                polygon(
                    [
                        (-40, -330),
                        (-30, -376),
                        (-10, -346),
                        (0, -396),
                        (12, -346),
                        (32, -376),
                        (42, -330),
                    ]
                ),
                soft(coat.mark),
            )
        )
    if "frill" in tags:
        pieces.append(
            path(
                smooth(
                    [
                        (-150, -300),
                        (-110, -370),
                        (-50, -392),
                        (0, -384),
                        (50, -392),
                        (110, -370),
                        (150, -300),
                        (140, -220),
                        (0, -190),
                        (-140, -220),
                    ]
                ),
                soft(coat.mark),
            )
        )
    pieces.append(path(outline, soft(coat.base)))
    snout = mirrored([(0, -222), (46, -218), (88, -198), (92, -164), (50, -148), (0, -145)])
    pieces.append(path(snout, lighten(coat.base, 0.22), "none", opacity=0.9))
    pieces.append(both(flat(24, -204, 7, 5, coat.ink, 0.85, 20)))
    if "horns" in tags:
        pieces.append(
            "".join(
                path(polygon([(-9, y + 12), (0, y - 12), (9, y + 12)]), soft(coat.mark), width=4)
                for y in (-340, -316)
            )
        )
    if "tricorn" in tags:
        pieces.append(
            both(path("M40 -306C50 -350 74 -372 84 -380C86 -350 84 -320 70 -298Z", soft(bone)))
        )
        pieces.append(path("M-12 -214Q0 -256 12 -214Z", soft(bone)))
    if "teeth" in tags:
        pieces.append(
            "".join(
                path(polygon([(x - 7, -164), (x, -150), (x + 7, -164)]), "#fffaf0", width=3)
                for x in (-52, 52, -68, 68)
            )
        )
    if "scales" in tags:
        pieces.append(
            "".join(
                flat(x, y, 8, 6, darken(coat.base, 0.2), 0.55)
                for x, y in ((-14, -306), (14, -306), (0, -322), (-76, -288), (76, -288))
            )
        )
    return "".join(pieces)
