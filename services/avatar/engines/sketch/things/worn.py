"""What is worn on neck, chest and back, and what grows there."""

from services.avatar.engines.sketch.bodies.wings import (
    SPAN,
    feathered_wing,
    gauzy_wing,
    leather_wing,
)
from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.figure import Coat, Figure
from services.avatar.engines.sketch.svg import (
    both,
    box,
    clip,
    flat,
    group,
    num,
    oval,
    path,
    polygon,
    soft,
    stroke,
)

# Wings that somebody wears, or was born with though its kind is not, by their drawn size.
_WINGED = 1.12


def on_body(name: str, colour: str, figure: Figure) -> str:
    """The named thing at neck or chest, drawn before the head."""
    x, y = figure.neck
    k = figure.neck_width / 66
    match name:
        case "scarf":
            wool = colour or "#d9534a"
            wrap = path(
                (
                    "M-72 -20C-40 4 40 4 72 -20C84 -8 84 16 70 26C30 46 -30 46 -70 26"
                    "C-84 16 -84 -8 -72 -20Z"
                ),
                soft(wool),
            )
            end = path(
                "M22 24C36 50 36 80 30 104L66 98C72 70 66 40 56 18Z", soft(darken(wool, 0.08))
            ) + stroke("M30 84L68 78M34 60L66 54", lighten(wool, 0.5), 7)
            ribs = stroke(
                "M-48 0Q-44 14 -48 32M-16 8Q-12 22 -16 38M18 8Q22 22 18 38M50 0Q54 12 50 30",
                lighten(wool, 0.5),
                6,
                0.85,
            )
            return group(end + wrap + ribs, x=x, y=y, scale=k)
        case "bowtie":
            silk = colour or "#c9403f"
            return group(
                path("M0 10L-44 -14Q-54 12 -44 36ZM0 10L44 -14Q54 12 44 36Z", soft(silk))
                + oval(0, 11, 12, 13, soft(darken(silk, 0.15))),
                x=x,
                y=y,
                scale=max(k, 0.8),
            )
        case "tie":
            silk = colour or "#4f74b0"
            return group(
                path("M-14 0H14L10 22L22 88L0 110L-22 88L-10 22Z", soft(silk))
                + stroke("M-18 60L14 40M-16 86L20 64", lighten(silk, 0.4), 5),
                x=x,
                y=y,
            )
        case "collar":
            band = colour or "#d9483f"
            return group(
                path("M-64 -10C-30 14 30 14 64 -10L64 8C30 34 -30 34 -64 8Z", soft(band))
                + oval(0, 34, 17, 17, soft("#f2c24e"))
                + stroke("M-10 38H10M0 38V48", "", 4),
                x=x,
                y=y,
                scale=k,
            )
        case "necklace" | "beads":
            beads = "".join(
                oval(bx, by, 9, 9, soft(colour or "#f2c24e"), width=3)
                for bx, by in ((-58, -4), (-44, 12), (-26, 24), (26, 24), (44, 12), (58, -4))
            )
            return group(
                beads
                + path(
                    polygon([(0, 14), (16, 30), (0, 54), (-16, 30)]),
                    soft("#4fc0b8" if name == "necklace" else "#c9783f"),
                ),
                x=x,
                y=y,
                scale=k,
            )
        case "stethoscope":
            return group(
                stroke("M-56 -8C-50 50 10 60 14 90M56 -8C50 30 30 44 14 60", "#3f4a64", 7)
                + oval(14, 98, 15, 15, soft("#c2c9d4")),
                x=x,
                y=y,
                scale=k,
            )
        case "apron":
            w, (cx, cy) = figure.chest_width * 0.72, figure.chest
            cloth = colour or "#f6efe0"
            d = (
                f"M{num(cx - w * 0.6)} {num(cy - 40)}H{num(cx + w * 0.6)}L{num(cx + w)} "
                f"{num(cy + 10)}V{num(cy + 66)}Q{num(cx)} {num(cy + 88)} {num(cx - w)} "
                f"{num(cy + 66)}V{num(cy + 10)}Z"
            )
            pocket = path(
                (
                    f"M{num(cx - w * 0.45)} {num(cy + 22)}H{num(cx + w * 0.45)}"
                    f"V{num(cy + 48)}Q{num(cx)} {num(cy + 62)} {num(cx - w * 0.45)} "
                    f"{num(cy + 48)}Z"
                ),
                lighten(cloth, 0.3),
                width=4,
            )
            return path(d, soft(cloth)) + pocket
        case "vest":
            w, (cx, cy) = figure.chest_width * 0.9, figure.chest
            cloth = soft(colour or "#8a5a8a")
            half = (
                f"M{num(w * 0.2)} -56Q{num(w * 0.2)} -10 4 0V70Q{num(w * 0.7)} 72 {num(w)} "
                f"56V-20Q{num(w * 0.7)} -56 {num(w * 0.55)} -66Z"
            )
            return group(
                both(path(half, cloth))
                + flat(0, 20, 4, 4, "#f2c24e")
                + flat(0, 44, 4, 4, "#f2c24e"),
                x=cx,
                y=cy,
            )
        case "chain_mail":
            w, (cx, cy) = figure.chest_width * 0.94, figure.chest
            steel = colour or "#aab4c2"
            shirt = (
                f"M{num(-w * 0.6)} -66Q0 -44 {num(w * 0.6)} -66L{num(w)} -34V44"
                f"L{num(w * 0.75)} 66L{num(w * 0.5)} 54L{num(w * 0.25)} 70L0 58"
                f"L{num(-w * 0.25)} 70L{num(-w * 0.5)} 54L{num(-w * 0.75)} 66L{num(-w)} 44V-34Z"
            )
            rings = "".join(
                stroke(f"M{num(rx)} {ry}q7 13 14 0", darken(steel, 0.42), 3)
                for ry in range(-62, 74, 11)
                for rx in range(-112 + ry % 2 * 7, 112, 14)
            )
            return group(path(shirt, soft(steel)) + clip(shirt, rings) + stroke(shirt), x=cx, y=cy)
        case "backpack":
            w, (cx, cy) = figure.chest_width * 0.62, figure.chest
            return group(
                both(
                    stroke(
                        f"M{num(w)} -50C{num(w * 0.9)} -10 {num(w)} 20 {num(w * 1.1)} 44", "", 19
                    )
                    + stroke(
                        f"M{num(w)} -50C{num(w * 0.9)} -10 {num(w)} 20 {num(w * 1.1)} 44",
                        colour or "#a8683f",
                        11,
                    )
                ),
                x=cx,
                y=cy,
            )
        case "cape":
            cloth = colour or "#b8403f"
            return group(
                path("M-70 -18C-36 8 36 8 70 -18L76 6C30 36 -30 36 -76 6Z", soft(cloth))
                + oval(0, 18, 13, 13, soft("#f2c24e")),
                x=x,
                y=y,
                scale=k,
            )
        case _:
            return ""


def behind(name: str, colour: str, figure: Figure, coat: Coat) -> str:
    """What is seen behind the body: wings, a cape, a backpack."""
    bx, by = figure.back
    sideways = "sideways" in figure.tags
    match name:
        case "leather_wings":
            wing = leather_wing(darken(coat.base, 0.15), colour or coat.accent)
        case "feather_wings":
            tone = colour or lighten(coat.base, 0.55)
            wing = feathered_wing(tone, lighten(tone, 0.5))
        case "gauze_wings":
            wing = gauzy_wing(colour or "#cfeaf8")
        case "cape":
            x, y = figure.neck
            w = figure.neck_width * 1.1
            d = (
                f"M{num(x - w * 0.8)} {num(y)}C{num(x - w * 2.2)} {num(y * 0.5)} "
                f"{num(x - w * 2)} -20 {num(x - w * 1.8)} -8C{num(x - w)} 8 {num(x + w)} 8 "
                f"{num(x + w * 1.8)} -8C{num(x + w * 2)} -20 {num(x + w * 2.2)} "
                f"{num(y * 0.5)} {num(x + w * 0.8)} {num(y)}Z"
            )
            return path(d, soft(darken(colour or "#b8403f", 0.1)))
        case "backpack":
            return group(
                box(-78, -80, 156, 130, soft(colour or "#a8683f"), 34),
                x=figure.chest[0],
                y=figure.chest[1] - 10,
            )
        case _:
            return ""
    if sideways:
        return group(wing, x=bx, y=by - 10, turn=-18, scale=1.05)
    return both(group(wing, x=bx, y=by, scale=_WINGED))


def span(name: str, figure: Figure) -> float:
    """How far the named thing on its back spreads to either side."""
    if "wings" not in name or "sideways" in figure.tags:
        return 0
    return figure.back[0] + _WINGED * SPAN


def space_helmet(figure: Figure) -> str:
    """A glass globe around the head, and its collar."""
    face = figure.face
    x = sum(eye[0] for eye in face.eyes) / len(face.eyes)
    y = (face.crown[1] + figure.neck[1]) / 2 - 6
    r = max(128.0, (figure.neck[1] - face.crown[1]) / 2 + 40)
    shine = stroke(
        (
            f"M{num(x - r * 0.72)} {num(y - r * 0.2)}Q{num(x - r * 0.6)} {num(y - r * 0.66)}"
            f" {num(x - r * 0.2)} {num(y - r * 0.78)}"
        ),
        "#ffffff",
        11,
        0.85,
    )
    ring_ = path(
        (
            f"M{num(x - r * 0.8)} {num(y + r * 0.62)}Q{num(x)} {num(y + r * 1.02)} "
            f"{num(x + r * 0.8)} {num(y + r * 0.62)}L{num(x + r * 0.86)} {num(y + r * 0.82)}"
            f"Q{num(x)} {num(y + r * 1.26)} {num(x - r * 0.86)} {num(y + r * 0.82)}Z"
        ),
        soft("#e9eef4"),
    )
    return (
        flat(x, y, r, r, "#cfeafb", 0.24) + oval(x, y, r, r, "none", "#e9f4fb", 7) + shine + ring_
    )
