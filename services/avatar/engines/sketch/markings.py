"""Patterns on a body: spots, stripes, stars, patches."""

from random import Random

from services.avatar.engines.sketch.figure import Coat, Figure
from services.avatar.engines.sketch.svg import clip, flat, path, star, stroke

_SIDES = (
    (-78, -120),
    (-92, -70),
    (-62, -150),
    (74, -130),
    (94, -76),
    (66, -40),
    (-70, -34),
    (84, -104),
    (-88, -96),
    (58, -160),
)


def markings(names: frozenset[str], figure: Figure, coat: Coat, rng: Random) -> str:
    """The named patterns, kept inside the torso and off its belly."""
    if not figure.torso:
        return ""
    drawn = ""
    if "spots" in names:
        drawn += "".join(
            flat(
                x + rng.uniform(-6, 6),
                y,
                r := rng.uniform(8, 14),
                r * 0.85,
                coat.mark,
                0.85,
                rng.uniform(0, 90),
            )
            for x, y in _SIDES
        )
    if "stripes" in names:
        drawn += "".join(
            path(
                f"M{s * 130} {y - 9}L{s * 56} {y + 4}L{s * 130} {y + 11}Z",
                coat.mark,
                "none",
                opacity=0.9,
            )
            for s in (-1, 1)
            for y in range(-160, -10, 32)
        )
    if "stars" in names:
        drawn += "".join(
            path(star(x, y, r := rng.uniform(8, 13), r * 0.45), "#ffe9a0", "none")
            for x, y in _SIDES
        )
    if "patches" in names:
        drawn += "".join(
            flat(x, y, 34, 28, coat.mark, 0.9, rng.uniform(0, 90)) for x, y in _SIDES[::3]
        )
    if "leaves" in names:
        drawn += "".join(stroke(f"M{x} {y}q8 -10 18 -4", "#5f9a4f", 5) for x, y in _SIDES)
    return clip(figure.torso, drawn) + stroke(figure.torso) if drawn else ""
