"""What is held like a rod: swords, staffs, brushes."""

from services.avatar.engines.sketch.colour import darken
from services.avatar.engines.sketch.svg import (
    box,
    flat,
    glow,
    group,
    oval,
    path,
    soft,
    star,
    stroke,
)
from services.avatar.engines.sketch.things.materials import GOLD, STEEL, WOOD


def rod(name: str, colour: str) -> str:
    """Something long, held in the middle."""
    match name:
        case "sword":
            blade = path("M-9 -22L-10 -128L0 -152L10 -128L9 -22Z", soft(colour or STEEL)) + stroke(
                "M0 -132V-30", "#ffffff", 3, 0.8
            )
            return (
                blade
                + path("M-34 -28Q0 -14 34 -28L32 -14Q0 -2 -32 -14Z", soft(GOLD))
                + box(-7, -16, 14, 36, soft(WOOD), 5)
                + oval(0, 24, 10, 10, soft(GOLD))
            )
        case "staff":
            return (
                stroke("M0 78V-130", "", 21)
                + stroke("M0 78V-130", colour or WOOD, 12)
                + flat(0, -152, 52, 52, glow("#8fe6f2"))
                + oval(0, -152, 24, 24, soft("#6fd0e6"))
                + flat(-8, -160, 6, 7, "#ffffff", 0.9)
                + stroke(
                    "M-16 -126C-30 -150 -16 -182 4 -184M16 -126C28 -140 28 -156 24 -164", WOOD, 8
                )
            )
        case "wand":
            return (
                stroke("M0 20V-66", "", 15)
                + stroke("M0 20V-66", WOOD, 7)
                + flat(0, -84, 46, 46, glow("#ffe98a"))
                + path(star(0, -86, 27, 12), soft(colour or GOLD))
            )
        case "trident":
            return stroke(
                "M0 78V-130M-34 -120V-90Q-34 -70 0 -70Q34 -70 34 -90V-120", "", 19
            ) + stroke(
                "M0 78V-130M-34 -120V-90Q-34 -70 0 -70Q34 -70 34 -90V-120", colour or GOLD, 10
            )
        case "axe":
            return (
                stroke("M0 50V-100", "", 20)
                + stroke("M0 50V-100", WOOD, 11)
                + path("M-6 -110C30 -124 56 -112 66 -90C62 -60 40 -44 -6 -56Z", soft(STEEL))
            )
        case "hammer":
            return (
                stroke("M0 34V-76", "", 20)
                + stroke("M0 34V-76", WOOD, 11)
                + box(-40, -108, 80, 42, soft("#8a94a6"), 9)
            )
        case "wrench":
            return path(
                (
                    "M-9 30L-8 -54C-34 -64 -36 -98 -14 -112V-84L0 -74L14 -84V-112C36 -98 "
                    "34 -64 8 -54L9 30Q0 40 -9 30Z"
                ),
                soft(STEEL),
            )
        case "torch":
            return (
                path("M-14 -34L-8 40H8L14 -34Z", soft(WOOD))
                + flat(0, -72, 70, 74, glow("#ffb84a"))
                + path(
                    "M0 -30C-36 -40 -30 -84 -6 -120C0 -96 30 -88 26 -56C24 -40 14 -32 0 -30Z",
                    soft("#f08a2f"),
                )
                + path("M0 -36C-16 -44 -12 -66 0 -84C6 -66 18 -60 12 -46Z", "#ffe28a", "none")
            )
        case "fishing_rod":
            return (
                stroke("M-6 40L30 -140", "", 14)
                + stroke("M-6 40L30 -140", WOOD, 7)
                + stroke("M30 -140Q84 -110 76 -40", "#6a5f70", 2.5)
                + oval(76, -34, 9, 11, soft("#d9483f"), width=3)
            )
        case "umbrella":
            shade = colour or "#e0604f"
            return (
                stroke("M0 40V-130M0 40q0 20 16 20q14 0 14 -16", "", 9)
                + path(
                    (
                        "M-98 -96C-88 -170 88 -170 98 -96Q82 -114 64 -96Q50 -114 32 -96"
                        "Q16 -114 0 -96Q-16 -114 -32 -96Q-50 -114 -64 -96Q-82 -114 -98 -96Z"
                    ),
                    soft(shade),
                )
                + stroke("M0 -150Q-34 -130 -32 -96M0 -150Q34 -130 32 -96", darken(shade, 0.25), 3)
            )
        case "paintbrush":
            return (
                stroke("M0 30V-70", "", 16)
                + stroke("M0 30V-70", WOOD, 8)
                + box(-9, -84, 18, 22, soft(STEEL), 3)
                + path(
                    "M-10 -84C-20 -110 0 -124 2 -134C14 -116 18 -100 10 -84Z",
                    soft(colour or "#e0604f"),
                )
            )
        case "quill":
            return path(
                "M0 24L-4 -10C-34 -50 -6 -120 44 -132C46 -84 36 -34 6 -10Z",
                soft(colour or "#f8f5ee"),
            ) + stroke("M0 24Q4 -50 36 -118", "", 3.5)
        case "microphone":
            return (
                path("M-8 34L-12 -26H12L8 34Z", soft("#4a4560"))
                + oval(0, -46, 25, 27, soft("#b8c0cc"))
                + stroke("M-22 -50H22M-18 -36H18M0 -70V-22", "#6c7688", 3)
            )
        case "spoon":
            return (
                stroke("M0 40V-56", "", 18)
                + stroke("M0 40V-56", "#c9975c", 10)
                + oval(0, -78, 21, 28, soft("#c9975c"))
                + flat(0, -76, 11, 16, "#9a6c3a", 0.6)
            )
        case "flute":
            return group(
                stroke("M0 40V-96", "", 22)
                + stroke("M0 40V-96", colour or "#c9a05c", 13)
                + "".join(flat(0, y, 3.5, 3.5, "#4a3430") for y in (-60, -40, -20)),
                turn=28,
            )
        case _:
            return ""
