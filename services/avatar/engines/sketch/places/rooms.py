"""Libraries, rooms, kitchens, workshops and stages."""

from random import Random

from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.places.ground import (
    Canvas,
    Place,
    cloud,
    floor,
    sky,
)
from services.avatar.engines.sketch.svg import (
    box,
    down,
    flat,
    glow,
    num,
    path,
    polygon,
    star,
    stroke,
)


def _shelves(c: Canvas, rng: Random) -> str:
    drawn = []
    tones = ("#b8503f", "#5b86b4", "#7aa05a", "#d9a53f", "#8a6aa8", "#c9783f", "#4f8a8a", "#e4d0a8")
    for y in range(30, int(c.floor) - 60, 96):
        x = 6.0
        while x < c.width:
            w, h = rng.uniform(14, 26), rng.uniform(54, 78)
            if rng.random() < 0.88:
                tone = rng.choice(tones)
                drawn.append(
                    box(x, y + 78 - h, w - 2, h, darken(tone, 0.12), 2, "none")
                    + box(x, y + 78 - h + 10, w - 2, 5, lighten(tone, 0.4), stroke="none")
                )
            x += w
        drawn.append(box(-5, y + 78, c.width + 10, 13, "#7a5038", stroke="none"))
    return "".join(drawn)


def library(c: Canvas, rng: Random) -> Place:
    """Shelves up to the ceiling, warm light."""
    wall = sky(c, "#6a4434", "#8f6044") + _shelves(c, rng)
    light = flat(c.width / 2, c.floor - 190, 290, 280, glow("#ffe2a0"), 0.85)
    piles = "".join(
        box(x + dx, c.floor + 14 - i * 19, 84, 20, tone, 4, "none")
        for x in (-14, c.width - 70)
        for i, (tone, dx) in enumerate((("#b8503f", 0), ("#5b86b4", 7), ("#d9a53f", -5)))
    )
    return Place(wall, light + floor(c, "#a8704a", rng), piles)


def room(c: Canvas, rng: Random) -> Place:
    """A papered wall, a window, a rug."""
    paper, stripe = rng.choice(
        (
            ("#f2d8b8", "#ecc8a4"),
            ("#c8dccc", "#b8d0be"),
            ("#e6ccd4", "#dcbcc6"),
            ("#c4d4e4", "#b4c6da"),
        )
    )
    stripes = "".join(
        box(x, -5, 22, c.floor, stripe, stroke="none") for x in range(0, int(c.width), 50)
    )
    wx = c.width * rng.choice((0.06, 0.64))
    window = (
        box(wx, 50, 150, 170, "#fbf4e4", 10, "none")
        + box(wx + 10, 60, 130, 150, down("#8fcbec", "#fdf0d0"), 5, "none")
        + cloud(wx + 84, 150, 30, "#ffffff")
        + box(wx + 71, 60, 9, 150, "#fbf4e4", stroke="none")
        + box(wx + 10, 128, 130, 9, "#fbf4e4", stroke="none")
        + path(
            (
                f"M{num(wx - 14)} 44H{num(wx + 60)}Q{num(wx + 30)} 120 {num(wx - 14)} 200Z"
                f"M{num(wx + 164)} 44H{num(wx + 90)}Q{num(wx + 120)} 120 {num(wx + 164)} 200"
                "Z"
            ),
            "#d9705f",
            "none",
            opacity=0.9,
        )
    )
    boards = box(
        -5, c.floor - 50, c.width + 10, c.height, down("#c99a68", "#a87848"), stroke="none"
    ) + box(-5, c.floor - 62, c.width + 10, 14, "#fbf4e4", stroke="none")
    rug = (
        flat(c.width / 2, c.floor + 6, 220, 36, "#b8504a")
        + flat(c.width / 2, c.floor + 5, 196, 29, "#e8b86a")
        + flat(c.width / 2, c.floor + 4, 170, 23, "#c9605a")
    )
    return Place(sky(c, paper, lighten(paper, 0.3)) + stripes, window + boards + rug)


def kitchen(c: Canvas, rng: Random) -> Place:
    """Tiles, pots on hooks, a shelf of jars."""
    tint = rng.choice(("#a8d4cc", "#f2c8a8", "#b8cce8"))
    tiles = "".join(
        stroke(f"M{x} -5V{num(c.floor)}", lighten(tint, 0.5), 3) for x in range(0, int(c.width), 48)
    ) + "".join(
        stroke(f"M-5 {y}H{num(c.width + 5)}", lighten(tint, 0.5), 3)
        for y in range(10, int(c.floor), 48)
    )
    rail = box(-5, 40, c.width + 10, 8, "#8a5f44", stroke="none")
    pots = "".join(
        stroke(f"M{num(x)} 44V66", "#8a94a6", 5)
        + path(
            (
                f"M{num(x - 32)} 66H{num(x + 32)}Q{num(x + 30)} 112 {num(x)} 112"
                f"Q{num(x - 30)} 112 {num(x - 32)} 66Z"
            ),
            tone,
            "none",
        )
        for x, tone in (
            (54, "#c9783f"),
            (134, "#8a94a6"),
            (c.width - 58, "#c9605a"),
            (c.width - 140, "#d9a53f"),
        )
    )
    shelf = "".join(
        box(x0, 220, 110, 10, "#a8704a", stroke="none")
        + "".join(
            box(x0 + 8 + i * 34, 178, 26, 42, tone, 7, "none")
            + box(x0 + 10 + i * 34, 172, 22, 9, "#8a5f44", 3, "none")
            for i, tone in enumerate(("#f2a86a", "#d9605a", "#a8c870"))
        )
        for x0 in (0, c.width - 112)
    )
    counter = box(-5, c.floor - 44, c.width + 10, 18, "#fbf0dc", stroke="none") + box(
        -5, c.floor - 28, c.width + 10, c.height, down("#c98f5f", "#a87048"), stroke="none"
    )
    return Place(sky(c, tint, lighten(tint, 0.35)) + tiles, rail + pots + shelf + counter)


def workshop(c: Canvas, rng: Random) -> Place:
    """Gears on the wall, tools, a bench."""
    wall = rng.choice(("#8aa0a8", "#b09a84", "#948aa8"))

    def gear(x: float, y: float, r: float, tone: str) -> str:
        return (
            path(star(x, y, r, r * 0.8, 12), tone, "none")
            + flat(x, y, r * 0.72, r * 0.72, tone)
            + flat(x, y, r * 0.3, r * 0.3, darken(wall, 0.1))
        )

    gears = (
        gear(60, 110, 64, "#d9a860")
        + gear(150, 54, 38, "#c08a58")
        + gear(c.width - 66, 90, 58, "#c8905a")
        + gear(c.width - 40, 200, 44, "#dcb470")
        + gear(30, 230, 40, "#b88a60")
    )
    planks = "".join(
        stroke(f"M-5 {y}H{num(c.width + 5)}", darken(wall, 0.1), 3)
        for y in range(50, int(c.floor), 60)
    )
    bench = box(-5, c.floor - 46, c.width + 10, 20, "#b88458", stroke="none") + box(
        -5, c.floor - 28, c.width + 10, c.height, down("#8f6244", "#74503a"), stroke="none"
    )
    bulb = flat(c.width / 2, 60, 200, 170, glow("#ffeeb8"), 0.8)
    return Place(sky(c, darken(wall, 0.12), lighten(wall, 0.25)) + planks, gears + bulb + bench)


def stage(c: Canvas, _rng: Random) -> Place:
    """Curtains and spotlights."""
    folds = "".join(
        path(
            (
                f"M{num(x)} -5H{num(x + 40)}Q{num(x + 46)} {num(c.floor * 0.6)} "
                f"{num(x + 30)} {num(c.floor)}H{num(x + 6)}Q{num(x - 6)} "
                f"{num(c.floor * 0.6)} {num(x)} -5Z"
            ),
            down("#c9444a", "#8f2f44"),
            "none",
        )
        for x in (-10, 24, 58, c.width - 98, c.width - 64, c.width - 30)
    )
    beams = "".join(
        path(
            polygon(
                [
                    (x - 12, -5),
                    (x + 12, -5),
                    (c.width / 2 + 120, c.floor),
                    (c.width / 2 - 120, c.floor),
                ]
            ),
            "#fff6cc",
            "none",
            opacity=0.22,
        )
        for x in (c.width * 0.3, c.width * 0.7)
    )
    top = "".join(
        path(f"M{x} -5Q{x + 45} 70 {x + 90} -5Z", "#b83a44", "none")
        for x in range(-20, int(c.width), 84)
    )
    boards = box(
        -5, c.floor - 46, c.width + 10, c.height, down("#c98f5a", "#a06a42"), stroke="none"
    ) + flat(c.width / 2, c.floor, 200, 34, "#fff0c0", 0.4)
    return Place(sky(c, "#4a3466", "#8a5a8a"), beams + folds + top + boards)
