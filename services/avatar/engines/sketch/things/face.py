"""Glasses, patches, beards and masks: placed by the eyes and the mouth."""

from services.avatar.engines.sketch.colour import darken
from services.avatar.engines.sketch.figure import Coat, Figure
from services.avatar.engines.sketch.svg import flat, group, num, oval, path, smooth, soft, stroke


def on_face(name: str, colour: str, figure: Figure, coat: Coat) -> str:
    """The named thing on the face of `figure`; empty for what does not go there."""
    face = figure.face
    r = face.eye
    pair = sorted(face.eyes)
    left, right = pair[0], pair[-1]
    middle = ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)
    low = face.mouth or (middle[0], middle[1] + r * 2)
    match name:
        case "glasses":
            frame = colour or "#4a3430"
            lenses = "".join(
                flat(x, y, r * 1.22, r * 1.22, "#dff2fb", 0.26)
                + oval(x, y, r * 1.24, r * 1.24, "none", frame, 6)
                + stroke(
                    (
                        f"M{num(x - r * 0.8)} {num(y - r * 0.5)}q{num(r * 0.3)} "
                        f"{num(-r * 0.4)} {num(r * 0.7)} {num(-r * 0.45)}"
                    ),
                    "#ffffff",
                    4,
                    0.8,
                )
                for x, y in (left, right)
            )
            bridge = stroke(
                (
                    f"M{num(left[0] + r * 1.2)} {num(left[1] - 4)}Q{num(middle[0])} "
                    f"{num(middle[1] - r * 0.5)} {num(right[0] - r * 1.2)} "
                    f"{num(right[1] - 4)}"
                ),
                frame,
                6,
            )
            return lenses + (bridge if right[0] - left[0] > r * 2.3 else "")
        case "monocle":
            rim = oval(right[0], right[1], r * 1.26, r * 1.26, "none", coat.ink, 11)
            glass = flat(right[0], right[1], r * 1.22, r * 1.22, "#dff2fb", 0.3)
            return (
                rim
                + glass
                + oval(right[0], right[1], r * 1.26, r * 1.26, "none", "#f2c24e", 5)
                + stroke(f"M{num(right[0] + r)} {num(right[1] + r * 0.8)}q16 40 0 70", "#d9a53f", 3)
            )
        case "eyepatch":
            x, y = right
            strap = stroke(
                (
                    f"M{num(left[0] - r * 1.3)} {num(left[1] - r * 1.6)}L{num(x + r * 1.5)} "
                    f"{num(y - r * 0.2)}"
                ),
                "#2f2836",
                7,
            )
            return strap + path(
                (
                    f"M{num(x - r * 1.15)} {num(y - r * 0.7)}Q{num(x)} {num(y - r * 1.25)} "
                    f"{num(x + r * 1.15)} {num(y - r * 0.5)}Q{num(x + r * 1.1)} "
                    f"{num(y + r * 1.2)} {num(x)} {num(y + r * 1.25)}Q{num(x - r * 1.1)} "
                    f"{num(y + r * 1.1)} {num(x - r * 1.15)} {num(y - r * 0.7)}Z"
                ),
                soft("#3a3244"),
            )
        case "mask":
            cloth = colour or "#3a3450"
            holes = "".join(
                (
                    f"M{num(x - r * 1.05)} {num(y)}A{num(r * 1.05)} {num(r * 1.08)} 0 1 0 "
                    f"{num(x + r * 1.05)} {num(y)}A{num(r * 1.05)} {num(r * 1.08)} 0 1 0 "
                    f"{num(x - r * 1.05)} {num(y)}Z"
                )
                for x, y in (left, right)
            )
            wide = r * 2.1
            band = smooth(
                [
                    (left[0] - wide, left[1] - r * 0.6),
                    (left[0], left[1] - r * 1.55),
                    (middle[0], middle[1] - r * 1.1),
                    (right[0], right[1] - r * 1.55),
                    (right[0] + wide, right[1] - r * 0.6),
                    (right[0] + r * 0.9, right[1] + r * 1.4),
                    (middle[0], middle[1] + r * 0.9),
                    (left[0] - r * 0.9, left[1] + r * 1.4),
                ]
            )
            return f'<path d="{band}{holes}" fill="{soft(cloth)}" fill-rule="evenodd"/>'
        case "moustache":
            hair = colour or ("#f4f0e8" if coat.mark == coat.base else coat.mark)
            return group(
                path(
                    (
                        "M0 -4C-16 -22 -44 -14 -66 -24C-60 8 -24 16 0 4C24 16 60 8 66 -24"
                        "C44 -14 16 -22 0 -4Z"
                    ),
                    soft(hair),
                ),
                x=low[0],
                y=low[1] - 4,
                scale=max(0.5, face.mouth_width / 24),
            )
        case "beard":
            if "person" in figure.tags:
                return ""
            hair = colour or "#f4f0e8"
            fall = (
                "M-58 -6C-66 40 -36 104 0 122C36 104 66 40 58 -6C40 10 20 12 0 6C-20 12 "
                "-40 10 -58 -6Z"
            )
            locks = stroke(
                "M-24 30Q-20 70 -6 96M4 34V100M28 30Q24 66 14 90", darken(hair, 0.2), 4, 0.7
            )
            return group(
                path(fall, soft(hair)) + locks,
                x=low[0],
                y=low[1] + face.mouth_width * 0.75 + 4,
                scale=0.85,
            )
        case "scar":
            x, y = right
            return stroke(
                (
                    f"M{num(x + r * 0.2)} {num(y - r * 1.7)}L{num(x - r * 0.1)} "
                    f"{num(y - r * 1.05)}M{num(x + r * 0.05)} {num(y + r * 1.05)}"
                    f"L{num(x - r * 0.3)} {num(y + r * 1.8)}M{num(x - r * 0.5)} "
                    f"{num(y + r * 1.3)}l{num(r * 0.5)} {num(r * 0.2)}"
                ),
                "#b4544a",
                5,
            )
        case "freckles":
            return "".join(
                flat(x + dx, y + dy - 4, 3, 3, darken(coat.base, 0.4), 0.7)
                for x, y in face.cheeks
                for dx, dy in ((-12, 0), (0, 6), (12, 0), (-4, -8), (8, -8))
            )
        case _:
            return ""
