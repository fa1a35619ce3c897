"""How a mood shows: in the lids, the gaze, the brows and the mouth."""

from dataclasses import dataclass

from services.avatar.engines.sketch.figure import Coat, Face
from services.avatar.engines.sketch.svg import (
    Point,
    clip,
    flat,
    glow,
    group,
    heart,
    num,
    oval,
    path,
    stroke,
)


@dataclass(frozen=True, slots=True)
class Expression:
    """`lid` is how far the upper lid falls (0 to 1), `slant` its tilt towards the nose in degrees.

    `gaze` is where the eyes turn, -1 to 1 each way. `brow` is the tilt of the brows, None for none.
    """

    mouth: str = "smile"
    lid: float = 0
    slant: float = 0
    low: float = 0
    gaze: Point = (0, 0)
    brow: float | None = None
    raised: float = 0
    blush: float = 0.5
    pupil: float = 1
    closed: bool = False
    extra: str = ""


EXPRESSIONS = {
    "content": Expression(),
    "cheerful": Expression(mouth="grin", blush=0.7, brow=-6, raised=4),
    "laughing": Expression(mouth="grin", closed=True, blush=0.8),
    "shy": Expression(mouth="tiny", lid=0.16, gaze=(0.75, 0.55), brow=-18, blush=1),
    "grumpy": Expression(mouth="frown", lid=0.34, slant=13, brow=22, blush=0.15),
    "fierce": Expression(mouth="snarl", lid=0.22, slant=17, brow=24, blush=0.1, pupil=0.8),
    "brave": Expression(mouth="smirk", lid=0.14, slant=8, brow=14, gaze=(0.25, -0.25), blush=0.4),
    "sleepy": Expression(mouth="yawn", lid=0.6, brow=-8, gaze=(0, 0.6), blush=0.5, extra="doze"),
    "asleep": Expression(mouth="tiny", closed=True, lid=1, blush=0.6, extra="doze"),
    "sad": Expression(
        mouth="frown", lid=0.24, slant=-14, brow=-22, gaze=(0, 0.5), blush=0.3, extra="tear"
    ),
    "afraid": Expression(mouth="wavy", brow=-22, raised=8, pupil=0.62, blush=0.3, extra="sweat"),
    "curious": Expression(mouth="oh", gaze=(0.45, -0.55), brow=-8, raised=8, pupil=1.1, blush=0.6),
    "dreamy": Expression(
        mouth="smile", lid=0.26, gaze=(0.3, -0.7), brow=-10, blush=0.9, pupil=1.12
    ),
    "sly": Expression(
        mouth="smirk", lid=0.3, slant=7, gaze=(0.6, 0.1), brow=8, blush=0.3, extra="fang"
    ),
    "wise": Expression(mouth="smile", lid=0.3, brow=-4, blush=0.3),
    "gentle": Expression(mouth="smile", lid=0.12, low=0.12, brow=-12, blush=0.8),
    "proud": Expression(mouth="smirk", lid=0.28, gaze=(-0.4, -0.1), brow=2, raised=4, blush=0.4),
    "silly": Expression(mouth="tongue", gaze=(0.2, -0.2), brow=-8, raised=6, blush=0.8),
    "loving": Expression(mouth="smile", lid=0.08, brow=-12, blush=1, extra="hearts"),
}


def lids(face: Face, how: Expression, coat: Coat) -> str:
    """The upper and lower lids, over the eyes."""
    skin = face.lid or coat.base
    pieces = []
    for x, y in face.eyes:
        if how.closed:
            continue
        r = face.eye + 1.5
        side = 1 if x >= 0 else -1
        eye = f"M{num(x - r * 0.95)} {num(y)}A{num(r * 0.95)} {num(r)} 0 1 1 {num(x + r * 0.95)} {num(y)}A{num(r * 0.95)} {num(r)} 0 1 1 {num(x - r * 0.95)} {num(y)}Z"
        shown = ""
        if how.lid:
            edge = y - r + 2 * r * how.lid
            slab = path(
                f"M{num(x - 2 * r)} {num(y - 3 * r)}H{num(x + 2 * r)}V{num(edge)}H{num(x - 2 * r)}Z",
                skin,
            )
            shown += group(slab, turn=-how.slant * side, pivot=(x, edge))
        if how.low:
            shown += flat(x, y + r * 1.75, r * 1.6, r * (0.75 + how.low), skin)
        if shown:
            pieces.append(clip(eye, shown) + stroke(eye, coat.ink, 4))
    return "".join(pieces)


def closed_eye(x: float, y: float, r: float, ink: str, asleep: bool) -> str:
    """A shut eye: an upturned bow when laughing, a hanging one when asleep."""
    bend = r * 0.8 if asleep else -r * 0.95
    lift = 0 if asleep else r * 0.3
    return stroke(
        f"M{num(x - r * 0.9)} {num(y + lift)}Q{num(x)} {num(y + lift + 2 * bend * 0.75)} {num(x + r * 0.9)} {num(y + lift)}",
        ink,
        max(5, r * 0.24),
    )


def features(face: Face, how: Expression, coat: Coat) -> str:
    """Brows, blush and mouth, and what else the mood shows."""
    return _blush(face, how) + _brows(face, how, coat) + _mouth(face, how, coat) + _extra(face, how)


def _blush(face: Face, how: Expression) -> str:
    r = face.eye
    return "".join(
        flat(x, y, r * 0.85, r * 0.55, glow("#f0625f"), how.blush) for x, y in face.cheeks
    )


def _brows(face: Face, how: Expression, coat: Coat) -> str:
    if how.brow is None or not face.brows:
        return ""
    r = face.eye
    pieces = []
    for x, y in face.eyes:
        side = 1 if x >= 0 else -1
        top = y - r * 1.28 - how.raised * (r / 28) - face.brow_lift
        line = stroke(
            f"M{num(-r * 0.62)} 3Q0 {num(-r * 0.22)} {num(r * 0.62)} 3", coat.ink, r * 0.25
        )
        pieces.append(group(line, x=x + side * 2, y=top, turn=-how.brow * side * 0.9))
    return "".join(pieces)


def _mouth(face: Face, how: Expression, coat: Coat) -> str:
    if face.mouth is None:
        return ""
    x, y = face.mouth
    w = face.mouth_width
    ink, inside, tongue = coat.ink, "#7d2f3a", "#ef8d86"
    match how.mouth:
        case "grin":
            shape = f"M{num(-w * 1.15)} -3Q0 4 {num(w * 1.15)} -3Q{num(w * 0.95)} {num(w * 1.35)} 0 {num(w * 1.35)}Q{num(-w * 0.95)} {num(w * 1.35)} {num(-w * 1.15)} -3Z"
            drawn = (
                path(shape, inside)
                + clip(shape, flat(0, w * 1.25, w * 0.7, w * 0.5, tongue))
                + stroke(shape, ink, 4.5)
            )
        case "tongue":
            shape = f"M{num(-w)} 0Q0 {num(w * 0.9)} {num(w)} 0"
            drawn = path(
                f"M{num(w * 0.05)} {num(w * 0.4)}Q{num(w * 0.1)} {num(w * 1.35)} {num(w * 0.5)} {num(w * 1.25)}Q{num(w * 0.9)} {num(w * 1.1)} {num(w * 0.62)} {num(w * 0.26)}Z",
                tongue,
            ) + stroke(shape)
        case "frown":
            drawn = stroke(
                f"M{num(-w * 0.9)} {num(w * 0.55)}Q0 {num(-w * 0.35)} {num(w * 0.9)} {num(w * 0.55)}"
            )
        case "snarl":
            shape = f"M{num(-w * 1.1)} 0Q0 {num(-w * 0.3)} {num(w * 1.1)} 0Q{num(w)} {num(w * 0.9)} 0 {num(w * 0.8)}Q{num(-w)} {num(w * 0.9)} {num(-w * 1.1)} 0Z"
            fangs = "".join(
                path(
                    f"M{num(s * w * 0.75)} -1L{num(s * w * 0.52)} {num(w * 0.5)}L{num(s * w * 0.3)} -3Z",
                    "#fff8e8",
                    "none",
                )
                for s in (-1, 1)
            )
            drawn = path(shape, inside) + fangs + stroke(shape, ink, 4.5)
        case "smirk":
            drawn = stroke(
                f"M{num(-w * 0.7)} {num(w * 0.18)}Q{num(w * 0.2)} {num(w * 0.75)} {num(w)} {num(-w * 0.25)}"
            )
        case "oh":
            drawn = oval(0, w * 0.45, w * 0.36, w * 0.45, inside)
        case "yawn":
            drawn = oval(0, w * 0.5, w * 0.5, w * 0.38, inside)
        case "wavy":
            drawn = stroke(
                f"M{num(-w)} {num(w * 0.3)}q{num(w * 0.25)} {num(-w * 0.45)} {num(w * 0.5)} 0t{num(w * 0.5)} 0t{num(w * 0.5)} 0t{num(w * 0.5)} 0"
            )
        case "tiny":
            drawn = stroke(
                f"M{num(-w * 0.45)} {num(w * 0.15)}Q0 {num(w * 0.6)} {num(w * 0.45)} {num(w * 0.15)}"
            )
        case _:
            if face.cat_mouth:
                drawn = stroke(
                    f"M{num(-w * 1.1)} {num(w * 0.1)}Q{num(-w * 0.55)} {num(w * 0.95)} 0 0Q{num(w * 0.55)} {num(w * 0.95)} {num(w * 1.1)} {num(w * 0.1)}"
                )
            else:
                drawn = stroke(f"M{num(-w)} 0Q0 {num(w * 0.95)} {num(w)} 0")
    if how.extra == "fang":
        drawn += path(
            f"M{num(w * 0.35)} {num(w * 0.3)}l{num(w * 0.16)} {num(w * 0.5)}l{num(w * 0.2)} {num(-w * 0.64)}Z",
            "#fff8e8",
            width=3,
        )
    return group(drawn, x=x, y=y)


def _extra(face: Face, how: Expression) -> str:
    x, y = face.eyes[-1]
    r = face.eye
    match how.extra:
        case "tear":
            return path(
                f"M{num(x + r * 0.5)} {num(y + r * 0.9)}q{num(r * 0.42)} {num(r * 0.6)} 0 {num(r * 0.85)}q{num(-r * 0.42)} {num(-r * 0.25)} 0 {num(-r * 0.85)}Z",
                "#a9dcf2",
                width=3,
            )
        case "sweat":
            return path(
                f"M{num(x + r * 1.9)} {num(y - r * 1.9)}q{num(r * 0.5)} {num(r * 0.7)} 0 {num(r)}q{num(-r * 0.5)} {num(-r * 0.3)} 0 {num(-r)}Z",
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
            letters = "".join(
                stroke(
                    f"M{num(top_x + 92 + i * 32)} {num(top_y + 16 - i * 24)}h{14 + i * 4}l-{14 + i * 4} {16 + i * 4}h{14 + i * 4}",
                    "#fff6e0",
                    9,
                )
                + stroke(
                    f"M{num(top_x + 92 + i * 32)} {num(top_y + 16 - i * 24)}h{14 + i * 4}l-{14 + i * 4} {16 + i * 4}h{14 + i * 4}",
                    "#6d5a86",
                    4.5,
                )
                for i in range(2)
            )
            return letters
        case _:
            return ""
