"""Owls, parrots, ravens, penguins, ducks, and the phoenix."""

from random import Random

from services.avatar.engines.sketch.bodies.plumage import beak, tail
from services.avatar.engines.sketch.bodies.wings import SPAN, feathered_wing
from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import (
    both,
    flat,
    group,
    mirrored,
    oval,
    path,
    soft,
    stroke,
)

_EGG = [(0, -236), (58, -222), (98, -168), (112, -104), (96, -44), (54, -14), (0, -8)]
_FOOT = (
    "M-26 0Q-22 -12 -8 -12L-5 -26H5L8 -12Q22 -12 26 0Q18 4 12 -2Q6 6 0 0Q-6 6 -12 -2Q-18 4 -26 0Z"
)


def bird(coat: Coat, build: Build, _rng: Random) -> Figure:
    """An egg on two feet, wings at its sides or spread."""
    tags = build.tags
    torso = mirrored(_EGG)
    horn = "#f0a63a" if "dark-beak" not in tags else "#847c96"
    feet = both(
        path(_FOOT, horn, width=4).replace(
            "<path", '<path transform="translate(42 0) scale(1.2)"', 1
        )
    )
    flame = "flame" in tags
    spread = "spread" in tags
    wing_tip = coat.accent if flame else lighten(coat.base, 0.25)
    spread_wings = (
        both(group(feathered_wing(coat.base, wing_tip), x=60, y=-126, scale=1.18)) if spread else ""
    )
    folded = (
        ""
        if spread
        else both(
            path(
                "M84 -196C128 -178 142 -108 118 -40C100 -56 80 -100 84 -196Z"
                if "flipper" not in tags
                else "M88 -190C136 -160 166 -110 160 -62C134 -70 104 -100 88 -150Z",
                soft(darken(coat.base, 0.14)),
            )
            + (
                stroke("M98 -110Q108 -96 122 -92M102 -84Q110 -72 120 -68", coat.ink, 3, 0.5)
                if "flipper" not in tags
                else ""
            )
        )
    )
    return Figure(
        behind=spread_wings + tail(build.tail, coat),
        body=feet + path(torso, soft(coat.base)) + _breast(coat, tags) + folded,
        torso=torso,
        head=_head(coat, build),
        face=_face(coat, build),
        neck=(0, -178),
        neck_width=82,
        hands=((-114, -88), (114, -88)),
        paw=0,
        back=(70, -140),
        reach=60 + 1.18 * SPAN if spread else 190,
        pivot=(0, -190),
        chest=(0, -110),
        chest_width=80,
        skin=darken(coat.base, 0.14),
        tags=frozenset({"winged", "beaked"}),
        top={"flame": -450.0, "crest": -428.0, "tufts": -402.0}.get(build.ears, -396.0),
    )


def _breast(coat: Coat, tags: frozenset[str]) -> str:
    patch = mirrored([(0, -200), (50, -178), (74, -110), (62, -48), (30, -22), (0, -18)])
    drawn = path(patch, soft(coat.belly), "none")
    if "flecks" in tags:
        rows = ((-128, 3), (-100, 4), (-72, 3), (-48, 2))
        drawn += "".join(
            stroke(f"M{(i - (n - 1) / 2) * 28 - 8:.0f} {y}q8 10 16 0", coat.mark, 4, 0.8)
            for y, n in rows
            for i in range(n)
        )
    return drawn


def _head(coat: Coat, build: Build) -> str:
    tags = build.tags
    outline = mirrored(
        [(0, -354), (58, -346), (100, -306), (112, -252), (98, -200), (54, -170), (0, -164)]
    )
    pieces = []
    match build.ears:
        case "tufts":
            pieces.append(
                both(
                    path(
                        "M28 -332C60 -352 82 -366 112 -398C126 -356 118 -316 100 -288Z",
                        soft(darken(coat.base, 0.12)),
                    )
                )
            )
        case "crest":
            pieces.append(
                "".join(
                    path(
                        "M-16 -334C-30 -376 -20 -408 6 -424C20 -396 18 -364 14 -334Z",
                        soft(coat.accent),
                    ).replace("<path", f'<path transform="rotate({turn} 0 -330)"', 1)
                    for turn in (-28, 28, 0)
                )
            )
        case "flame":
            pieces.append(
                path(
                    (
                        "M-62 -322C-84 -372 -50 -392 -48 -420C-22 -404 -20 -384 -12 -372"
                        "C-12 -404 8 -436 20 -446C20 -414 42 -402 40 -372C52 -384 60 -394 "
                        "62 -410C84 -378 76 -344 60 -318Z"
                    ),
                    soft(coat.accent),
                )
            )
        case "quiff":
            pieces.append(stroke("M0 -350q-6 -26 -24 -30M0 -350q2 -30 18 -36", coat.ink, 9))
        case "comb":
            pieces.append(
                path(
                    (
                        "M-40 -338C-56 -380 -20 -392 -14 -368C-12 -400 26 -400 22 -368"
                        "C36 -388 62 -370 42 -336Z"
                    ),
                    soft("#d8443c"),
                )
            )
        case _:
            pass
    pieces.append(path(outline, soft(coat.base)))
    if "disc" in tags:
        pieces.append(
            both(oval(48, -252, 58, 62, soft(coat.belly), "none"))
            + path(
                "M-14 -320Q0 -296 14 -320Q6 -276 0 -262Q-6 -276 -14 -320Z",
                darken(coat.base, 0.15),
                "none",
            )
        )
    if "hood" in tags:
        pieces.append(
            both(
                path(
                    "M0 -286C20 -326 92 -326 100 -256C102 -200 50 -174 0 -174Z", coat.belly, "none"
                )
            )
        )
    if "cheek" in tags:
        pieces.append(both(flat(56, -250, 44, 48, coat.belly)))
    if "bald" in tags:
        pieces.append(
            path(
                mirrored(
                    [
                        (0, -354),
                        (58, -346),
                        (100, -306),
                        (112, -252),
                        (106, -216),
                        (70, -232),
                        (34, -214),
                        (0, -226),
                    ]
                ),
                coat.belly,
            )
        )
    pieces.append(beak(build.muzzle, coat, tags))
    return "".join(pieces)


def _face(coat: Coat, build: Build) -> Face:
    owl = "disc" in build.tags
    return Face(
        eyes=((-48, -258), (48, -258)),
        eye=40 if owl else 33,
        mouth=None,
        mouth_width=18,
        crown=(0, -346),
        crown_width=84,
        cheeks=((-82, -212), (82, -212)),
        lid=coat.belly if owl or build.tags & {"hood", "cheek", "bald"} else coat.base,
    )
