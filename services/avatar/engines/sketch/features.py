"""Brows, blush and mouth: the face that a mood makes."""

from services.avatar.engines.sketch.figure import Coat, Face
from services.avatar.engines.sketch.mood import Expression
from services.avatar.engines.sketch.mouth import mouth
from services.avatar.engines.sketch.svg import (
    flat,
    glow,
    group,
    heart,
    num,
    path,
    stroke,
)

# A mouth on a screen is drawn in light.
_SCREEN = "#bff6f0"


def features(face: Face, how: Expression, coat: Coat) -> str:
    """Brows, blush and mouth, and what else the mood shows."""
    ink = _SCREEN if face.dark_eyes else coat.ink
    lines = _brows(face, how, ink) + mouth(face, how, ink)
    return _blush(face, how) + f'<g stroke="{ink}">{lines}</g>' + _extra(face, how)


def _blush(face: Face, how: Expression) -> str:
    r = face.eye
    return "".join(
        flat(x, y, r * 0.85, r * 0.55, glow("#f0625f"), how.blush) for x, y in face.cheeks
    )


def _brows(face: Face, how: Expression, ink: str) -> str:
    if how.brow is None or not face.brows:
        return ""
    r = face.eye
    pieces = []
    for x, y in face.eyes:
        side = 1 if x >= 0 else -1
        top = y - r * 1.28 - how.raised * (r / 28) - face.brow_lift
        line = stroke(f"M{num(-r * 0.62)} 3Q0 {num(-r * 0.22)} {num(r * 0.62)} 3", ink, r * 0.22)
        pieces.append(group(line, x=x + side * 2, y=top, turn=-how.brow * side * 0.9))
    return "".join(pieces)


def _extra(face: Face, how: Expression) -> str:
    x, y = face.eyes[-1]
    r = face.eye
    match how.extra:
        case "tear":
            return path(
                (
                    f"M{num(x + r * 0.5)} {num(y + r * 0.9)}q{num(r * 0.42)} {num(r * 0.6)} "
                    f"0 {num(r * 0.85)}q{num(-r * 0.42)} {num(-r * 0.25)} 0 {num(-r * 0.85)}"
                    "Z"
                ),
                "#a9dcf2",
                width=3,
            )
        case "sweat":
            return path(
                (
                    f"M{num(x + r * 1.9)} {num(y - r * 1.9)}q{num(r * 0.5)} {num(r * 0.7)} "
                    f"0 {num(r)}q{num(-r * 0.5)} {num(-r * 0.3)} 0 {num(-r)}Z"
                ),
                "#a9dcf2",
                width=3,
            )
        case "hearts":
            top_x, top_y = face.crown
            return path(heart(top_x + 104, top_y + 4, 34), "#e8626c") + path(
                heart(top_x + 140, top_y - 26, 20), "#f29a9a"
            )
        case "doze":
            top_x, top_y = face.crown
            return "".join(
                stroke(
                    (
                        f"M{num(top_x + 92 + i * 32)} {num(top_y + 16 - i * 24)}"
                        f"h{14 + i * 4}l-{14 + i * 4} {16 + i * 4}h{14 + i * 4}"
                    ),
                    "#fff6e0",
                    9,
                )
                + stroke(
                    (
                        f"M{num(top_x + 92 + i * 32)} {num(top_y + 16 - i * 24)}"
                        f"h{14 + i * 4}l-{14 + i * 4} {16 + i * 4}h{14 + i * 4}"
                    ),
                    "#6d5a86",
                    4.5,
                )
                for i in range(2)
            )
        case _:
            return ""
