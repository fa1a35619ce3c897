"""Flowers, balloons, fruit and other small joys."""

from services.avatar.engines.sketch.colour import lighten
from services.avatar.engines.sketch.svg import (
    box,
    flat,
    glow,
    heart,
    oval,
    path,
    polygon,
    ring,
    soft,
    star,
    stroke,
)
from services.avatar.engines.sketch.things.materials import GOLD


def gift(name: str, colour: str) -> str:
    """A flower, a fruit or another small joy."""
    match name:
        case "flower":
            tone = colour or "#f2849a"
            return (
                stroke("M0 40Q-6 0 0 -44", "#5f9a4f", 8)
                + flat(-16, 6, 17, 8, "#6fae5a", turn=30)
                + "".join(
                    oval(x, y - 62, 17, 17, soft(tone), width=4) for x, y in ring(0, 0, 22, 22, 6)
                )
                + oval(0, -62, 14, 14, soft("#f8d24a"), width=4)
            )
        case "balloon":
            return (
                stroke("M0 20C-10 -20 12 -50 0 -92", "#fff6e4", 3)
                + path(
                    "M0 -88C-54 -110 -54 -196 0 -200C54 -196 54 -110 0 -88Z",
                    soft(colour or "#e0544a"),
                )
                + flat(-18, -168, 8, 14, "#ffffff", 0.7, 20)
                + path("M-7 -80L0 -92L7 -80Z", colour or "#e0544a", width=3)
            )
        case "kite":
            return (
                stroke("M0 20Q30 -40 20 -84", "#fff6e4", 3)
                + path(
                    polygon([(20, -190), (64, -140), (20, -80), (-24, -140)]),
                    soft(colour or "#4f9ac4"),
                )
                + stroke("M20 -190V-80M-24 -140H64", "#fff6e4", 4)
            )
        case "heart":
            return path(heart(0, -30, 66), soft(colour or "#e8505a")) + flat(
                -14, -44, 6, 9, "#ffffff", 0.7, 30
            )
        case "gem":
            tone = colour or "#5fc8e0"
            return path(
                polygon([(-40, -34), (-20, -56), (20, -56), (40, -34), (0, 26)]), soft(tone)
            ) + stroke("M-40 -34H40M-20 -56L-12 -34L0 26L12 -34L20 -56", lighten(tone, 0.6), 3.5)
        case "crystal_ball":
            return (
                path("M-34 26H34L42 46H-42Z", soft("#7a5a48"))
                + flat(0, -12, 66, 66, glow("#c8a8f2"))
                + oval(0, -10, 42, 42, soft(colour or "#b89af0"))
                + path(star(6, -4, 13, 5, 4), "#fff6ff", "none")
                + flat(-16, -26, 8, 11, "#ffffff", 0.85, 30)
            )
        case "ball":
            return oval(0, -20, 36, 36, soft(colour or "#e0604f")) + stroke(
                "M-34 -26Q0 -52 34 -26M-36 -12Q0 -34 36 -12M-28 4Q0 -14 28 4", "#ffffff", 4, 0.6
            )
        case "acorn":
            return (
                path("M-28 -24C-28 20 -8 34 0 42C8 34 28 20 28 -24Z", soft("#c98a4a"))
                + path("M-36 -22Q-34 -52 0 -54Q34 -52 36 -22Q0 -10 -36 -22Z", soft("#7a5238"))
                + stroke("M0 -54V-68", "", 9)
            )
        case "carrot":
            return (
                stroke("M0 -56L-16 -84M0 -56V-92M0 -56L16 -84", "#5fa04f", 10)
                + path("M-25 -48Q0 -62 25 -48L4 42Q0 48 -4 42Z", soft("#f08a3c"))
                + stroke("M-18 -28H0M-12 0H2", "#c9602a", 4)
            )
        case "apple":
            return (
                path(
                    (
                        "M0 -44C-20 -58 -48 -40 -40 -2C-34 28 -14 34 0 26C14 34 34 28 40 -2"
                        "C48 -40 20 -58 0 -44Z"
                    ),
                    soft(colour or "#d9483f"),
                )
                + stroke("M0 -44Q2 -60 10 -66", "", 6)
                + flat(20, -58, 14, 7, "#6fae5a", turn=-20)
            )
        case "berry":
            return (
                path(
                    "M-34 -30C-34 6 -14 30 0 38C14 30 34 6 34 -30Q0 -50 -34 -30Z",
                    soft(colour or "#d9404a"),
                )
                + "".join(
                    flat(x, y, 2.5, 4, "#ffe6a0")
                    for x, y in ((-16, -18), (0, -22), (16, -18), (-8, 0), (10, 0), (0, 16))
                )
                + path(star(0, -38, 24, 9), soft("#6fae5a"), width=3)
            )
        case "coin":
            return (
                oval(0, -24, 34, 36, soft(GOLD))
                + oval(0, -24, 23, 25, "none", "#c9923a", 4)
                + path(star(0, -24, 15, 6), "#c9923a", "none")
            )
        case "letter":
            return (
                box(-50, -44, 100, 66, soft("#fff6e4"), 6)
                + stroke("M-50 -40L0 0L50 -40", "", 4)
                + path(heart(0, 2, 20), "#d9483f", width=3)
            )
        case _:
            return ""
