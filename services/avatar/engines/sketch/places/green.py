"""Meadows, woods, gardens and ponds."""

from random import Random

from services.avatar.engines.sketch.colour import darken
from services.avatar.engines.sketch.places.ground import (
    Canvas,
    Place,
    blossoms,
    cloud,
    disc,
    floor,
    hill,
    round_tree,
    sky,
    tufts,
)
from services.avatar.engines.sketch.svg import (
    box,
    down,
    flat,
    num,
    path,
    polygon,
    smooth,
    stroke,
)

_PETALS = ("#f29ab4", "#fdf6e8", "#f8d24a", "#b89ae6", "#f28a6a")


def meadow(c: Canvas, rng: Random) -> Place:
    """Green hills under clouds."""
    top, low = rng.choice((("#a8d8ee", "#fdf0d0"), ("#f8c8a8", "#fdeec8"), ("#bfe6dc", "#fbf6d8")))
    clouds = "".join(
        cloud(rng.uniform(0, c.width), rng.uniform(60, 170), rng.uniform(34, 60), "#ffffff", 0.75)
        for _ in range(3)
    )
    return Place(
        sky(c, top, low) + disc(c.width * rng.choice((0.16, 0.84)), 90, 34, "#fff2b8"),
        clouds
        + hill(c, c.floor - 130, 22, "#a8cf8a", rng)
        + hill(c, c.floor - 84, 14, "#8fc070", rng)
        + floor(c, "#7ab05c", rng),
        tufts(c, rng, "#5f9a4a", 4) + blossoms(c, rng, _PETALS),
    )


def forest(c: Canvas, rng: Random) -> Place:
    """Tall trunks in green light."""
    top, low = rng.choice((("#8fc4a0", "#f2f0c0"), ("#6fa89a", "#d8ecc0"), ("#a8c888", "#fbf0c8")))
    far = "".join(
        box(x, -10, rng.uniform(14, 24), c.floor, "#7fae8c", stroke="none")
        for x in range(10, int(c.width), 58)
    )
    near = "".join(
        path(
            (
                f"M{x - 22} -10L{x - 17} {num(c.floor - 40)}Q{x - 30} {num(c.floor - 10)} "
                f"{x - 44} {num(c.floor)}H{x + 44}Q{x + 30} {num(c.floor - 10)} {x + 17} "
                f"{num(c.floor - 40)}L{x + 22} -10Z"
            ),
            down("#6a5a50", "#4f4440"),
            "none",
        )
        for x in (round(c.width * 0.07), round(c.width * 0.93))
    )
    rays = "".join(
        path(
            polygon([(x, -10), (x + 50, -10), (x - 60, c.floor), (x - 150, c.floor)]),
            "#fffbe0",
            "none",
            opacity=0.16,
        )
        for x in (150, 300, 450)
    )
    bushes = "".join(
        round_tree(x, c.floor + 6, rng.uniform(60, 90), "#6a9a5f")
        for x in (40, c.width - 46, 120, c.width - 130)
    )
    caps = "".join(
        path(f"M{num(x - 12)} {num(c.floor + 22)}q12 -24 24 0Z", "#d9534a", "none")
        + box(x - 4, c.floor + 20, 8, 14, "#fbf0da", 3, "none")
        for x in (54, c.width - 70)
    )
    return Place(
        sky(c, top, low),
        far + rays + bushes + near + floor(c, "#6f9a56", rng),
        tufts(c, rng, "#4f8048", 6) + caps,
    )


def autumn(c: Canvas, rng: Random) -> Place:
    """Orange woods, leaves coming down."""
    trees = "".join(
        round_tree(
            x, c.floor - 20, rng.uniform(120, 180), rng.choice(("#e88a3f", "#d9603a", "#f0b44a"))
        )
        for x in (20, 100, c.width - 96, c.width - 14)
    )
    leaves = "".join(
        flat(
            rng.uniform(0, c.width),
            rng.uniform(20, c.floor),
            8,
            4.5,
            rng.choice(("#e8763a", "#d9503a", "#f2c04f")),
            0.9,
            rng.uniform(0, 180),
        )
        for _ in range(22)
    )
    piles = "".join(
        flat(
            rng.choice((rng.uniform(0, 130), rng.uniform(c.width - 130, c.width))),
            c.floor + rng.uniform(10, 44),
            13,
            7,
            rng.choice(("#e8763a", "#c9503a", "#f2c04f")),
            1,
            rng.uniform(0, 180),
        )
        for _ in range(16)
    )
    return Place(
        sky(c, "#f8d8a0", "#fdf2d8"),
        hill(c, c.floor - 110, 18, "#eab878", rng) + trees + leaves + floor(c, "#c98f56", rng),
        piles,
    )


def jungle(c: Canvas, rng: Random) -> Place:
    """Great leaves and hanging vines."""
    canes = "".join(
        stroke(f"M{x} -10V{num(c.floor)}", rng.choice(("#8fbf6a", "#7aae62")), 17)
        + "".join(
            stroke(f"M{x - 9} {y}h18", "#5f8f4f", 3) for y in range(20 + (x % 40), int(c.floor), 74)
        )
        for x in (24, 74, round(c.width) - 30, round(c.width) - 84)
    )
    vines = "".join(
        stroke(f"M{x} -8Q{x + 20} {y / 2:.0f} {x + 6} {y:.0f}", "#5f9a56", 6)
        + "".join(flat(x + 12, k, 12, 6, "#6fae5f", 1, 30) for k in range(20, int(y), 26))
        for x, y in (
            (140, rng.uniform(60, 120)),
            (c.width - 140, rng.uniform(60, 120)),
            (c.width / 2 + 40, 40),
        )
    )
    fronds = "".join(
        path(
            "M0 0C30 -80 90 -110 150 -100C120 -60 60 -10 0 0Z", down("#6fb060", "#3f804f"), "none"
        ).replace("<path", f'<path transform="translate({x:.0f} {y:.0f}) rotate({t})"', 1)
        for x, y, t in (
            (-20, c.floor + 40, -20),
            (-30, c.floor + 70, 16),
            (c.width + 20, c.floor + 40, -110),
            (c.width + 30, c.floor + 74, -150),
        )
    )
    return Place(sky(c, "#a8dcb0", "#f6f4c8"), canes + vines + floor(c, "#6f9f58", rng), fronds)


def garden(c: Canvas, rng: Random) -> Place:
    """Roses on a trellis, flowers everywhere."""
    arch = stroke(
        (
            f"M40 {num(c.floor)}V200C40 40 {num(c.width - 40)} 40 {num(c.width - 40)} 200"
            f"V{num(c.floor)}"
        ),
        "#c9a07a",
        13,
    )
    roses = "".join(
        flat(x + rng.uniform(-9, 9), y, 16, 10, "#6fa85f", 1, rng.uniform(0, 180))
        + flat(x, y, 12, 12, rng.choice(_PETALS))
        for x, y in [(40, y) for y in range(200, int(c.floor), 42)]
        + [(c.width - 40, y) for y in range(200, int(c.floor), 42)]
        + [(c.width * t, 86 + 230 * (t - 0.5) ** 2 * 2) for t in (0.2, 0.32, 0.44, 0.56, 0.68, 0.8)]
    )
    hedge = path(
        smooth(
            [
                (-30, c.floor - 80),
                (60, c.floor - 110),
                (140, c.floor - 86),
                (240, c.floor - 112),
                (340, c.floor - 88),
                (430, c.floor - 112),
                (c.width + 30, c.floor - 90),
                (c.width + 30, c.floor + 60),
                (-30, c.floor + 60),
            ]
        ),
        "#8fbc78",
        "none",
    )
    return Place(
        sky(c, rng.choice(("#bfe4e0", "#fbd8d0", "#d8e0f6")), "#fdf6dc"),
        hedge + arch + roses + floor(c, "#86b868", rng),
        blossoms(c, rng, _PETALS, 12),
    )


def pond(c: Canvas, rng: Random) -> Place:
    """Still water, reeds and lily pads."""
    y = c.floor - 96
    water = box(-5, y, c.width + 10, c.height, down("#9ad0cc", "#4f98a4"), stroke="none") + "".join(
        stroke(
            (
                f"M{num(rng.uniform(0, c.width))} {num(rng.uniform(y + 12, c.height - 20))}"
                f"h{num(rng.uniform(30, 70))}"
            ),
            "#d8f2ec",
            4,
            0.6,
        )
        for _ in range(10)
    )
    reeds = "".join(
        stroke(
            (
                f"M{num(x)} {num(c.floor + 10)}Q{num(x + 6)} {num(c.floor - 90)} "
                f"{num(x + d)} {num(c.floor - h)}"
            ),
            "#5f9a5a",
            7,
        )
        + flat(x + d, c.floor - h - 16, 7, 22, "#8a5a3c")
        for x, d, h in (
            (30, 10, 170),
            (58, -8, 130),
            (c.width - 34, -12, 190),
            (c.width - 64, 8, 140),
        )
    )
    pad = flat(c.width / 2, c.floor + 4, 190, 32, darken("#6fae5c", 0.15)) + flat(
        c.width / 2, c.floor - 1, 190, 31, "#7abb66"
    )
    lilies = "".join(
        flat(x, c.floor + 40, 50, 13, "#6fae5c")
        + flat(x, c.floor + 30, 9, 12, "#f8b8cc")
        + flat(x - 10, c.floor + 33, 8, 10, "#fbd0dc", 1, -30)
        + flat(x + 10, c.floor + 33, 8, 10, "#fbd0dc", 1, 30)
        for x in (60, c.width - 70)
    )
    return Place(
        sky(c, "#b8e0d8", "#fbf4d0"),
        hill(c, y - 20, 14, "#8fbc86", rng) + water + reeds + pad,
        lilies,
    )
