"""The eyes: large, bright and lit from below, as the whole picture hangs on them."""

from services.avatar.engines.sketch.colour import lightness
from services.avatar.engines.sketch.figure import Coat, Face
from services.avatar.engines.sketch.mood import Expression, closed_eye, lids
from services.avatar.engines.sketch.svg import flat, iris, oval, path, star, stroke


def eyes(face: Face, how: Expression, coat: Coat, starry: bool = False) -> str:
    """All eyes of a face with their lids."""
    pieces = []
    for x, y in face.eyes:
        if how.closed:
            ink = "#fff3d6" if face.dark_eyes else coat.ink
            pieces.append(closed_eye(x, y, face.eye, ink, asleep=how.lid == 1))
        else:
            pieces.append(_eye(x, y, face.eye, how, coat, starry))
    return "".join(pieces) + lids(face, how, coat)


def _eye(x: float, y: float, r: float, how: Expression, coat: Coat, starry: bool) -> str:
    look_x = x + how.gaze[0] * r * 0.17
    look_y = y + how.gaze[1] * r * 0.14 + r * 0.04
    dark = "#1f1426"
    pupil = r * 0.46 * how.pupil
    white = oval(x, y, r * 0.95, r, "#fffaf0", coat.ink, 4)
    globe = oval(look_x, look_y, r * 0.76, r * 0.8, iris(coat.eye), "none")
    # A dark eye keeps a visible pupil by a ring of its own colour around it.
    core = flat(
        look_x, look_y, pupil, pupil * 1.06, dark, 0.95 if lightness(coat.eye) > 0.25 else 0.7
    )
    lash = stroke(
        f"M{x - r * 0.93:.1f} {y - r * 0.22:.1f}A{r * 0.95:.1f} {r:.1f} 0 0 1 {x + r * 0.93:.1f} {y - r * 0.22:.1f}",
        coat.ink,
        max(4.0, r * 0.2),
    )
    shine = flat(look_x - r * 0.27, look_y - r * 0.32, r * 0.24, r * 0.26, "#ffffff")
    small = flat(look_x + r * 0.3, look_y + r * 0.3, r * 0.12, r * 0.12, "#ffffff", 0.85)
    if starry:
        shine = path(
            star(look_x - r * 0.2, look_y - r * 0.25, r * 0.36, r * 0.14, 4), "#ffffff", "none"
        )
    return white + globe + core + shine + small + lash
