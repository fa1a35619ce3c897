"""Space, cities, caves and castles."""

from random import Random

from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.places.ground import (
    Canvas,
    Place,
    cloud,
    floor,
    hill,
    sky,
    specks,
    twinkles,
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
    stroke,
)


def space(c: Canvas, rng: Random) -> Place:
    """Planets and a nebula."""
    top, low = rng.choice((("#1f1f4a", "#5a3f8a"), ("#14284a", "#3f6a94"), ("#2f1a44", "#9a4a7a")))
    x, y, tone = (
        c.width * rng.choice((0.16, 0.84)),
        rng.uniform(80, 150),
        rng.choice(("#f2a86a", "#7fd0d0", "#e88ab0", "#f2d06a")),
    )
    planet = (
        oval(x, y, 52, 52, f"url(#soft-{tone[1:]})", "none")
        + oval(x, y, 86, 20, "none", lighten(tone, 0.5), 7, 0.85, -18)
        + oval(x, y - 1, 52, 51, "none", "none")
    )
    moon = flat(c.width - x, y + 150, 20, 20, "#d8dcec") + flat(
        c.width - x - 6, y + 146, 5, 5, "#b8bcd4"
    )
    cloudy = "".join(
        flat(
            rng.uniform(0, c.width),
            rng.uniform(60, c.floor),
            190,
            120,
            glow(rng.choice(("#8a5ac4", "#4f8ad0", "#d06a9a"))),
            0.35,
        )
        for _ in range(3)
    )
    ground = hill(c, c.floor - 30, 8, "#8a84b4", rng) + "".join(
        flat(k, c.floor + 24, 32, 9, "#716b9c") for k in (60, 200, c.width - 80)
    )
    return Place(
        sky(c, top, low) + cloudy,
        specks(c, rng, 70, "#fff8e8") + twinkles(c, rng, 9) + planet + moon + ground,
    )


def city(c: Canvas, rng: Random) -> Place:
    """Roofs and lit windows at dusk."""
    top, low = rng.choice((("#4a4a8a", "#f2a88a"), ("#2f3a6a", "#8a7ac0"), ("#7ab4dc", "#fdecd0")))
    blocks, x = [], -10.0
    while x < c.width:
        w, h = rng.uniform(52, 84), rng.uniform(150, 330)
        tone = rng.choice(("#6a6494", "#7a6c9a", "#5a5c8c", "#86709a"))
        blocks.append(box(x, c.floor - h, w - 4, h, tone, 3, "none"))
        blocks += [
            box(wx, wy, 12, 15, "#ffe6a0" if rng.random() < 0.6 else darken(tone, 0.25), 2, "none")
            for wx in range(int(x) + 10, int(x + w) - 18, 22)
            for wy in range(int(c.floor - h) + 16, int(c.floor) - 60, 32)
        ]
        x += w
    lamps = "".join(
        stroke(f"M{num(k)} {num(c.floor + 20)}V{num(c.floor - 130)}", "#3a3450", 8)
        + flat(k, c.floor - 140, 50, 50, glow("#ffe9a0"))
        + flat(k, c.floor - 140, 12, 14, "#fff4c8")
        for k in (30, c.width - 30)
    )
    return Place(
        sky(c, top, low) + specks(c, rng, 16, "#fff8e0"),
        "".join(blocks) + floor(c, "#8a80a4", rng),
        lamps,
    )


def cave(c: Canvas, rng: Random) -> Place:
    """Stone teeth and glowing crystals."""
    rock, glowing = "#5a4f74", rng.choice(("#7fe0e6", "#c8a0f8", "#8ff2b0"))
    mouth = flat(c.width / 2, c.floor - 180, 270, 270, glow(lighten(glowing, 0.3)), 0.8)
    teeth = "".join(
        path(polygon([(x, -10), (x + w, -10), (x + w / 2, h)]), darken(rock, 0.25), "none")
        for x, w, h in (
            (-10, 90, 190),
            (70, 60, 110),
            (150, 50, 70),
            (c.width - 190, 60, 80),
            (c.width - 130, 70, 140),
            (c.width - 70, 90, 210),
        )
    )
    gems = "".join(
        flat(x, c.floor - h / 2, h * 0.9, h * 0.9, glow(glowing), 0.8)
        + path(
            polygon(
                [
                    (x - w, c.floor + 12),
                    (x - w * 0.8, c.floor - h * 0.7),
                    (x, c.floor - h),
                    (x + w * 0.8, c.floor - h * 0.6),
                    (x + w, c.floor + 12),
                ]
            ),
            down(lighten(glowing, 0.5), glowing),
            "none",
        )
        for x, w, h in (
            (36, 17, 110),
            (78, 13, 70),
            (c.width - 34, 18, 130),
            (c.width - 80, 12, 80),
        )
    )
    return Place(sky(c, "#3f3660", "#6f6290") + mouth, teeth + gems + floor(c, "#564a72", rng))


def castle(c: Canvas, rng: Random) -> Place:
    """Towers with flags behind rolling lawns."""
    top, low = rng.choice((("#a8c8f0", "#fdeedc"), ("#c8a8d8", "#fde0cc"), ("#f2b89a", "#fdf2d4")))

    def tower(x: float, w: float, h: float) -> str:
        y = c.floor - 50 - h
        return (
            box(x - w / 2, y, w, h + 20, "#c4b8cc", stroke="none")
            + box(x, y, w / 2, h + 20, "#b0a4bc", stroke="none")
            + path(
                polygon([(x - w * 0.68, y + 4), (x, y - w * 1.3), (x + w * 0.68, y + 4)]),
                "#c9605a",
                "none",
            )
            + stroke(f"M{num(x)} {num(y - w * 1.3)}v-26", "#7a5844", 4)
            + path(
                polygon([(x, y - w * 1.3 - 26), (x + 28, y - w * 1.3 - 17), (x, y - w * 1.3 - 8)]),
                "#f2c24e",
                "none",
            )
            + box(x - 7, y + 30, 14, 26, "#6a5c7c", 7, "none")
        )

    wall = box(-5, c.floor - 130, c.width + 10, 120, "#bdb0c6", stroke="none") + "".join(
        box(x, c.floor - 148, 24, 22, "#bdb0c6", stroke="none") for x in range(-5, int(c.width), 44)
    )
    return Place(
        sky(c, top, low),
        cloud(c.width * 0.4, 80, 40, "#ffffff", 0.8)
        + tower(66, 74, 190)
        + tower(c.width - 66, 74, 220)
        + tower(c.width * 0.3, 52, 130)
        + tower(c.width * 0.72, 52, 150)
        + wall
        + hill(c, c.floor - 66, 8, "#9cc480", rng)
        + floor(c, "#86b46a", rng),
    )
