"""Meadows, woods, mountains, deserts, snow and the like."""

from random import Random

from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.places.ground import (
    Canvas, Place, blossoms, cloud, disc, fir, floor, hill, peak, round_tree, sky, specks, tufts, twinkles,
)
from services.avatar.engines.sketch.svg import box, down, flat, glow, num, path, polygon, smooth, stroke

_PETALS = ("#f29ab4", "#fdf6e8", "#f8d24a", "#b89ae6", "#f28a6a")


def meadow(c: Canvas, rng: Random) -> Place:
    """Green hills under clouds."""
    top, low = rng.choice((("#a8d8ee", "#fdf0d0"), ("#f8c8a8", "#fdeec8"), ("#bfe6dc", "#fbf6d8")))
    clouds = "".join(cloud(rng.uniform(0, c.width), rng.uniform(60, 170), rng.uniform(34, 60), "#ffffff", 0.75) for _ in range(3))
    return Place(sky(c, top, low) + disc(c.width * rng.choice((0.16, 0.84)), 90, 34, "#fff2b8"), clouds + hill(c, c.floor - 130, 22, "#a8cf8a", rng) + hill(c, c.floor - 84, 14, "#8fc070", rng) + floor(c, "#7ab05c", rng), tufts(c, rng, "#5f9a4a", 4) + blossoms(c, rng, _PETALS))


def forest(c: Canvas, rng: Random) -> Place:
    """Tall trunks in green light."""
    top, low = rng.choice((("#8fc4a0", "#f2f0c0"), ("#6fa89a", "#d8ecc0"), ("#a8c888", "#fbf0c8")))
    far = "".join(box(x, -10, rng.uniform(14, 24), c.floor, "#7fae8c", stroke="none") for x in range(10, int(c.width), 58))
    near = "".join(path(f"M{x - 22} -10L{x - 17} {num(c.floor - 40)}Q{x - 30} {num(c.floor - 10)} {x - 44} {num(c.floor)}H{x + 44}Q{x + 30} {num(c.floor - 10)} {x + 17} {num(c.floor - 40)}L{x + 22} -10Z", down("#6a5a50", "#4f4440"), "none") for x in (round(c.width * 0.07), round(c.width * 0.93)))
    rays = "".join(path(polygon([(x, -10), (x + 50, -10), (x - 60, c.floor), (x - 150, c.floor)]), "#fffbe0", "none", opacity=0.16) for x in (150, 300, 450))
    bushes = "".join(round_tree(x, c.floor + 6, rng.uniform(60, 90), "#6a9a5f") for x in (40, c.width - 46, 120, c.width - 130))
    caps = "".join(path(f"M{num(x - 12)} {num(c.floor + 22)}q12 -24 24 0Z", "#d9534a", "none") + box(x - 4, c.floor + 20, 8, 14, "#fbf0da", 3, "none") for x in (54, c.width - 70))
    return Place(sky(c, top, low), far + rays + bushes + near + floor(c, "#6f9a56", rng), tufts(c, rng, "#4f8048", 6) + caps)


def autumn(c: Canvas, rng: Random) -> Place:
    """Orange woods, leaves coming down."""
    trees = "".join(round_tree(x, c.floor - 20, rng.uniform(120, 180), rng.choice(("#e88a3f", "#d9603a", "#f0b44a"))) for x in (20, 100, c.width - 96, c.width - 14))
    leaves = "".join(flat(rng.uniform(0, c.width), rng.uniform(20, c.floor), 8, 4.5, rng.choice(("#e8763a", "#d9503a", "#f2c04f")), 0.9, rng.uniform(0, 180)) for _ in range(22))
    piles = "".join(flat(rng.choice((rng.uniform(0, 130), rng.uniform(c.width - 130, c.width))), c.floor + rng.uniform(10, 44), 13, 7, rng.choice(("#e8763a", "#c9503a", "#f2c04f")), 1, rng.uniform(0, 180)) for _ in range(16))
    return Place(sky(c, "#f8d8a0", "#fdf2d8"), hill(c, c.floor - 110, 18, "#eab878", rng) + trees + leaves + floor(c, "#c98f56", rng), piles)


def jungle(c: Canvas, rng: Random) -> Place:
    """Great leaves and hanging vines."""
    canes = "".join(stroke(f"M{x} -10V{num(c.floor)}", rng.choice(("#8fbf6a", "#7aae62")), 17) + "".join(stroke(f"M{x - 9} {y}h18", "#5f8f4f", 3) for y in range(20 + (x % 40), int(c.floor), 74)) for x in (24, 74, round(c.width) - 30, round(c.width) - 84))
    vines = "".join(stroke(f"M{x} -8Q{x + 20} {y / 2:.0f} {x + 6} {y:.0f}", "#5f9a56", 6) + "".join(flat(x + 12, k, 12, 6, "#6fae5f", 1, 30) for k in range(20, int(y), 26)) for x, y in ((140, rng.uniform(60, 120)), (c.width - 140, rng.uniform(60, 120)), (c.width / 2 + 40, 40)))
    fronds = "".join(path("M0 0C30 -80 90 -110 150 -100C120 -60 60 -10 0 0Z", down("#6fb060", "#3f804f"), "none").replace("<path", f'<path transform="translate({x:.0f} {y:.0f}) rotate({t})"', 1) for x, y, t in ((-20, c.floor + 40, -20), (-30, c.floor + 70, 16), (c.width + 20, c.floor + 40, -110), (c.width + 30, c.floor + 74, -150)))
    return Place(sky(c, "#a8dcb0", "#f6f4c8"), canes + vines + floor(c, "#6f9f58", rng), fronds)


def snow(c: Canvas, rng: Random) -> Place:
    """White hills, firs, flakes."""
    top, low = rng.choice((("#a8cce8", "#f2f2fa"), ("#c8b8e0", "#fbeef0"), ("#7fa0cc", "#dce8f6")))
    firs = "".join(fir(x, c.floor - rng.uniform(40, 60), rng.uniform(56, 92), "#5f8f98") for x in (30, 100, c.width - 110, c.width - 36))
    return Place(sky(c, top, low), peak(c.width * 0.25, c.floor, 330, 260, "#b4c6e0", "#ffffff") + peak(c.width * 0.8, c.floor, 300, 210, "#a8bcd8", "#ffffff") + hill(c, c.floor - 80, 12, "#e4ecf8", rng) + firs + floor(c, "#f2f5fb", rng), specks(c, rng, 34, "#ffffff", 5))


def desert(c: Canvas, rng: Random) -> Place:
    """Dunes, a low sun and cacti."""
    top, low = rng.choice((("#f8b48a", "#fdeac0"), ("#8fd0e0", "#fdf0d0"), ("#e89aa0", "#fcdcb0")))
    def saguaro(x: float, y: float, s: float) -> str:
        return stroke(f"M{num(x)} {num(y)}v{num(-s)}M{num(x)} {num(y - s * 0.35)}h{num(s * 0.3)}v{num(-s * 0.3)}M{num(x)} {num(y - s * 0.5)}h{num(-s * 0.28)}v{num(-s * 0.24)}", "#6f9f68", s * 0.2)
    return Place(sky(c, top, low) + disc(c.width * 0.2, c.floor - 210, 44, "#fff0c0"), peak(c.width * 0.82, c.floor - 50, 200, 150, "#e0a878") + hill(c, c.floor - 100, 24, "#f0c488", rng) + saguaro(c.width * 0.12, c.floor - 40, 96) + saguaro(c.width * 0.9, c.floor - 30, 120) + floor(c, "#ecbc7a", rng), "".join(stroke(f"M{x} {num(c.floor + 20)}q30 -10 60 0", "#d9a05f", 4, 0.7) for x in (20, round(c.width) - 110)))


def mountain(c: Canvas, rng: Random) -> Place:
    """Peaks above the clouds."""
    top, low = rng.choice((("#8fb8e0", "#fdeed8"), ("#b49ad0", "#fcdcc8"), ("#f0b098", "#fdf0d0")))
    peaks = peak(c.width * 0.2, c.floor, 340, 330, "#8a94b8", "#fbfaff") + peak(c.width * 0.84, c.floor, 330, 290, "#7a86ac", "#fbfaff") + peak(c.width * 0.52, c.floor, 300, 220, "#a0a8c8", "#fbfaff")
    mist = "".join(cloud(x, c.floor - 70, 70, "#ffffff", 0.7) for x in (40, c.width - 60))
    return Place(sky(c, top, low), peaks + mist + hill(c, c.floor - 60, 10, "#86a884", rng) + floor(c, "#6f9672", rng), tufts(c, rng, "#5a8560", 4))


def volcano(c: Canvas, rng: Random) -> Place:
    """A glowing mountain and rivers of fire."""
    cone = path(polygon([(c.width * 0.5 - 260, c.floor), (c.width * 0.5 - 70, c.floor - 330), (c.width * 0.5 + 70, c.floor - 330), (c.width * 0.5 + 260, c.floor)]), down("#6a4458", "#4a3048"), "none")
    streams = "".join(stroke(f"M{num(c.width / 2 + dx)} {num(c.floor - 330)}q{num(dx * 1.6)} 120 {num(dx * 2)} 330", "#ff8a3a", 13) for dx in (-50, 54)) + flat(c.width / 2, c.floor - 330, 150, 90, glow("#ffb04a")) + flat(c.width / 2, c.floor - 330, 70, 14, "#ffd06a")
    embers = specks(c, rng, 34, "#ffc86a", 4)
    cracks = "".join(stroke(f"M{x} {num(c.floor + 30)}l24 -12l16 14l26 -8", "#ff9a4a", 5) for x in (16, round(c.width) - 100))
    return Place(sky(c, "#5a2f54", "#f28a5a"), cone + streams + embers + floor(c, "#53364c", rng), cracks)


def savanna(c: Canvas, rng: Random) -> Place:
    """Gold grass and flat-topped trees."""
    def acacia(x: float, s: float) -> str:
        return stroke(f"M{num(x)} {num(c.floor - 30)}q{num(-s * 0.1)} {num(-s * 0.5)} 0 {num(-s)}M{num(x)} {num(c.floor - 30 - s * 0.6)}l{num(s * 0.3)} {num(-s * 0.4)}", "#7a5844", 9) + flat(x + s * 0.08, c.floor - 34 - s, s * 0.7, s * 0.17, "#8a9a4f") + flat(x + s * 0.08, c.floor - 50 - s, s * 0.45, s * 0.12, "#9aa858")
    return Place(sky(c, "#f6a868", "#fdeab8") + disc(c.width * 0.5, c.floor - 150, 90, "#fff0b8"), hill(c, c.floor - 60, 8, "#e0b45f", rng) + acacia(c.width * 0.12, 150) + acacia(c.width * 0.9, 120) + floor(c, "#d9a850", rng), tufts(c, rng, "#c08a3a", 8))


def farm(c: Canvas, rng: Random) -> Place:
    """A red barn and a fence."""
    x = c.width * rng.choice((0.16, 0.84))
    barn = path(polygon([(x - 70, c.floor - 30), (x - 70, c.floor - 120), (x - 46, c.floor - 170), (x, c.floor - 196), (x + 46, c.floor - 170), (x + 70, c.floor - 120), (x + 70, c.floor - 30)]), "#c9544a", "none") + box(x - 24, c.floor - 96, 48, 66, "#fbf0dc", stroke="none") + stroke(f"M{num(x - 24)} {num(c.floor - 96)}l48 66m0 -66l-48 66", "#c9544a", 6)
    fence = "".join(box(k, c.floor - 66, 13, 60, "#fbf2de", 4, "none") for k in range(0, int(c.width), 44)) + box(-5, c.floor - 54, c.width + 10, 9, "#f0e2c4", stroke="none") + box(-5, c.floor - 30, c.width + 10, 9, "#f0e2c4", stroke="none")
    return Place(sky(c, "#a8d8ec", "#fdf2d4"), cloud(120, 110, 50, "#ffffff") + hill(c, c.floor - 110, 14, "#c8d080", rng) + barn + floor(c, "#94bf66", rng) + fence, tufts(c, rng, "#6a9a48", 6))


def garden(c: Canvas, rng: Random) -> Place:
    """Roses on a trellis, flowers everywhere."""
    arch = stroke(f"M40 {num(c.floor)}V200C40 40 {num(c.width - 40)} 40 {num(c.width - 40)} 200V{num(c.floor)}", "#c9a07a", 13)
    roses = "".join(flat(x + rng.uniform(-9, 9), y, 16, 10, "#6fa85f", 1, rng.uniform(0, 180)) + flat(x, y, 12, 12, rng.choice(_PETALS)) for x, y in [(40, y) for y in range(200, int(c.floor), 42)] + [(c.width - 40, y) for y in range(200, int(c.floor), 42)] + [(c.width * t, 86 + 230 * (t - 0.5) ** 2 * 2) for t in (0.2, 0.32, 0.44, 0.56, 0.68, 0.8)])
    hedge = path(smooth([(-30, c.floor - 80), (60, c.floor - 110), (140, c.floor - 86), (240, c.floor - 112), (340, c.floor - 88), (430, c.floor - 112), (c.width + 30, c.floor - 90), (c.width + 30, c.floor + 60), (-30, c.floor + 60)]), "#8fbc78", "none")
    return Place(sky(c, rng.choice(("#bfe4e0", "#fbd8d0", "#d8e0f6")), "#fdf6dc"), hedge + arch + roses + floor(c, "#86b868", rng), blossoms(c, rng, _PETALS, 12))


def ruins(c: Canvas, rng: Random) -> Place:
    """Broken columns under a pale moon."""
    def column(x: float, h: float) -> str:
        return box(x - 20, c.floor - h, 40, h, "#a8a0b4", stroke="none") + stroke(f"M{num(x - 8)} {num(c.floor - h)}V{num(c.floor)}M{num(x + 8)} {num(c.floor - h)}V{num(c.floor)}", "#8a8298", 4) + box(x - 30, c.floor - h - 14, 60, 16, "#b8b0c4", 4, "none")
    return Place(sky(c, "#7a86b4", "#f0dcd8") + disc(c.width * 0.78, 96, 38, "#fff6dc"), hill(c, c.floor - 90, 16, "#8f9ab0", rng) + column(46, 250) + column(120, 130) + column(c.width - 50, 200) + column(c.width - 128, 290) + floor(c, "#86a07f", rng), tufts(c, rng, "#6a8866", 6))


def night(c: Canvas, rng: Random) -> Place:
    """Stars, a moon and dark hills."""
    top, low = rng.choice((("#2a2f66", "#7a6ab0"), ("#1f3a66", "#5f94b4"), ("#3a2a60", "#c07a9a")))
    x = c.width * rng.choice((0.18, 0.82))
    crescent = path(f"M{num(x)} 50A44 44 0 1 0 {num(x + 36)} 122A36 36 0 1 1 {num(x)} 50Z", "#fff2c4", "none")
    firs = "".join(fir(k, c.floor - 24, rng.uniform(50, 84), "#33406a") for k in (26, 84, c.width - 88, c.width - 24))
    return Place(sky(c, top, low) + specks(c, rng, 60, "#fff8e0") + twinkles(c, rng, 7), flat(x + 6, 88, 100, 100, glow("#fff2c4"), 0.5) + crescent + hill(c, c.floor - 90, 16, "#4a5288", rng) + firs + floor(c, "#3d4878", rng), tufts(c, rng, "#2f3a62", 5))


def clouds(c: Canvas, rng: Random) -> Place:
    """High up, on the clouds."""
    top, low = rng.choice((("#8fc8f0", "#fdf0e0"), ("#f6a8b0", "#fdf0d0"), ("#a8a8e8", "#fbe4ec")))
    bow = "".join(stroke(f"M{num(c.width / 2 - 230 + i * 13)} {num(c.floor)}A{230 - i * 13} {230 - i * 13} 0 0 1 {num(c.width / 2 + 230 - i * 13)} {num(c.floor)}", tone, 13, 0.75) for i, tone in enumerate(("#f28a8a", "#f8b878", "#f8e28a", "#a0d89a", "#8ac4ec", "#b8a0e6"))) if rng.random() < 0.5 else disc(c.width * 0.2, 100, 40, "#fff6d0")
    banks = "".join(cloud(x, y, s, "#ffffff", 0.85) for x, y, s in ((40, 190, 60), (c.width - 60, 150, 70), (c.width * 0.7, 70, 36)))
    ground = "".join(cloud(x, c.floor + rng.uniform(20, 50), 110, "#ffffff", 1) for x in range(0, int(c.width) + 100, 90))
    return Place(sky(c, top, low), bow + banks + ground + box(-5, c.floor + 18, c.width + 10, c.height, "#ffffff", stroke="none"), cloud(20, c.floor + 60, 80, lighten(low, 0.4), 1) + cloud(c.width - 20, c.floor + 60, 80, lighten(low, 0.4), 1))


def pond(c: Canvas, rng: Random) -> Place:
    """Still water, reeds and lily pads."""
    y = c.floor - 96
    water = box(-5, y, c.width + 10, c.height, down("#9ad0cc", "#4f98a4"), stroke="none") + "".join(stroke(f"M{num(rng.uniform(0, c.width))} {num(rng.uniform(y + 12, c.height - 20))}h{num(rng.uniform(30, 70))}", "#d8f2ec", 4, 0.6) for _ in range(10))
    reeds = "".join(stroke(f"M{num(x)} {num(c.floor + 10)}Q{num(x + 6)} {num(c.floor - 90)} {num(x + d)} {num(c.floor - h)}", "#5f9a5a", 7) + flat(x + d, c.floor - h - 16, 7, 22, "#8a5a3c") for x, d, h in ((30, 10, 170), (58, -8, 130), (c.width - 34, -12, 190), (c.width - 64, 8, 140)))
    pad = flat(c.width / 2, c.floor + 4, 190, 32, darken("#6fae5c", 0.15)) + flat(c.width / 2, c.floor - 1, 190, 31, "#7abb66")
    lilies = "".join(flat(x, c.floor + 40, 50, 13, "#6fae5c") + flat(x, c.floor + 30, 9, 12, "#f8b8cc") + flat(x - 10, c.floor + 33, 8, 10, "#fbd0dc", 1, -30) + flat(x + 10, c.floor + 33, 8, 10, "#fbd0dc", 1, 30) for x in (60, c.width - 70))
    return Place(sky(c, "#b8e0d8", "#fbf4d0"), hill(c, y - 20, 14, "#8fbc86", rng) + water + reeds + pad, lilies)
