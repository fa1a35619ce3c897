"""Hair and beards."""

from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.figure import Coat
from services.avatar.engines.sketch.svg import (
    both,
    oval,
    path,
    smooth,
    soft,
    stroke,
)


def hair(style: str, coat: Coat) -> tuple[str, str]:
    """What falls behind the head, and what lies on it."""
    hair, shine = coat.mark, lighten(coat.mark, 0.35)
    fringe = (
        "M-102 -236C-116 -330 -50 -356 0 -354C54 -356 116 -330 102 -236C96 -262 88 -280 74 "
        "-292C40 -274 -20 -276 -40 -304C-56 -290 -90 -276 -102 -236Z"
    )
    gloss = stroke("M-50 -326Q-10 -344 40 -330", shine, 7, 0.75)
    front = path(fringe, soft(hair)) + gloss
    match style:
        case "long":
            back = (
                "M-104 -290C-150 -220 -130 -110 -116 -70C-70 -50 70 -50 116 -70C130 -110 "
                "150 -220 104 -290C60 -380 -60 -380 -104 -290Z"
            )
            return path(back, soft(darken(hair, 0.12))), front
        case "bob":
            back = (
                "M-100 -300C-140 -240 -134 -180 -118 -158C-60 -150 60 -150 118 -158"
                "C134 -180 140 -240 100 -300Z"
            )
            return path(back, soft(darken(hair, 0.12))), front
        case "braids":
            braid = (
                "".join(
                    oval(112 + (i % 2) * 6, -196 + i * 26, 21, 18, soft(hair)) for i in range(5)
                )
                + path("M100 -78H132L124 -48H108Z", soft(hair))
                + oval(116, -80, 14, 7, soft(coat.accent))
            )
            return both(braid), front
        case "bun":
            return oval(0, -366, 44, 38, soft(hair)), front
        case "curly":
            curls = smooth(
                [
                    (-112, -200),
                    (-142, -232),
                    (-124, -270),
                    (-136, -310),
                    (-96, -330),
                    (-80, -366),
                    (-36, -362),
                    (0, -384),
                    (36, -362),
                    (80, -366),
                    (96, -330),
                    (136, -310),
                    (124, -270),
                    (142, -232),
                    (112, -200),
                ]
            )
            top = smooth(
                [
                    (-98, -250),
                    (-104, -300),
                    (-70, -312),
                    (-60, -340),
                    (-20, -336),
                    (0, -352),
                    (24, -336),
                    (62, -342),
                    (72, -312),
                    (104, -298),
                    (98, -250),
                    (80, -280),
                    (50, -276),
                    (30, -296),
                    (0, -284),
                    (-30, -296),
                    (-50, -276),
                    (-80, -282),
                ]
            )
            return path(curls, soft(darken(hair, 0.08))), path(top, soft(hair))
        case "bald":
            return "", both(
                path("M78 -280C112 -290 122 -236 102 -212C96 -236 92 -256 78 -280Z", soft(hair))
            )
        case "mohawk":
            return "", path(
                (
                    "M-24 -300C-34 -370 -20 -410 30 -420C24 -400 44 -390 40 -372C58 -360 "
                    "40 -330 24 -300Z"
                ),
                soft(hair),
            )
        case _:
            spiky = (
                "M-104 -240C-120 -320 -80 -350 -60 -346C-50 -372 -10 -380 4 -364C30 -384 "
                "70 -370 74 -346C112 -340 116 -290 104 -240C96 -266 88 -276 76 -286"
                "C60 -270 40 -288 30 -296C16 -272 -14 -278 -20 -300C-40 -276 -66 -274 -74 "
                "-288C-90 -276 -98 -262 -104 -240Z"
            )
            return "", path(spiky, soft(hair)) + gloss


def beard(coat: Coat, tags: frozenset[str]) -> str:
    """A full beard, for those who are tagged with one."""
    if "beard" not in tags:
        return ""
    beard = (
        "M-96 -226C-100 -160 -70 -90 0 -66C70 -90 100 -160 96 -226C84 -200 60 -196 40 -200"
        "C20 -212 -20 -212 -40 -200C-60 -196 -84 -200 -96 -226Z"
    )
    locks = "".join(
        stroke(d, darken(coat.mark, 0.2), 4, 0.7)
        for d in ("M-40 -160Q-36 -120 -16 -96", "M0 -158V-92", "M40 -160Q36 -120 16 -96")
    )
    lip = path("M-22 -184Q0 -196 22 -184Q12 -164 0 -166Q-12 -164 -22 -184Z", coat.base, "none")
    return path(beard, soft(coat.mark)) + locks + lip
