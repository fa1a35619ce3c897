"""Books, instruments and tools."""

from services.avatar.engines.sketch.svg import (
    box,
    flat,
    group,
    oval,
    path,
    polygon,
    smooth,
    soft,
    star,
    stroke,
)
from services.avatar.engines.sketch.things.materials import GOLD, STEEL, WOOD


def craft(name: str, colour: str) -> str:
    """A book, an instrument or a tool."""
    match name:
        case "book":
            cover = colour or "#a8483f"
            return (
                path(
                    (
                        "M0 -34C-24 -52 -60 -50 -72 -42V30C-56 22 -22 22 0 38C22 22 56 22 "
                        "72 30V-42C60 -50 24 -52 0 -34Z"
                    ),
                    soft(cover),
                )
                + path(
                    (
                        "M0 -30C-22 -46 -52 -46 -64 -40V20C-48 14 -20 16 0 30C20 16 48 14 "
                        "64 20V-40C52 -46 22 -46 0 -30Z"
                    ),
                    "#fff8e6",
                    width=3,
                )
                + stroke(
                    (
                        "M0 -30V30M-52 -26Q-30 -30 -14 -20M-52 -10Q-30 -14 -14 -4M52 -26"
                        "Q30 -30 14 -20M52 -10Q30 -14 14 -4"
                    ),
                    "#b8a488",
                    3.5,
                )
            )
        case "books":
            return "".join(
                box(x, y, w, 22, soft(c), 5) + box(x + w - 16, y + 4, 14, 14, "#fff6e0", 2, "none")
                for x, y, w, c in (
                    (-52, 18, 104, "#b8503f"),
                    (-42, -4, 92, "#5b86b4"),
                    (-48, -26, 86, "#7aa05a"),
                )
            )
        case "map":
            return (
                path("M-60 -40L-20 -50L20 -38L60 -50V20L20 32L-20 20L-60 30Z", soft("#f2dfae"))
                + stroke("M-20 -50V20M20 -38V32", "#c9a868", 3)
                + stroke("M-46 8Q-20 -30 4 -6T44 -24", "#d9483f", 5)
                + stroke("M38 -32l12 14M50 -32l-12 14", "#d9483f", 5)
            )
        case "telescope":
            return group(
                box(-14, -84, 28, 56, soft(colour or "#b8863f"), 6)
                + box(-18, -34, 36, 54, soft("#7a5238"), 7)
                + box(-20, -92, 40, 14, soft(GOLD), 5)
                + box(-21, -36, 42, 10, soft(GOLD), 4),
                turn=38,
            )
        case "magnifier":
            return (
                stroke("M0 30V-22", "", 20)
                + stroke("M0 30V-22", WOOD, 11)
                + oval(0, -58, 37, 37, "#d8f0fa", "", 0, 0.8)
                + oval(0, -58, 37, 37, "none", "#8a6a44", 9)
                + stroke("M-20 -68q8 -14 22 -16", "#ffffff", 6)
            )
        case "guitar":
            body = smooth(
                [
                    (0, -36),
                    (30, -30),
                    (24, -2),
                    (44, 26),
                    (26, 58),
                    (-26, 58),
                    (-44, 26),
                    (-24, -2),
                    (-30, -30),
                ]
            )
            return group(
                box(-7, -134, 14, 104, soft("#6a4630"), 3)
                + box(-13, -158, 26, 30, soft("#8a5a3a"), 6)
                + path(body, soft(colour or "#d9954a"))
                + oval(0, 10, 13, 13, "#4a3028")
                + stroke("M-3 -140V44M3 -140V44", "#fff2d8", 1.6),
                turn=24,
            )
        case "violin":
            body = smooth(
                [
                    (0, -36),
                    (24, -30),
                    (16, -6),
                    (32, 22),
                    (20, 44),
                    (-20, 44),
                    (-32, 22),
                    (-16, -6),
                    (-24, -30),
                ]
            )
            return group(
                box(-5, -104, 10, 70, soft("#3a2a2c"), 3)
                + path(body, soft("#b8683f"))
                + stroke("M-12 0v20M12 0v20", "", 3.5)
                + stroke("M52 -90L-30 30", "#f2dfae", 4),
                turn=-22,
            )
        case "camera":
            return (
                box(-46, -30, 92, 60, soft(colour or "#5a5670"), 10)
                + box(-20, -42, 40, 16, soft("#4a4560"), 4)
                + oval(0, 0, 24, 24, soft("#8a94a6"))
                + oval(0, 0, 14, 14, soft("#3f5a84"), width=3)
                + flat(-5, -5, 4, 4, "#ffffff")
                + flat(32, -18, 6, 5, "#ffe98a")
            )
        case "shield":
            return (
                path(
                    "M-52 -58Q0 -76 52 -58C54 -4 40 44 0 66C-40 44 -54 -4 -52 -58Z",
                    soft(colour or "#4f78b4"),
                )
                + path(
                    "M-36 -46Q0 -58 36 -46C38 -6 28 28 0 46C-28 28 -38 -6 -36 -46Z", "none", GOLD, 6
                )
                + path(star(0, -8, 26, 11), soft(GOLD), width=3)
            )
        case "key":
            return (
                oval(0, -58, 25, 25, "none", "#a8782f", 17)
                + oval(0, -58, 25, 25, "none", GOLD, 9)
                + stroke("M0 -32V36M0 30H20M0 12H16", "#a8782f", 15)
                + stroke("M0 -32V36M0 30H20M0 12H16", GOLD, 8)
            )
        case "hourglass":
            return (
                path(
                    (
                        "M-28 -50H28C28 -18 8 -12 8 -4C8 6 28 12 28 44H-28C-28 12 -8 6 -8 "
                        "-4C-8 -12 -28 -18 -28 -50Z"
                    ),
                    "#e4f4f8",
                )
                + path("M-20 40C-18 20 18 20 20 40ZM-16 -26H16L0 -6Z", "#f0c468", "none")
                + box(-36, -60, 72, 13, soft(WOOD), 4)
                + box(-36, 42, 72, 13, soft(WOOD), 4)
            )
        case "compass":
            return (
                oval(0, -20, 38, 38, soft(GOLD))
                + oval(0, -20, 27, 27, "#fff8e6", width=3)
                + path(polygon([(0, -42), (7, -20), (-7, -20)]), "#d9483f", "none")
                + path(polygon([(0, 2), (7, -20), (-7, -20)]), "#4a4560", "none")
            )
        case "bow_arrow":
            return (
                stroke("M6 -96C64 -60 64 40 6 70", "", 17)
                + stroke("M6 -96C64 -60 64 40 6 70", WOOD, 9)
                + stroke("M6 -96L6 70", "#f2e6d0", 3)
                + stroke("M-60 -10H70", "", 5)
                + path(polygon([(66, -22), (88, -10), (66, 2)]), soft(STEEL), width=3)
            )
        case _:
            return ""
