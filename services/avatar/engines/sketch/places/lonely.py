"""Farms, ruins, the night and the clouds."""

from random import Random

from services.avatar.engines.sketch.colour import lighten
from services.avatar.engines.sketch.places.ground import (
    Canvas,
    Place,
    cloud,
    disc,
    fir,
    floor,
    hill,
    sky,
    specks,
    tufts,
    twinkles,
)
from services.avatar.engines.sketch.svg import (
    box,
    flat,
    glow,
    num,
    path,
    polygon,
    stroke,
)


def farm(c: Canvas, rng: Random) -> Place:
    """A red barn and a fence."""
    x = c.width * rng.choice((0.16, 0.84))
    barn = (
        path(
            polygon(
                [
                    (x - 70, c.floor - 30),
                    (x - 70, c.floor - 120),
                    (x - 46, c.floor - 170),
                    (x, c.floor - 196),
                    (x + 46, c.floor - 170),
                    (x + 70, c.floor - 120),
                    (x + 70, c.floor - 30),
                ]
            ),
            "#c9544a",
            "none",
        )
        + box(x - 24, c.floor - 96, 48, 66, "#fbf0dc", stroke="none")
        + stroke(f"M{num(x - 24)} {num(c.floor - 96)}l48 66m0 -66l-48 66", "#c9544a", 6)
    )
    fence = (
        "".join(
            box(k, c.floor - 66, 13, 60, "#fbf2de", 4, "none") for k in range(0, int(c.width), 44)
        )
        + box(-5, c.floor - 54, c.width + 10, 9, "#f0e2c4", stroke="none")
        + box(-5, c.floor - 30, c.width + 10, 9, "#f0e2c4", stroke="none")
    )
    return Place(
        sky(c, "#a8d8ec", "#fdf2d4"),
        cloud(120, 110, 50, "#ffffff")
        + hill(c, c.floor - 110, 14, "#c8d080", rng)
        + barn
        + floor(c, "#94bf66", rng)
        + fence,
        tufts(c, rng, "#6a9a48", 6),
    )


def ruins(c: Canvas, rng: Random) -> Place:
    """Broken columns under a pale moon."""

    def column(x: float, h: float) -> str:
        return (
            box(x - 20, c.floor - h, 40, h, "#a8a0b4", stroke="none")
            + stroke(
                (
                    f"M{num(x - 8)} {num(c.floor - h)}V{num(c.floor)}M{num(x + 8)} "
                    f"{num(c.floor - h)}V{num(c.floor)}"
                ),
                "#8a8298",
                4,
            )
            + box(x - 30, c.floor - h - 14, 60, 16, "#b8b0c4", 4, "none")
        )

    return Place(
        sky(c, "#7a86b4", "#f0dcd8") + disc(c.width * 0.78, 96, 38, "#fff6dc"),
        hill(c, c.floor - 90, 16, "#8f9ab0", rng)
        + column(46, 250)
        + column(120, 130)
        + column(c.width - 50, 200)
        + column(c.width - 128, 290)
        + floor(c, "#86a07f", rng),
        tufts(c, rng, "#6a8866", 6),
    )


def night(c: Canvas, rng: Random) -> Place:
    """Stars, a moon and dark hills."""
    top, low = rng.choice((("#2a2f66", "#7a6ab0"), ("#1f3a66", "#5f94b4"), ("#3a2a60", "#c07a9a")))
    x = c.width * rng.choice((0.18, 0.82))
    crescent = path(
        f"M{num(x)} 50A44 44 0 1 0 {num(x + 36)} 122A36 36 0 1 1 {num(x)} 50Z", "#fff2c4", "none"
    )
    firs = "".join(
        fir(k, c.floor - 24, rng.uniform(50, 84), "#33406a")
        for k in (26, 84, c.width - 88, c.width - 24)
    )
    return Place(
        sky(c, top, low) + specks(c, rng, 60, "#fff8e0") + twinkles(c, rng, 7),
        flat(x + 6, 88, 100, 100, glow("#fff2c4"), 0.5)
        + crescent
        + hill(c, c.floor - 90, 16, "#4a5288", rng)
        + firs
        + floor(c, "#3d4878", rng),
        tufts(c, rng, "#2f3a62", 5),
    )


def clouds(c: Canvas, rng: Random) -> Place:
    """High up, on the clouds."""
    top, low = rng.choice((("#8fc8f0", "#fdf0e0"), ("#f6a8b0", "#fdf0d0"), ("#a8a8e8", "#fbe4ec")))
    bow = (
        "".join(
            stroke(
                (
                    f"M{num(c.width / 2 - 230 + i * 13)} {num(c.floor)}A{230 - i * 13} "
                    f"{230 - i * 13} 0 0 1 {num(c.width / 2 + 230 - i * 13)} {num(c.floor)}"
                ),
                tone,
                13,
                0.75,
            )
            for i, tone in enumerate(
                ("#f28a8a", "#f8b878", "#f8e28a", "#a0d89a", "#8ac4ec", "#b8a0e6")
            )
        )
        if rng.random() < 0.5
        else disc(c.width * 0.2, 100, 40, "#fff6d0")
    )
    banks = "".join(
        cloud(x, y, s, "#ffffff", 0.85)
        for x, y, s in ((40, 190, 60), (c.width - 60, 150, 70), (c.width * 0.7, 70, 36))
    )
    ground = "".join(
        cloud(x, c.floor + rng.uniform(20, 50), 110, "#ffffff", 1)
        for x in range(0, int(c.width) + 100, 90)
    )
    return Place(
        sky(c, top, low),
        bow
        + banks
        + ground
        + box(-5, c.floor + 18, c.width + 10, c.height, "#ffffff", stroke="none"),
        cloud(20, c.floor + 60, 80, lighten(low, 0.4), 1)
        + cloud(c.width - 20, c.floor + 60, 80, lighten(low, 0.4), 1),
    )
