"""Hats for roles: the detective's, the jester's, the fortune-teller's."""

from services.avatar.engines.sketch.svg import (
    both,
    flat,
    group,
    oval,
    path,
    polygon,
    soft,
    stroke,
)
from services.avatar.engines.sketch.things.materials import GOLD


def costume_hat(name: str, colour: str) -> str:
    """A hat to dress up in."""
    match name:
        case "deerstalker":
            return (
                path("M-84 12Q-82 -72 0 -74Q82 -72 84 12Q0 32 -84 12Z", soft(colour or "#b08a5c"))
                + stroke(
                    "M-40 -60Q-50 -20 -44 18M0 -72V22M40 -60Q50 -20 44 18M-78 -20Q0 0 78 -20",
                    "#8a643c",
                    4,
                    0.8,
                )
                + path("M-80 6Q0 30 80 6Q108 26 96 40Q0 44 -96 40Q-108 26 -80 6Z", soft("#9a744a"))
                + path("M-12 -80Q0 -96 12 -80Q4 -70 0 -70Q-4 -70 -12 -80Z", "#9a744a")
            )
        case "explorer_hat" | "cowboy_hat":
            felt = colour or ("#c9a468" if name == "explorer_hat" else "#9a6a40")
            dip = "M-62 10C-66 -70 -34 -84 0 -66C34 -84 66 -70 62 10Q0 28 -62 10Z"
            brim = (
                "M-130 -6C-110 30 110 30 130 -6C120 44 60 40 0 40C-60 40 -120 44 -130 -6Z"
                if name == "cowboy_hat"
                else "M-116 14Q0 -14 116 14Q104 40 0 40Q-104 40 -116 14Z"
            )
            return (
                path(brim, soft(felt))
                + path(dip, soft(felt))
                + path("M-63 -6Q0 14 63 -6V10Q0 30 -63 10Z", soft("#6a4630"), width=4)
            )
        case "jester_hat":
            horn = (
                "M2 14C-6 -60 -50 -116 -104 -102C-146 -90 -158 -48 -152 -18C-138 -48 -112 -54 "
                "-96 -34C-84 -18 -80 0 -74 16Q-40 26 2 14Z"
            )
            return (
                path(horn, soft(colour or "#8a5ab4"))
                + group(path(horn, soft("#3f9a78")), flip=True)
                + path("M-34 18C-32 -40 -22 -84 0 -122C22 -84 32 -40 34 18Z", soft("#e8b83f"))
                + path("M-78 6Q0 26 78 6L76 26Q0 46 -76 26Z", soft("#c9503f"), width=4)
                + "".join(
                    oval(x, y, 13, 13, soft(GOLD)) + flat(x, y + 4, 3, 3, "#6a4a20")
                    for x, y in ((-151, -8), (151, -8), (0, -128))
                )
            )
        case "party_hat":
            return (
                path("M-52 10L0 -104L52 10Q0 30 -52 10Z", soft(colour or "#e86a9a"))
                + stroke("M-38 -18L26 6M-22 -54L38 -26", "#f8e26a", 8)
                + oval(0, -106, 16, 16, soft("#f8e26a"))
            )
        case "fire_hat":
            return (
                path("M-110 22Q-90 -84 0 -88Q90 -84 110 22Q0 50 -110 22Z", soft("#d9483f"))
                + path("M-8 -88H8L12 26H-12Z", soft("#e8654f"), width=4)
                + path("M-28 -40Q0 -60 28 -40V-10Q0 16 -28 -10Z", soft(GOLD), width=4)
            )
        case "feather_band":
            plume = "".join(
                path("M-10 4C-20 -40 -10 -80 0 -96C10 -80 20 -40 10 4Z", soft(c)).replace(
                    "<path", f'<path transform="translate({x} 0) rotate({t})"', 1
                )
                for x, t, c in ((-30, -18, "#4f86c6"), (30, 18, "#e8b83f"), (0, 0, "#d9483f"))
            )
            return plume + path("M-84 10Q0 -10 84 10L82 28Q0 10 -82 28Z", soft("#a8683f"), width=4)
        case "goggles_up":
            return path("M-98 22Q0 -16 98 22L96 36Q0 2 -96 36Z", "#6a4a38", width=4) + both(
                oval(34, 8, 32, 27, soft("#c98a44"))
                + oval(34, 8, 21, 17, soft("#a8def0"), width=4)
                + flat(28, 2, 6, 4, "#ffffff", 0.9)
            )
        case "veil":
            return (
                path(
                    (
                        "M-112 60C-130 -30 -60 -70 0 -70C60 -70 130 -30 112 60C96 20 60 6 "
                        "0 6C-60 6 -96 20 -112 60Z"
                    ),
                    soft(colour or "#7a4a94"),
                )
                + stroke("M-104 40C-80 0 80 0 104 40", GOLD, 5)
                + path(polygon([(0, -12), (11, 4), (0, 22), (-11, 4)]), "#e8654f", width=3)
            )
        case _:
            return ""
