"""Lids, open and shut."""

from services.avatar.engines.sketch.figure import Coat, Face
from services.avatar.engines.sketch.mood import Expression
from services.avatar.engines.sketch.svg import (
    clip,
    flat,
    group,
    num,
    path,
    stroke,
)


def lids(face: Face, how: Expression, coat: Coat) -> str:
    """The upper and lower lids, over the eyes."""
    skin = face.lid or coat.base
    pieces = []
    for x, y in face.eyes:
        if how.closed:
            continue
        r = face.eye + 1.5
        side = 1 if x >= 0 else -1
        eye = (
            f"M{num(x - r * 0.95)} {num(y)}A{num(r * 0.95)} {num(r)} 0 1 1 "
            f"{num(x + r * 0.95)} {num(y)}A{num(r * 0.95)} {num(r)} 0 1 1 "
            f"{num(x - r * 0.95)} {num(y)}Z"
        )
        shown = ""
        if how.lid:
            edge = y - r + 2 * r * how.lid
            slab = path(
                (
                    f"M{num(x - 2 * r)} {num(y - 3 * r)}H{num(x + 2 * r)}V{num(edge)}"
                    f"H{num(x - 2 * r)}Z"
                ),
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
        (
            f"M{num(x - r * 0.9)} {num(y + lift)}Q{num(x)} {num(y + lift + 2 * bend * 0.75)}"
            f" {num(x + r * 0.9)} {num(y + lift)}"
        ),
        ink,
        max(5, r * 0.24),
    )
