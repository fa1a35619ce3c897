"""Crests, beaks and tails of birds."""

from services.avatar.engines.sketch.colour import darken
from services.avatar.engines.sketch.figure import Coat
from services.avatar.engines.sketch.svg import (
    both,
    flat,
    group,
    path,
    smooth,
    soft,
    stroke,
)


def beak(kind: str, coat: Coat, tags: frozenset[str]) -> str:
    """A beak below the eyes, by its kind."""
    horn = "#f3ab3c" if "dark-beak" not in tags else "#847c96"
    match kind:
        case "hook":
            return (
                path(
                    "M-34 -242Q0 -270 34 -242Q38 -200 6 -176Q-4 -172 -6 -186Q-34 -200 -34 -242Z",
                    soft(horn),
                )
                + stroke("M-30 -216Q-10 -204 -4 -188", coat.ink, 3, 0.6)
                + both(flat(12, -240, 4, 3, coat.ink))
            )
        case "bill":
            return (
                path(
                    "M-58 -206Q-40 -236 0 -238Q40 -236 58 -206Q40 -180 0 -180Q-40 -180 -58 -206Z",
                    soft(horn),
                )
                + stroke("M-54 -204Q0 -186 54 -204", coat.ink, 4)
                + both(flat(12, -224, 4, 3, coat.ink))
            )
        case "long":
            return path("M-26 -240Q0 -256 26 -240L8 -150Q0 -140 -8 -150Z", soft(horn)) + stroke(
                "M0 -236V-160", coat.ink, 3, 0.6
            )
        case _:
            return path(
                "M-26 -234Q0 -254 26 -234Q16 -198 0 -188Q-16 -198 -26 -234Z", soft(horn)
            ) + stroke("M-20 -220Q0 -206 20 -220", coat.ink, 3.5)


def tail(kind: str, coat: Coat) -> str:
    """Tail feathers, behind the body."""
    match kind:
        case "long":
            feathers = ((coat.base, 0), (coat.mark, 14), (coat.accent, -14))
            return "".join(
                path("M40 -60C90 -10 150 30 186 22C176 -22 130 -70 80 -96Z", soft(c)).replace(
                    "<path", f'<path transform="rotate({t} 40 -60)"', 1
                )
                for c, t in feathers
            )
        case "fan":
            pieces = []
            for index in range(9):
                turn = -80 + index * 20
                plume = (
                    path("M-8 -90C-44 -200 -40 -300 0 -330C40 -300 44 -200 8 -90Z", soft(coat.mark))
                    + flat(0, -278, 22, 28, coat.accent)
                    + flat(0, -272, 13, 16, coat.base)
                )
                pieces.append(group(plume, turn=turn, pivot=(0, -90)))
            return "".join(pieces)
        case "flame":
            tongue = (
                "M0 -60C60 -20 120 -10 190 -40C172 -52 168 -66 178 -92C156 -84 142 -92 140 "
                "-116C110 -80 60 -90 0 -110Z"
            )
            return path(tongue, soft(coat.accent)) + path(
                "M0 -64C50 -34 100 -28 150 -48C134 -56 130 -66 134 -80C104 -66 60 -76 0 -96Z",
                "#ffd866",
                "none",
            )
        case "curl":
            return path(
                smooth(
                    [
                        (60, -60),
                        (120, -96),
                        (150, -150),
                        (196, -160),
                        (176, -100),
                        (140, -50),
                        (80, -24),
                    ]
                ),
                soft(coat.mark),
            )
        case _:
            return path("M50 -60L136 -8Q96 20 44 -10Z", soft(darken(coat.base, 0.15)))
