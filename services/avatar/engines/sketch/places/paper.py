"""No place at all: coloured paper."""

from random import Random

from services.avatar.engines.sketch.colour import darken, lighten, mix
from services.avatar.engines.sketch.places.ground import (
    Canvas,
    Place,
    sky,
)
from services.avatar.engines.sketch.svg import (
    flat,
    group,
    path,
    polygon,
    ring,
    smooth,
    star,
    stroke,
)

_PAPERS = (
    *("#f6c8a0", "#a8d4c4", "#f2b4b0", "#b8c8ea"),
    *("#f4d88a", "#c8b4e0", "#b8d69a", "#8fb8c8"),
)


def paper(c: Canvas, rng: Random) -> Place:
    """No place at all: coloured paper with a printed pattern and a disc of light."""
    ground = c.palette[0] if c.palette else rng.choice(_PAPERS)
    tone = mix(ground, c.palette[1], 0.5) if len(c.palette) > 1 else lighten(ground, 0.34)
    match rng.randrange(5):
        case 0:
            turns = [i * 15 for i in range(24)]
            far = c.width + c.height
            pattern = "".join(
                group(
                    path(
                        polygon([(0, 0), (-far * 0.066, -far), (far * 0.066, -far)]),
                        tone,
                        "none",
                        opacity=0.7,
                    ),
                    c.width / 2,
                    c.floor - 200,
                    turn,
                )
                for turn in turns[::2]
            )
        case 1:
            pattern = "".join(
                flat(x + (26 if (y // 52) % 2 else 0), y, 10, 10, tone)
                for y in range(0, int(c.height) + 50, 52)
                for x in range(0, int(c.width) + 50, 52)
            )
        case 2:
            pattern = "".join(
                stroke(f"M{x} {y}a26 26 0 0 1 52 0", tone, 5)
                for y in range(0, int(c.height) + 50, 30)
                for x in range(-26 * ((y // 30) % 2), int(c.width), 52)
            )
        case 3:
            pattern = "".join(
                group(
                    path("M0 -20C12 -8 12 8 0 20C-12 8 -12 -8 0 -20Z", tone, "none"),
                    x + (30 if (y // 60) % 2 else 0),
                    y,
                    40 if (x // 60) % 2 else -40,
                )
                for y in range(10, int(c.height), 60)
                for x in range(10, int(c.width) + 30, 60)
            )
        case _:
            pattern = "".join(
                path(star(x + (34 if (y // 68) % 2 else 0), y, 13, 5.5), tone, "none")
                for y in range(20, int(c.height), 68)
                for x in range(20, int(c.width) + 30, 68)
            )
    halo = flat(c.width / 2, c.floor - 200, 196, 196, lighten(ground, 0.62), 0.95) + "".join(
        flat(x, y, 4, 4, lighten(ground, 0.6))
        for x, y in ring(c.width / 2, c.floor - 200, 212, 212, 36)
    )
    return Place(
        sky(c, ground, darken(ground, 0.06)) + pattern,
        halo
        + path(
            smooth(
                [
                    (-40, c.floor - 20),
                    (c.width * 0.3, c.floor - 44),
                    (c.width * 0.7, c.floor - 44),
                    (c.width + 40, c.floor - 20),
                    (c.width + 40, c.height + 40),
                    (-40, c.height + 40),
                ]
            ),
            darken(ground, 0.16),
            "none",
        ),
    )
