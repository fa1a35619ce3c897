"""Ears for a head centred at (0, -245), about 112 wide on each side."""

from services.avatar.engines.sketch.colour import darken, mix
from services.avatar.engines.sketch.figure import Coat
from services.avatar.engines.sketch.svg import (
    both,
    flat,
    oval,
    path,
    smooth,
    soft,
)

INNER = "#e9a79b"


def ears(kind: str, coat: Coat) -> str:
    """A pair of ears around a head centred at (0, -245), about 112 wide on each side."""
    fill, inner = soft(coat.base), mix(INNER, coat.base, 0.25)
    match kind:
        case "pointed":
            outer = "M34 -318Q62 -392 96 -394Q120 -340 108 -268Z"
            inside = "M60 -322Q72 -360 90 -368Q102 -334 98 -292Z"
            return both(path(outer, fill) + path(inside, inner, "none"))
        case "tall":
            outer = "M30 -316Q52 -402 98 -418Q132 -350 112 -262Z"
            inside = "M62 -324Q72 -368 94 -386Q110 -340 102 -288Z"
            tip = "M72 -394Q84 -412 98 -418Q110 -394 115 -366Q94 -372 72 -394Z"
            return both(
                path(outer, fill) + path(inside, coat.belly, "none") + path(tip, coat.mark, "none")
            )
        case "long":
            outer = "M20 -318C-4 -400 22 -476 58 -470C92 -462 88 -380 66 -308Z"
            inside = "M34 -330C20 -390 36 -446 56 -444C76 -438 70 -376 54 -322Z"
            left = path(outer, fill) + path(inside, inner, "none")
            return left + f'<g transform="scale(-1 1) rotate(14 40 -320)">{left}</g>'
        case "tufted":
            outer = "M30 -322Q40 -376 78 -396Q106 -356 104 -290Z"
            inside = "M56 -326Q62 -356 78 -368Q94 -340 92 -306Z"
            return both(path(outer, fill) + path(inside, inner, "none"))
        case "round":
            return both(oval(82, -322, 40, 40, fill) + flat(82, -318, 24, 24, inner))
        case "big":
            return both(oval(98, -330, 60, 60, fill) + flat(98, -326, 42, 42, inner))
        case "fan":
            ear = smooth(
                [(70, -320), (150, -356), (196, -296), (182, -214), (120, -180), (84, -220)]
            )
            inside = smooth(
                [(100, -310), (150, -330), (176, -288), (164, -226), (122, -202), (100, -230)]
            )
            return both(path(ear, fill) + path(inside, inner, "none"))
        case "floppy":
            return both(
                path(
                    (
                        "M48 -330C110 -356 158 -300 150 -210C146 -170 116 -176 106 -206"
                        "C96 -240 84 -270 62 -290Z"
                    ),
                    soft(coat.mark),
                )
            )
        case "leaf":
            outer = "M70 -300C110 -352 176 -346 190 -318C170 -276 116 -256 88 -262Z"
            inside = "M92 -296C118 -324 158 -326 172 -316C152 -290 116 -276 98 -278Z"
            return both(path(outer, fill) + path(inside, inner, "none"))
        case "fluffy":
            puff = smooth(
                [
                    (62, -330),
                    (96, -368),
                    (128, -346),
                    (158, -348),
                    (152, -312),
                    (166, -284),
                    (128, -276),
                    (106, -256),
                    (84, -280),
                ]
            )
            return both(path(puff, fill) + flat(118, -310, 24, 24, coat.belly))
        case "small":
            return both(oval(88, -306, 22, 24, fill) + flat(90, -302, 12, 14, inner))
        case "side":
            return both(oval(112, -240, 30, 32, fill) + flat(114, -238, 17, 19, inner))
        case "down":
            return both(
                path(
                    "M80 -300C130 -310 176 -276 172 -246C140 -236 104 -250 88 -272Z",
                    soft(darken(coat.base, 0.08)),
                )
            )
        case _:
            return ""
