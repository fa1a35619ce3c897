"""Mouths, smiling and otherwise."""

from services.avatar.engines.sketch.figure import Face
from services.avatar.engines.sketch.mood import Expression
from services.avatar.engines.sketch.svg import (
    clip,
    flat,
    group,
    num,
    oval,
    path,
    stroke,
)


def mouth(face: Face, how: Expression, ink: str) -> str:
    """The mouth; empty where a beak is in its place."""
    if face.mouth is None:
        return ""
    x, y = face.mouth
    w = face.mouth_width
    inside, tongue = "#7d2f3a", "#ef8d86"
    match how.mouth:
        case "grin":
            shape = (
                f"M{num(-w * 1.15)} -3Q0 4 {num(w * 1.15)} -3Q{num(w * 0.95)} "
                f"{num(w * 1.35)} 0 {num(w * 1.35)}Q{num(-w * 0.95)} {num(w * 1.35)} "
                f"{num(-w * 1.15)} -3Z"
            )
            drawn = (
                path(shape, inside)
                + clip(shape, flat(0, w * 1.25, w * 0.7, w * 0.5, tongue))
                + stroke(shape, ink, 4.5)
            )
        case "tongue":
            shape = f"M{num(-w)} 0Q0 {num(w * 0.9)} {num(w)} 0"
            drawn = path(
                (
                    f"M{num(w * 0.05)} {num(w * 0.4)}Q{num(w * 0.1)} {num(w * 1.35)} "
                    f"{num(w * 0.5)} {num(w * 1.25)}Q{num(w * 0.9)} {num(w * 1.1)} "
                    f"{num(w * 0.62)} {num(w * 0.26)}Z"
                ),
                tongue,
            ) + stroke(shape)
        case "frown":
            drawn = stroke(
                f"M{num(-w * 0.9)} {num(w * 0.55)}Q0 {num(-w * 0.35)} {num(w * 0.9)} "
                f"{num(w * 0.55)}"
            )
        case "snarl":
            shape = (
                f"M{num(-w * 1.1)} 0Q0 {num(-w * 0.3)} {num(w * 1.1)} 0Q{num(w)} "
                f"{num(w * 0.9)} 0 {num(w * 0.8)}Q{num(-w)} {num(w * 0.9)} {num(-w * 1.1)} 0"
                "Z"
            )
            fangs = "".join(
                path(
                    (
                        f"M{num(s * w * 0.75)} -1L{num(s * w * 0.52)} {num(w * 0.5)}"
                        f"L{num(s * w * 0.3)} -3Z"
                    ),
                    "#fff8e8",
                    "none",
                )
                for s in (-1, 1)
            )
            drawn = path(shape, inside) + fangs + stroke(shape, ink, 4.5)
        case "smirk":
            drawn = stroke(
                f"M{num(-w * 0.7)} {num(w * 0.18)}Q{num(w * 0.2)} {num(w * 0.75)} "
                f"{num(w)} {num(-w * 0.25)}"
            )
        case "oh":
            drawn = oval(0, w * 0.45, w * 0.36, w * 0.45, inside)
        case "yawn":
            drawn = oval(0, w * 0.5, w * 0.5, w * 0.38, inside)
        case "wavy":
            drawn = stroke(
                f"M{num(-w)} {num(w * 0.3)}q{num(w * 0.25)} {num(-w * 0.45)} "
                f"{num(w * 0.5)} 0t{num(w * 0.5)} 0t{num(w * 0.5)} 0t{num(w * 0.5)} 0"
            )
        case "tiny":
            drawn = stroke(
                f"M{num(-w * 0.45)} {num(w * 0.15)}Q0 {num(w * 0.6)} {num(w * 0.45)} "
                f"{num(w * 0.15)}"
            )
        case _:
            if face.cat_mouth:
                drawn = stroke(
                    f"M{num(-w * 1.1)} {num(w * 0.1)}Q{num(-w * 0.55)} {num(w * 0.95)} "
                    f"0 0Q{num(w * 0.55)} {num(w * 0.95)} {num(w * 1.1)} {num(w * 0.1)}"
                )
            else:
                drawn = stroke(f"M{num(-w)} 0Q0 {num(w * 0.95)} {num(w)} 0")
    if how.extra == "fang":
        drawn += path(
            (
                f"M{num(w * 0.35)} {num(w * 0.3)}l{num(w * 0.16)} {num(w * 0.5)}"
                f"l{num(w * 0.2)} {num(-w * 0.64)}Z"
            ),
            "#fff8e8",
            width=3,
        )
    return group(drawn, x=x, y=y)
