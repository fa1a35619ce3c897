"""Hats of a trade: the wizard's, the chef's, the knight's."""

from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.svg import (
    both,
    box,
    flat,
    oval,
    path,
    smooth,
    soft,
    star,
    stroke,
)
from services.avatar.engines.sketch.things.materials import GOLD


def working_hat(name: str, colour: str) -> str:
    """A hat that tells what its wearer does."""
    match name:
        case "wizard_hat" | "witch_hat":
            cloth = colour or ("#4d4fa0" if name == "wizard_hat" else "#4a3a60")
            cone = (
                "M-66 10C-50 -40 -30 -96 6 -136C26 -150 52 -136 60 -116C44 -122 34 -112 34 "
                "-96C46 -60 58 -20 66 10Q0 34 -66 10Z"
            )
            brim = "M-118 14C-70 -8 70 -8 118 14C100 40 -100 40 -118 14Z"
            band = path(
                "M-67 0Q0 24 66 -2L68 14Q0 38 -70 14Z",
                soft(GOLD if name == "wizard_hat" else "#e88a3f"),
                width=4,
            )
            stars = (
                path(star(-14, -34, 13, 5.5), GOLD, "none")
                + path(star(20, -70, 9, 4), GOLD, "none")
                + flat(22, -18, 5, 5, GOLD)
                if name == "wizard_hat"
                else path("M-14 2H14V24H-14Z", GOLD, width=4)
            )
            return path(brim, soft(cloth)) + path(cone, soft(cloth)) + band + stars
        case "sailor_hat":
            return (
                path("M-62 4Q0 -82 62 4Z", soft(colour or "#f8f5ee"))
                + path("M-82 14L-74 -22Q0 2 74 -22L82 14Q0 40 -82 14Z", soft(colour or "#f8f5ee"))
                + stroke("M-76 2Q0 26 76 2", "#4f74b0", 6)
            )
        case "straw_hat":
            straw = colour or "#f0cf86"
            weave = "".join(
                stroke(f"M{x} -44q8 20 2 44", darken(straw, 0.3), 3, 0.6)
                for x in (-40, -14, 14, 40)
            )
            return (
                oval(0, 10, 132, 30, soft(straw))
                + path("M-66 8Q-64 -64 0 -66Q64 -64 66 8Q0 26 -66 8Z", soft(straw))
                + weave
                + path("M-68 -10Q0 10 68 -10L67 8Q0 26 -67 8Z", soft("#d9604f"), width=4)
            )
        case "pirate_hat" | "captain_hat":
            cloth = colour or ("#4a3f52" if name == "pirate_hat" else "#3f5a94")
            if name == "captain_hat":
                return (
                    path("M-70 0Q-110 -58 0 -70Q110 -58 70 0Z", soft("#f8f5ee"))
                    + path("M-72 -8Q0 8 72 -8L68 20Q0 34 -68 20Z", soft(cloth))
                    + path("M-64 18Q0 36 64 18Q50 44 0 44Q-50 44 -64 18Z", soft("#2f2a3a"))
                    + path(star(0, -26, 16, 7), GOLD, width=3)
                )
            edge = stroke("M-112 10C-70 -40 -52 -84 0 -84C52 -84 70 -40 112 10", GOLD, 6)
            bones = (
                flat(0, -36, 17, 16, "#fff6e4")
                + box(-9, -26, 18, 14, "#fff6e4", 4, "none")
                + flat(-7, -37, 4.5, 5, cloth)
                + flat(7, -37, 4.5, 5, cloth)
                + stroke("M-26 -10L26 -24M26 -10L-26 -24", "#fff6e4", 5)
            )
            return (
                path(
                    "M-120 18C-76 -40 -56 -92 0 -92C56 -92 76 -40 120 18C70 4 -70 4 -120 18Z",
                    soft(cloth),
                )
                + edge
                + bones
            )
        case "chef_hat":
            puff = smooth(
                [
                    (-62, -30),
                    (-92, -64),
                    (-70, -104),
                    (-30, -100),
                    (0, -124),
                    (32, -102),
                    (72, -104),
                    (92, -64),
                    (62, -30),
                ]
            )
            return (
                path(puff, soft("#fdf9f0"))
                + path("M-62 14V-40Q0 -24 62 -40V14Q0 30 -62 14Z", soft("#f6f0e4"))
                + stroke("M-24 -36V-70M24 -36V-70", "#c9bfae", 4)
            )
        case "helmet":
            steel = colour or "#b4bfd0"
            plume = path(
                "M0 -76C10 -130 70 -140 108 -104C84 -104 70 -90 62 -66C44 -56 16 -60 0 -76Z",
                soft("#d9483f"),
            )
            return (
                plume
                + path(
                    "M-98 36Q-110 -80 0 -84Q110 -80 98 36Q80 10 60 8Q0 -6 -60 8Q-80 10 -98 36Z",
                    soft(steel),
                )
                + path("M-9 -84H9L12 20Q0 30 -12 20Z", soft(lighten(steel, 0.3)), width=4)
                + both(
                    "".join(
                        flat(x, y, 4, 4, darken(steel, 0.4))
                        for x, y in ((84, 6), (60, -4), (34, -9))
                    )
                )
            )
        case "viking_helmet":
            return (
                both(path("M70 -10C116 -10 138 -50 126 -92C160 -60 156 20 78 22Z", soft("#f6e6c4")))
                + path("M-88 18Q-92 -74 0 -78Q92 -74 88 18Q0 40 -88 18Z", soft(colour or "#aab4c4"))
                + path("M-90 8Q0 32 90 8V24Q0 48 -90 24Z", soft("#a87a44"), width=4)
            )
        case _:
            return ""
