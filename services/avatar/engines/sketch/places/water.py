"""Under water and beside it."""

from random import Random

from services.avatar.engines.sketch.colour import darken
from services.avatar.engines.sketch.places.ground import (
    Canvas,
    Place,
    disc,
    floor,
    hill,
    sky,
)
from services.avatar.engines.sketch.svg import (
    box,
    down,
    flat,
    glow,
    num,
    oval,
    path,
    polygon,
    star,
    stroke,
)


def sea(c: Canvas, rng: Random) -> Place:
    """Under water: light from above, weeds, coral."""
    top, low = rng.choice((("#8fe0e4", "#2f78a8"), ("#a8ecd8", "#2f8a94"), ("#9ac8f0", "#3f5aa0")))
    rays = "".join(
        path(
            polygon(
                [
                    (x, -10),
                    (x + 46, -10),
                    (x - 30 + rng.uniform(-60, 60), c.floor),
                    (x - 110, c.floor),
                ]
            ),
            "#ffffff",
            "none",
            opacity=0.14,
        )
        for x in (120, 240, 360, 470)
    )

    def weed(x: float, h: float, tone: str) -> str:
        return stroke(
            (
                f"M{num(x)} {num(c.floor + 30)}q-22 {num(-h * 0.25)} 0 {num(-h * 0.5)}t0 "
                f"{num(-h * 0.5)}"
            ),
            tone,
            13,
        )

    weeds = (
        weed(28, 220, "#4fa88a")
        + weed(62, 150, "#3f9478")
        + weed(c.width - 30, 250, "#4fa88a")
        + weed(c.width - 66, 160, "#3f9478")
    )
    coral = "".join(
        stroke(f"M{num(x)} {num(c.floor + 40)}v-50m0 20l-22 -26m22 10l24 -30m-24 20v-34", tone, 13)
        for x, tone in ((50, "#f28a8a"), (c.width - 50, "#f2b45f"))
    )
    bubbles = "".join(
        oval(
            rng.uniform(10, c.width - 10),
            rng.uniform(20, c.floor - 60),
            r := rng.uniform(4, 12),
            r,
            "#ffffff",
            "#ffffff",
            2.5,
            0.4,
        )
        for _ in range(12)
    )
    return Place(
        sky(c, top, low),
        rays
        + bubbles
        + hill(c, c.floor - 50, 14, darken(low, 0.12), rng)
        + weeds
        + floor(c, "#e4cfa0", rng),
        coral,
    )


def shore(c: Canvas, rng: Random) -> Place:
    """Sand, surf and a lighthouse or a sail."""
    y = c.floor - 130
    water = box(-5, y, c.width + 10, 160, down("#6fc0d8", "#a8e0dc"), stroke="none") + "".join(
        stroke(f"M{x} {num(y + 20 + (x % 3) * 18)}q14 -9 28 0t28 0", "#ffffff", 4, 0.7)
        for x in range(10, int(c.width), 84)
    )
    x = c.width * rng.choice((0.14, 0.86))
    if rng.random() < 0.6:
        thing = (
            path(
                polygon([(x - 26, y + 4), (x - 17, y - 150), (x + 17, y - 150), (x + 26, y + 4)]),
                "#fbf4e6",
                "none",
            )
            + "".join(
                path(
                    polygon(
                        [
                            (x - 24 + i * 2.2, y - 24 - i * 50),
                            (x - 22 + i * 2.2, y - 50 - i * 50),
                            (x + 22 - i * 2.2, y - 50 - i * 50),
                            (x + 24 - i * 2.2, y - 24 - i * 50),
                        ]
                    ),
                    "#d9534a",
                    "none",
                )
                for i in range(3)
            )
            + box(x - 13, y - 176, 26, 26, "#ffe28a", stroke="none")
            + path(polygon([(x - 20, y - 176), (x, y - 200), (x + 20, y - 176)]), "#d9534a", "none")
            + flat(x, y - 163, 60, 40, glow("#fff0b0"))
        )
    else:
        thing = (
            path(
                (
                    f"M{num(x - 50)} {num(y + 2)}H{num(x + 50)}L{num(x + 34)} {num(y + 24)}"
                    f"H{num(x - 34)}Z"
                ),
                "#a8683f",
                "none",
            )
            + path(polygon([(x, y - 4), (x, y - 104), (x + 50, y - 14)]), "#fdf6e6", "none")
            + path(polygon([(x - 6, y - 4), (x - 6, y - 84), (x - 40, y - 14)]), "#f2b4a0", "none")
        )
    shells = "".join(
        path(star(k, c.floor + 34, 15, 7), "#f29a7a", "none") for k in (54, c.width - 60)
    )
    return Place(
        sky(
            c, *rng.choice((("#8fd0ec", "#fdf2d8"), ("#f8b8a0", "#fdeccc"), ("#a8c0ec", "#fbe4e0")))
        )
        + disc(c.width * 0.5, 80, 32, "#fff4c4"),
        water + thing + floor(c, "#f0d8a4", rng),
        shells,
    )
