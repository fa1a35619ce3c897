"""The eyes: large, bright and lit from below, as the whole picture hangs on them."""

from dataclasses import replace

from services.avatar.engines.sketch.colour import darken, lighten, lightness
from services.avatar.engines.sketch.figure import Coat, Face
from services.avatar.engines.sketch.lids import closed_eye, lids
from services.avatar.engines.sketch.mood import Expression
from services.avatar.engines.sketch.svg import Point, flat, iris, num, oval, path, star, stroke

_NIGHT = "#241528"


def with_eyes(face: Face, count: int, stalked: bool) -> Face:
    """The face with `count` eyes, 3 or 4: the others above its own two, or between two stalks."""
    if len(face.eyes) != 2 or count < 3:
        return face
    r = face.eye * 0.78
    (left, y), (right, _) = face.eyes
    middle, half = (left + right) / 2, (right - left) / 2
    if stalked:
        low = y + face.eye + r * 1.1
        more = [(middle, low)] if count == 3 else [(middle - r * 1.1, low), (middle + r * 1.1, low)]
    elif count == 3:
        more = [(middle, y - r * 1.25)]
    else:
        more = [(middle - r * 1.05, y - r * 1.75), (middle + r * 1.05, y - r * 1.75)]
    out = max(half, r * 1.55)
    own = ((middle - out, y + r * 0.25), (middle + out, y + r * 0.25))
    if stalked:
        return replace(face, eyes=(*more, *face.eyes), eye=face.eye * 0.86)
    return replace(face, eyes=(*more, *own), eye=r)


def eyes(face: Face, how: Expression, coat: Coat, starry: bool = False) -> str:
    """All eyes of a face with their lids."""
    pieces = []
    for x, y in face.eyes:
        if how.closed:
            ink = "#fff3d6" if face.dark_eyes else coat.ink
            pieces.append(closed_eye(x, y, face.eye, ink, asleep=how.lid == 1))
        else:
            pieces.append(_eye((x, y), face.eye, how, coat, starry))
    return "".join(pieces) + lids(face, how, coat)


def _eye(centre: Point, r: float, how: Expression, coat: Coat, starry: bool) -> str:
    x, y = centre
    look_x = x + how.gaze[0] * r * 0.18
    look_y = y + how.gaze[1] * r * 0.14 + r * 0.03
    pupil = r * 0.5 * how.pupil
    white = oval(x, y, r * 0.95, r, "#fffaf0", coat.ink, 4)
    # A dark iris takes a lighter ring, so that its pupil still shows.
    tone = lighten(coat.eye, 0.12) if lightness(coat.eye) < 0.25 else coat.eye
    globe = oval(look_x, look_y, r * 0.84, r * 0.89, iris(tone), darken(tone, 0.6), r * 0.07)
    core = flat(look_x, look_y - r * 0.04, pupil, pupil * 1.08, _NIGHT)
    dew = flat(look_x + r * 0.08, look_y + r * 0.55, r * 0.4, r * 0.16, lighten(tone, 0.6), 0.75)
    shine = flat(look_x - r * 0.27, look_y - r * 0.34, r * 0.27, r * 0.29, "#ffffff")
    if starry:
        shine = path(
            star(look_x - r * 0.2, look_y - r * 0.25, r * 0.4, r * 0.15, 4), "#ffffff", "none"
        )
    small = flat(look_x + r * 0.34, look_y + r * 0.18, r * 0.13, r * 0.14, "#ffffff", 0.9)
    left, right, top = num(x - r * 0.93), num(x + r * 0.93), num(y - r * 0.22)
    lash = stroke(
        f"M{left} {top}A{num(r * 0.95)} {num(r)} 0 0 1 {right} {top}", coat.ink, max(4.0, r * 0.19)
    )
    return white + globe + core + dew + shine + small + lash
