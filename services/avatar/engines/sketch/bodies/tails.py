"""Tails, as they show beside a seated body."""

from services.avatar.engines.sketch.bodies.ears import INNER
from services.avatar.engines.sketch.colour import lighten, mix
from services.avatar.engines.sketch.figure import Coat
from services.avatar.engines.sketch.svg import (
    limb,
    oval,
    path,
    soft,
    stroke,
)


def tail(kind: str, coat: Coat) -> str:
    """A tail that comes out behind the body, to the right of the picture."""
    ink = coat.ink
    match kind:
        case "curl":
            d = "M60 -22C150 -10 182 -70 156 -118C138 -150 104 -134 116 -106"
            return limb(d, coat.base, 26, ink)
        case "brush":
            outer = (
                "M48 -18C96 14 196 0 194 -92C194 -148 164 -184 142 -196C150 -150 112 -128 "
                "92 -96C76 -70 62 -50 48 -18Z"
            )
            tip = (
                "M142 -196C164 -184 194 -148 194 -100C176 -112 164 -100 150 -118C146 -136 "
                "152 -164 142 -196Z"
            )
            return path(outer, soft(coat.base)) + path(tip, coat.belly, "none") + stroke(outer)
        case "squirrel":
            outer = (
                "M40 -20C110 10 160 -50 142 -120C132 -164 154 -176 172 -156C180 -236 96 "
                "-262 70 -196C52 -150 88 -110 40 -20Z"
            )
            return path(outer, soft(coat.base)) + stroke(
                "M84 -44C120 -80 92 -140 104 -190", lighten(coat.base, 0.3), 9, 0.7
            )
        case "puff":
            return oval(88, -46, 34, 32, soft(coat.belly))
        case "thin":
            return limb(
                "M60 -16C140 4 172 -44 150 -92C140 -118 168 -140 186 -120",
                mix(INNER, coat.base, 0.3),
                9,
                ink,
                4,
            )
        case "tuft":
            tuft = path(
                "M150 -150C126 -176 148 -208 166 -216C190 -196 190 -160 166 -142Z", soft(coat.mark)
            )
            return limb("M60 -20C150 0 186 -70 158 -150", coat.base, 15, ink, 4.5) + tuft
        case "wag":
            return limb("M70 -36C112 -40 136 -70 142 -112", coat.base, 26, ink)
        case "ringed":
            outer = (
                "M56 -16C110 16 190 -10 182 -92C178 -140 140 -150 130 -118C128 -88 100 -60 56 -16Z"
            )
            rings = "".join(
                stroke(d, coat.mark, 15)
                for d in (
                    "M104 -14Q96 -44 84 -56",
                    "M150 -28Q132 -50 110 -76",
                    "M184 -74Q156 -84 130 -106",
                )
            )
            return (
                path(outer, soft(coat.base))
                + rings
                + path("M182 -92C178 -140 140 -150 130 -118Q154 -96 182 -92Z", coat.mark, "none")
                + stroke(outer)
            )
        case "curly":
            return limb(
                "M78 -46c26 4 34 -22 18 -26c-16 -2 -14 22 8 22c24 0 32 -24 24 -38",
                coat.base,
                9,
                ink,
                4,
            )
        case "stub":
            return oval(84, -40, 20, 18, soft(coat.base))
        case "paddle":
            return path("M50 -20C100 10 182 8 192 -30C196 -66 150 -64 110 -50Z", soft(coat.mark))
        case "monkey":
            return limb(
                "M60 -18C176 20 196 -96 150 -136C116 -160 100 -116 130 -110",
                coat.base,
                15,
                ink,
                4.5,
            )
        case _:
            return ""
