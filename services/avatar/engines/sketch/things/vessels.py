"""Lanterns, cups, pots and things to eat."""

from services.avatar.engines.sketch.colour import lighten
from services.avatar.engines.sketch.svg import (
    box,
    flat,
    glow,
    group,
    heart,
    oval,
    path,
    smooth,
    soft,
    stroke,
)
from services.avatar.engines.sketch.things.materials import GOLD, WOOD


def vessel(name: str, colour: str) -> str:
    """Something that holds something, or something to eat."""
    match name:
        case "lantern":
            cage = (
                path("M-30 12H30L24 66H-24Z", soft("#ffe9a0"))
                + flat(0, 40, 80, 80, glow("#ffd86a"))
                + path("M0 24C-12 40 -10 54 0 56C10 54 12 40 0 24Z", "#f08a2f", "none")
            )
            return (
                cage
                + stroke("M-10 12L-8 66M10 12L8 66", "", 4)
                + path("M-34 12Q0 -20 34 12Z", soft(colour or "#7a5a48"))
                + box(-30, 62, 60, 13, soft(colour or "#7a5a48"), 5)
                + stroke("M0 -8V-14", "", 8)
                + oval(0, -14, 13, 13, "none", width=6)
            )
        case "cup":
            return (
                stroke(
                    "M-14 -38q-12 -16 0 -30t0 -28M14 -38q-12 -16 0 -30t0 -28", "#fff8ea", 6, 0.85
                )
                + oval(40, -2, 17, 17, "none", width=9)
                + path("M-38 -28H38Q38 28 0 28Q-38 28 -38 -28Z", soft(colour or "#f6efe0"))
                + oval(0, -28, 38, 9, "#8f5a3a")
                + path(heart(0, 4, 18), "#e0604f", "none")
            )
        case "teapot":
            return (
                path("M34 -10C60 -20 60 -40 78 -44C74 -10 60 14 36 16Z", soft(colour or "#5b86b4"))
                + oval(-50, -4, 20, 22, "none", width=9)
                + oval(0, 0, 48, 38, soft(colour or "#5b86b4"))
                + path("M-28 -32Q0 -48 28 -32Z", soft(colour or "#5b86b4"))
                + oval(0, -46, 9, 9, soft(GOLD))
            )
        case "potion":
            brew = colour or "#8fd65a"
            return (
                path("M-11 -54H11V-22C36 -10 40 22 22 38H-22C-40 22 -36 -10 -11 -22Z", "#eef8f6")
                + path(
                    "M-30 2Q0 -8 30 2C34 20 26 32 20 36H-20C-26 32 -34 20 -30 2Z",
                    soft(brew),
                    "none",
                )
                + oval(-8, 16, 5, 5, lighten(brew, 0.6), "none")
                + oval(10, 8, 4, 4, lighten(brew, 0.6), "none")
                + box(-13, -68, 26, 16, soft(WOOD), 4)
            )
        case "watering_can":
            tin = colour or "#6fa8b8"
            return (
                path("M36 6L84 -34L94 -24L38 30Z", soft(tin))
                + oval(92, -32, 12, 16, soft(tin), turn=-40)
                + stroke("M-34 -18C-80 -30 -70 40 -34 30", "", 10)
                + path("M-36 -30H36L40 34H-40Z", soft(tin))
                + "".join(
                    path(f"M{x} {y}q8 14 0 20q-8 -6 0 -20Z", "#8fd0ee", width=2.5)
                    for x, y in ((104, -10), (116, 8), (98, 16))
                )
            )
        case "honey_pot":
            return path(
                "M-40 -22C-56 10 -40 40 -24 40H24C40 40 56 10 40 -22Z", soft("#d99a4a")
            ) + path(
                (
                    "M-42 -24Q0 -44 42 -24C40 -8 32 -10 28 -2C24 12 12 10 10 -6C0 -10 -8 2 "
                    "-16 0C-24 -4 -34 -10 -42 -24Z"
                ),
                soft("#ffc84a"),
            )
        case "bread":
            return group(
                oval(0, -24, 26, 66, soft("#dda25c"))
                + stroke("M-14 -58L14 -46M-18 -32L16 -20M-16 -6L14 6", "#f8dca6", 7),
                turn=24,
            )
        case "cupcake":
            return (
                path("M-36 -4H36L26 36H-26Z", soft("#e8a878"))
                + stroke("M-14 0L-11 34M14 0L11 34", "#b8744a", 4)
                + path(
                    smooth(
                        [
                            (-44, -6),
                            (-42, -30),
                            (-22, -36),
                            (-16, -58),
                            (14, -60),
                            (22, -38),
                            (44, -28),
                            (44, -6),
                            (0, 4),
                        ]
                    ),
                    soft(colour or "#f8a8c0"),
                )
                + oval(2, -64, 11, 11, soft("#d9403f"))
            )
        case "whisk":
            return box(-7, -10, 14, 46, soft(WOOD), 5) + stroke(
                (
                    "M0 -10C-36 -40 -24 -84 0 -86C24 -84 36 -40 0 -10M0 -10V-86M0 -10"
                    "C-14 -40 -12 -80 0 -86C12 -80 14 -40 0 -10"
                ),
                "#8a94a6",
                4,
            )
        case "drum":
            return (
                path("M-46 -26V28Q0 50 46 28V-26Z", soft(colour or "#d9534a"))
                + oval(0, -26, 46, 15, soft("#fff2d8"))
                + stroke("M-46 -20L-23 36L0 -10L23 36L46 -20", GOLD, 4)
            )
        case _:
            return ""
