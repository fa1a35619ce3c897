"""Crowns, flowers, ribbons, horns and halos."""

from services.avatar.engines.sketch.colour import darken
from services.avatar.engines.sketch.svg import (
    both,
    box,
    flat,
    group,
    limb,
    oval,
    path,
    ring,
    soft,
    stroke,
)
from services.avatar.engines.sketch.things.materials import GOLD


def adornment(name: str, colour: str) -> str:
    """What adorns a head."""
    match name:
        case "crown":
            gold = colour or GOLD
            jewels = "".join(
                oval(x, y, 6.5, 6.5, c, width=3)
                for x, y, c in ((-38, 2, "#d9483f"), (0, 8, "#4f86c6"), (38, 2, "#4fa87a"))
            )
            return (
                path("M-66 16L-80 -58L-40 -22L0 -78L40 -22L80 -58L66 16Q0 36 -66 16Z", soft(gold))
                + "".join(
                    oval(x, y, 8, 8, soft(gold), width=4)
                    for x, y in ((-80, -60), (0, -82), (80, -60))
                )
                + jewels
            )
        case "flower_crown":
            colours = [colour] * 3 if colour else ["#f29ab4", "#fdf6e8", "#f5cf4a"]
            blooms = [
                group(_bloom(colours[i % 3]), x=x, y=y, scale=0.85 if i % 2 else 1.05)
                for i, (x, y) in enumerate(
                    ((-80, 16), (-54, -6), (-20, -14), (16, -16), (50, -8), (78, 14))
                )
            ]
            leaves = "".join(
                flat(x, y, 15, 8, "#6fa85a", turn=t)
                for x, y, t in ((-96, 22, -40), (-38, -26, 30), (34, -28, -30), (96, 20, 40))
            )
            return leaves + "".join(blooms)
        case "hair_flower":
            return group(_bloom(colour or "#f29ab4"), x=62, y=22, scale=1.5)
        case "bow":
            ribbon = colour or "#e86a7a"
            return group(
                path(
                    (
                        "M0 0C-20 -44 -66 -44 -66 -6C-66 30 -20 30 0 0C20 -44 66 -44 66 -6"
                        "C66 30 20 30 0 0Z"
                    ),
                    soft(ribbon),
                )
                + oval(0, -2, 15, 16, soft(darken(ribbon, 0.1))),
                x=56,
                y=6,
                turn=22,
                scale=0.85,
            )
        case "headphones":
            shade = colour or "#e8654f"
            return (
                stroke("M-108 86C-116 -50 116 -50 108 86", "#2f2a3a", 24)
                + stroke("M-108 86C-116 -50 116 -50 108 86", "#5a5670", 14)
                + both(box(92, 58, 36, 70, soft(shade), 17))
            )
        case "hood":
            cloth = colour or "#6a8f5a"
            return path(
                (
                    "M-116 120C-140 10 -90 -70 4 -78C40 -90 60 -84 76 -92C72 -70 80 -62 92 "
                    "-46C130 -10 134 60 116 120C104 60 90 34 64 22C20 4 -20 4 -64 22"
                    "C-90 34 -104 60 -116 120Z"
                ),
                soft(cloth),
            )
        case "halo":
            return oval(0, -48, 66, 17, "none", "#b98a2c", 15) + oval(
                0, -48, 66, 17, "none", "#ffe48a", 9
            )
        case "horns":
            return both(
                path("M34 16C34 -30 60 -72 104 -84C90 -58 92 -28 80 18Z", soft(colour or "#f4dfb0"))
                + stroke("M46 -18q18 -4 34 6M56 -42q14 -2 26 6", "", 3, 0.5)
            )
        case "antlers":
            branch = (
                "M36 12C44 -30 56 -60 96 -86M54 -34C76 -42 92 -46 112 -62M68 -60C70 -78 68 "
                "-90 74 -104"
            )
            return both(stroke(branch, "", 20) + stroke(branch, colour or "#a97a4d", 11))
        case "antenna":
            return both(
                limb("M24 6Q30 -50 62 -62", colour or "#7a6a8f", 6, "#3a2a3c", 3)
                + oval(66, -64, 12, 12, soft("#f2c24e"))
            )
        case _:
            return ""


def _bloom(colour: str) -> str:
    petals = "".join(oval(x, y, 11, 11, soft(colour), width=3) for x, y in ring(0, 0, 14, 14, 5))
    return petals + oval(0, 0, 9, 9, "#f5cf4a" if colour != "#f5cf4a" else "#c9783f", width=3)
