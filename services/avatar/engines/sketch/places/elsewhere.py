"""Water, space, rooms, towns, and plain patterned paper."""

from random import Random

from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.places.ground import Canvas, Place, cloud, disc, floor, hill, sky, specks, twinkles
from services.avatar.engines.sketch.svg import box, down, flat, glow, group, num, oval, path, polygon, ring, smooth, star, stroke


def sea(c: Canvas, rng: Random) -> Place:
    """Under water: light from above, weeds, coral."""
    top, low = rng.choice((("#8fe0e4", "#2f78a8"), ("#a8ecd8", "#2f8a94"), ("#9ac8f0", "#3f5aa0")))
    rays = "".join(path(polygon([(x, -10), (x + 46, -10), (x - 30 + rng.uniform(-60, 60), c.floor), (x - 110, c.floor)]), "#ffffff", "none", opacity=0.14) for x in (120, 240, 360, 470))
    def weed(x: float, h: float, tone: str) -> str:
        return stroke(f"M{num(x)} {num(c.floor + 30)}q-22 {num(-h * 0.25)} 0 {num(-h * 0.5)}t0 {num(-h * 0.5)}", tone, 13)
    weeds = weed(28, 220, "#4fa88a") + weed(62, 150, "#3f9478") + weed(c.width - 30, 250, "#4fa88a") + weed(c.width - 66, 160, "#3f9478")
    coral = "".join(stroke(f"M{num(x)} {num(c.floor + 40)}v-50m0 20l-22 -26m22 10l24 -30m-24 20v-34", tone, 13) for x, tone in ((108, "#f28a8a"), (c.width - 108, "#f2b45f")))
    bubbles = "".join(oval(rng.uniform(10, c.width - 10), rng.uniform(20, c.floor - 60), r := rng.uniform(4, 12), r, "#ffffff", "#ffffff", 2.5, 0.4) for _ in range(12))
    return Place(sky(c, top, low), rays + bubbles + hill(c, c.floor - 50, 14, darken(low, 0.12), rng) + weeds + floor(c, "#e4cfa0", rng), coral)


def shore(c: Canvas, rng: Random) -> Place:
    """Sand, surf and a lighthouse or a sail."""
    y = c.floor - 130
    water = box(-5, y, c.width + 10, 160, down("#6fc0d8", "#a8e0dc"), stroke="none") + "".join(stroke(f"M{x} {num(y + 20 + (x % 3) * 18)}q14 -9 28 0t28 0", "#ffffff", 4, 0.7) for x in range(10, int(c.width), 84))
    x = c.width * rng.choice((0.14, 0.86))
    if rng.random() < 0.6:
        thing = path(polygon([(x - 26, y + 4), (x - 17, y - 150), (x + 17, y - 150), (x + 26, y + 4)]), "#fbf4e6", "none") + "".join(path(polygon([(x - 24 + i * 2.2, y - 24 - i * 50), (x - 22 + i * 2.2, y - 50 - i * 50), (x + 22 - i * 2.2, y - 50 - i * 50), (x + 24 - i * 2.2, y - 24 - i * 50)]), "#d9534a", "none") for i in range(3)) + box(x - 13, y - 176, 26, 26, "#ffe28a", stroke="none") + path(polygon([(x - 20, y - 176), (x, y - 200), (x + 20, y - 176)]), "#d9534a", "none") + flat(x, y - 163, 60, 40, glow("#fff0b0"))
    else:
        thing = path(f"M{num(x - 50)} {num(y + 2)}H{num(x + 50)}L{num(x + 34)} {num(y + 24)}H{num(x - 34)}Z", "#a8683f", "none") + path(polygon([(x, y - 4), (x, y - 104), (x + 50, y - 14)]), "#fdf6e6", "none") + path(polygon([(x - 6, y - 4), (x - 6, y - 84), (x - 40, y - 14)]), "#f2b4a0", "none")
    shells = "".join(path(star(k, c.floor + 34, 15, 7), "#f29a7a", "none") for k in (54, c.width - 60))
    return Place(sky(c, *rng.choice((("#8fd0ec", "#fdf2d8"), ("#f8b8a0", "#fdeccc"), ("#a8c0ec", "#fbe4e0")))) + disc(c.width * 0.5, 80, 32, "#fff4c4"), water + thing + floor(c, "#f0d8a4", rng), shells)


def space(c: Canvas, rng: Random) -> Place:
    """Planets and a nebula."""
    top, low = rng.choice((("#1f1f4a", "#5a3f8a"), ("#14284a", "#3f6a94"), ("#2f1a44", "#9a4a7a")))
    x, y, tone = c.width * rng.choice((0.16, 0.84)), rng.uniform(80, 150), rng.choice(("#f2a86a", "#7fd0d0", "#e88ab0", "#f2d06a"))
    planet = oval(x, y, 52, 52, f"url(#soft-{tone[1:]})", "none") + oval(x, y, 86, 20, "none", lighten(tone, 0.5), 7, 0.85, -18) + oval(x, y - 1, 52, 51, "none", "none")
    moon = flat(c.width - x, y + 150, 20, 20, "#d8dcec") + flat(c.width - x - 6, y + 146, 5, 5, "#b8bcd4")
    cloudy = "".join(flat(rng.uniform(0, c.width), rng.uniform(60, c.floor), 190, 120, glow(rng.choice(("#8a5ac4", "#4f8ad0", "#d06a9a"))), 0.35) for _ in range(3))
    ground = hill(c, c.floor - 30, 8, "#8a84b4", rng) + "".join(flat(k, c.floor + 24, 32, 9, "#716b9c") for k in (60, 200, c.width - 80))
    return Place(sky(c, top, low) + cloudy, specks(c, rng, 70, "#fff8e8") + twinkles(c, rng, 9) + planet + moon + ground)


def city(c: Canvas, rng: Random) -> Place:
    """Roofs and lit windows at dusk."""
    top, low = rng.choice((("#4a4a8a", "#f2a88a"), ("#2f3a6a", "#8a7ac0"), ("#7ab4dc", "#fdecd0")))
    blocks, x = [], -10.0
    while x < c.width:
        w, h = rng.uniform(52, 84), rng.uniform(150, 330)
        tone = rng.choice(("#6a6494", "#7a6c9a", "#5a5c8c", "#86709a"))
        blocks.append(box(x, c.floor - h, w - 4, h, tone, 3, "none"))
        blocks += [box(wx, wy, 12, 15, "#ffe6a0" if rng.random() < 0.6 else darken(tone, 0.25), 2, "none") for wx in range(int(x) + 10, int(x + w) - 18, 22) for wy in range(int(c.floor - h) + 16, int(c.floor) - 60, 32)]
        x += w
    lamps = "".join(stroke(f"M{num(k)} {num(c.floor + 20)}V{num(c.floor - 130)}", "#3a3450", 8) + flat(k, c.floor - 140, 50, 50, glow("#ffe9a0")) + flat(k, c.floor - 140, 12, 14, "#fff4c8") for k in (30, c.width - 30))
    return Place(sky(c, top, low) + specks(c, rng, 16, "#fff8e0"), "".join(blocks) + floor(c, "#8a80a4", rng), lamps)


def _shelves(c: Canvas, rng: Random) -> str:
    drawn = []
    tones = ("#b8503f", "#5b86b4", "#7aa05a", "#d9a53f", "#8a6aa8", "#c9783f", "#4f8a8a", "#e4d0a8")
    for y in range(30, int(c.floor) - 60, 96):
        x = 6.0
        while x < c.width:
            w, h = rng.uniform(14, 26), rng.uniform(54, 78)
            if rng.random() < 0.88:
                tone = rng.choice(tones)
                drawn.append(box(x, y + 78 - h, w - 2, h, darken(tone, 0.12), 2, "none") + box(x, y + 78 - h + 10, w - 2, 5, lighten(tone, 0.4), stroke="none"))
            x += w
        drawn.append(box(-5, y + 78, c.width + 10, 13, "#7a5038", stroke="none"))
    return "".join(drawn)


def library(c: Canvas, rng: Random) -> Place:
    """Shelves up to the ceiling, warm light."""
    wall = sky(c, "#6a4434", "#8f6044") + _shelves(c, rng)
    light = flat(c.width / 2, c.floor - 190, 290, 280, glow("#ffe2a0"), 0.85)
    piles = "".join(box(x + dx, c.floor + 14 - i * 19, 84, 20, tone, 4, "none") for x in (-14, c.width - 70) for i, (tone, dx) in enumerate((("#b8503f", 0), ("#5b86b4", 7), ("#d9a53f", -5))))
    return Place(wall, light + floor(c, "#a8704a", rng), piles)


def room(c: Canvas, rng: Random) -> Place:
    """A papered wall, a window, a rug."""
    paper, stripe = rng.choice((("#f2d8b8", "#ecc8a4"), ("#c8dccc", "#b8d0be"), ("#e6ccd4", "#dcbcc6"), ("#c4d4e4", "#b4c6da")))
    stripes = "".join(box(x, -5, 22, c.floor, stripe, stroke="none") for x in range(0, int(c.width), 50))
    wx = c.width * rng.choice((0.06, 0.64))
    window = box(wx, 50, 150, 170, "#fbf4e4", 10, "none") + box(wx + 10, 60, 130, 150, down("#8fcbec", "#fdf0d0"), 5, "none") + cloud(wx + 84, 150, 30, "#ffffff") + box(wx + 71, 60, 9, 150, "#fbf4e4", stroke="none") + box(wx + 10, 128, 130, 9, "#fbf4e4", stroke="none") + path(f"M{num(wx - 14)} 44H{num(wx + 60)}Q{num(wx + 30)} 120 {num(wx - 14)} 200ZM{num(wx + 164)} 44H{num(wx + 90)}Q{num(wx + 120)} 120 {num(wx + 164)} 200Z", "#d9705f", "none", opacity=0.9)
    boards = box(-5, c.floor - 50, c.width + 10, c.height, down("#c99a68", "#a87848"), stroke="none") + box(-5, c.floor - 62, c.width + 10, 14, "#fbf4e4", stroke="none")
    rug = flat(c.width / 2, c.floor + 6, 220, 36, "#b8504a") + flat(c.width / 2, c.floor + 5, 196, 29, "#e8b86a") + flat(c.width / 2, c.floor + 4, 170, 23, "#c9605a")
    return Place(sky(c, paper, lighten(paper, 0.3)) + stripes, window + boards + rug)


def kitchen(c: Canvas, rng: Random) -> Place:
    """Tiles, pots on hooks, a shelf of jars."""
    tint = rng.choice(("#a8d4cc", "#f2c8a8", "#b8cce8"))
    tiles = "".join(stroke(f"M{x} -5V{num(c.floor)}", lighten(tint, 0.5), 3) for x in range(0, int(c.width), 48)) + "".join(stroke(f"M-5 {y}H{num(c.width + 5)}", lighten(tint, 0.5), 3) for y in range(10, int(c.floor), 48))
    rail = box(-5, 40, c.width + 10, 8, "#8a5f44", stroke="none")
    pots = "".join(stroke(f"M{num(x)} 44V66", "#8a94a6", 5) + path(f"M{num(x - 32)} 66H{num(x + 32)}Q{num(x + 30)} 112 {num(x)} 112Q{num(x - 30)} 112 {num(x - 32)} 66Z", tone, "none") for x, tone in ((54, "#c9783f"), (134, "#8a94a6"), (c.width - 58, "#c9605a"), (c.width - 140, "#d9a53f")))
    shelf = "".join(box(x0, 220, 110, 10, "#a8704a", stroke="none") + "".join(box(x0 + 8 + i * 34, 178, 26, 42, tone, 7, "none") + box(x0 + 10 + i * 34, 172, 22, 9, "#8a5f44", 3, "none") for i, tone in enumerate(("#f2a86a", "#d9605a", "#a8c870"))) for x0 in (0, c.width - 112))
    counter = box(-5, c.floor - 44, c.width + 10, 18, "#fbf0dc", stroke="none") + box(-5, c.floor - 28, c.width + 10, c.height, down("#c98f5f", "#a87048"), stroke="none")
    return Place(sky(c, tint, lighten(tint, 0.35)) + tiles, rail + pots + shelf + counter)


def workshop(c: Canvas, rng: Random) -> Place:
    """Gears on the wall, tools, a bench."""
    wall = rng.choice(("#8aa0a8", "#b09a84", "#948aa8"))
    def gear(x: float, y: float, r: float, tone: str) -> str:
        return path(star(x, y, r, r * 0.8, 12), tone, "none") + flat(x, y, r * 0.72, r * 0.72, tone) + flat(x, y, r * 0.3, r * 0.3, darken(wall, 0.1))
    gears = gear(60, 110, 64, "#d9a860") + gear(150, 54, 38, "#c08a58") + gear(c.width - 66, 90, 58, "#c8905a") + gear(c.width - 40, 200, 44, "#dcb470") + gear(30, 230, 40, "#b88a60")
    planks = "".join(stroke(f"M-5 {y}H{num(c.width + 5)}", darken(wall, 0.1), 3) for y in range(50, int(c.floor), 60))
    bench = box(-5, c.floor - 46, c.width + 10, 20, "#b88458", stroke="none") + box(-5, c.floor - 28, c.width + 10, c.height, down("#8f6244", "#74503a"), stroke="none")
    bulb = flat(c.width / 2, 60, 200, 170, glow("#ffeeb8"), 0.8)
    return Place(sky(c, darken(wall, 0.12), lighten(wall, 0.25)) + planks, gears + bulb + bench)


def cave(c: Canvas, rng: Random) -> Place:
    """Stone teeth and glowing crystals."""
    rock, glowing = "#5a4f74", rng.choice(("#7fe0e6", "#c8a0f8", "#8ff2b0"))
    mouth = flat(c.width / 2, c.floor - 180, 270, 270, glow(lighten(glowing, 0.3)), 0.8)
    teeth = "".join(path(polygon([(x, -10), (x + w, -10), (x + w / 2, h)]), darken(rock, 0.25), "none") for x, w, h in ((-10, 90, 190), (70, 60, 110), (150, 50, 70), (c.width - 190, 60, 80), (c.width - 130, 70, 140), (c.width - 70, 90, 210)))
    gems = "".join(flat(x, c.floor - h / 2, h * 0.9, h * 0.9, glow(glowing), 0.8) + path(polygon([(x - w, c.floor + 12), (x - w * 0.8, c.floor - h * 0.7), (x, c.floor - h), (x + w * 0.8, c.floor - h * 0.6), (x + w, c.floor + 12)]), down(lighten(glowing, 0.5), glowing), "none") for x, w, h in ((36, 17, 110), (78, 13, 70), (c.width - 34, 18, 130), (c.width - 80, 12, 80)))
    return Place(sky(c, "#3f3660", "#6f6290") + mouth, teeth + gems + floor(c, "#564a72", rng))


def castle(c: Canvas, rng: Random) -> Place:
    """Towers with flags behind rolling lawns."""
    top, low = rng.choice((("#a8c8f0", "#fdeedc"), ("#c8a8d8", "#fde0cc"), ("#f2b89a", "#fdf2d4")))
    def tower(x: float, w: float, h: float) -> str:
        y = c.floor - 50 - h
        return box(x - w / 2, y, w, h + 20, "#c4b8cc", stroke="none") + box(x, y, w / 2, h + 20, "#b0a4bc", stroke="none") + path(polygon([(x - w * 0.68, y + 4), (x, y - w * 1.3), (x + w * 0.68, y + 4)]), "#c9605a", "none") + stroke(f"M{num(x)} {num(y - w * 1.3)}v-26", "#7a5844", 4) + path(polygon([(x, y - w * 1.3 - 26), (x + 28, y - w * 1.3 - 17), (x, y - w * 1.3 - 8)]), "#f2c24e", "none") + box(x - 7, y + 30, 14, 26, "#6a5c7c", 7, "none")
    wall = box(-5, c.floor - 130, c.width + 10, 120, "#bdb0c6", stroke="none") + "".join(box(x, c.floor - 148, 24, 22, "#bdb0c6", stroke="none") for x in range(-5, int(c.width), 44))
    return Place(sky(c, top, low), cloud(c.width * 0.4, 80, 40, "#ffffff", 0.8) + tower(66, 74, 190) + tower(c.width - 66, 74, 220) + tower(c.width * 0.3, 52, 130) + tower(c.width * 0.72, 52, 150) + wall + hill(c, c.floor - 66, 8, "#9cc480", rng) + floor(c, "#86b46a", rng))


def stage(c: Canvas, rng: Random) -> Place:
    """Curtains and spotlights."""
    folds = "".join(path(f"M{num(x)} -5H{num(x + 40)}Q{num(x + 46)} {num(c.floor * 0.6)} {num(x + 30)} {num(c.floor)}H{num(x + 6)}Q{num(x - 6)} {num(c.floor * 0.6)} {num(x)} -5Z", down("#c9444a", "#8f2f44"), "none") for x in (-10, 24, 58, c.width - 98, c.width - 64, c.width - 30))
    beams = "".join(path(polygon([(x - 12, -5), (x + 12, -5), (c.width / 2 + 120, c.floor), (c.width / 2 - 120, c.floor)]), "#fff6cc", "none", opacity=0.22) for x in (c.width * 0.3, c.width * 0.7))
    top = "".join(path(f"M{x} -5Q{x + 45} 70 {x + 90} -5Z", "#b83a44", "none") for x in range(-20, int(c.width), 84))
    boards = box(-5, c.floor - 46, c.width + 10, c.height, down("#c98f5a", "#a06a42"), stroke="none") + flat(c.width / 2, c.floor, 200, 34, "#fff0c0", 0.4)
    return Place(sky(c, "#4a3466", "#8a5a8a"), beams + folds + top + boards)


def paper(c: Canvas, rng: Random) -> Place:
    """No place at all: coloured paper with a printed pattern and a disc of light."""
    ground = rng.choice(("#f6c8a0", "#a8d4c4", "#f2b4b0", "#b8c8ea", "#f4d88a", "#c8b4e0", "#b8d69a", "#8fb8c8"))
    tone = lighten(ground, 0.34)
    match rng.randrange(5):
        case 0:
            turns = [i * 15 for i in range(24)]
            far = c.width + c.height
            pattern = "".join(group(path(polygon([(0, 0), (-far * 0.066, -far), (far * 0.066, -far)]), tone, "none", opacity=0.7), c.width / 2, c.floor - 200, turn) for turn in turns[::2])
        case 1:
            pattern = "".join(flat(x + (26 if (y // 52) % 2 else 0), y, 10, 10, tone) for y in range(0, int(c.height) + 50, 52) for x in range(0, int(c.width) + 50, 52))
        case 2:
            pattern = "".join(stroke(f"M{x} {y}a26 26 0 0 1 52 0", tone, 5) for y in range(0, int(c.height) + 50, 30) for x in range(-26 * ((y // 30) % 2), int(c.width), 52))
        case 3:
            pattern = "".join(group(path("M0 -20C12 -8 12 8 0 20C-12 8 -12 -8 0 -20Z", tone, "none"), x + (30 if (y // 60) % 2 else 0), y, 40 if (x // 60) % 2 else -40) for y in range(10, int(c.height), 60) for x in range(10, int(c.width) + 30, 60))
        case _:
            pattern = "".join(path(star(x + (34 if (y // 68) % 2 else 0), y, 13, 5.5), tone, "none") for y in range(20, int(c.height), 68) for x in range(20, int(c.width) + 30, 68))
    halo = flat(c.width / 2, c.floor - 200, 196, 196, lighten(ground, 0.62), 0.95) + "".join(flat(x, y, 4, 4, lighten(ground, 0.6)) for x, y in ring(c.width / 2, c.floor - 200, 212, 212, 36))
    return Place(sky(c, ground, darken(ground, 0.06)) + pattern, halo + path(smooth([(-40, c.floor - 20), (c.width * 0.3, c.floor - 44), (c.width * 0.7, c.floor - 44), (c.width + 40, c.floor - 20), (c.width + 40, c.height + 40), (-40, c.height + 40)]), darken(ground, 0.16), "none"))
