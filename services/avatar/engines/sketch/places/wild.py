"""Snow, desert, mountains, a volcano and the savanna."""

from random import Random

from services.avatar.engines.sketch.places.ground import (
    Canvas,
    Place,
    cloud,
    disc,
    fir,
    floor,
    hill,
    peak,
    sky,
    specks,
    tufts,
)
from services.avatar.engines.sketch.svg import (
    down,
    flat,
    glow,
    num,
    path,
    polygon,
    stroke,
)


def snow(c: Canvas, rng: Random) -> Place:
    """White hills, firs, flakes."""
    top, low = rng.choice((("#a8cce8", "#f2f2fa"), ("#c8b8e0", "#fbeef0"), ("#7fa0cc", "#dce8f6")))
    firs = "".join(
        fir(x, c.floor - rng.uniform(40, 60), rng.uniform(56, 92), "#5f8f98")
        for x in (30, 100, c.width - 110, c.width - 36)
    )
    return Place(
        sky(c, top, low),
        peak(c.width * 0.25, c.floor, 330, 260, "#b4c6e0", "#ffffff")
        + peak(c.width * 0.8, c.floor, 300, 210, "#a8bcd8", "#ffffff")
        + hill(c, c.floor - 80, 12, "#e4ecf8", rng)
        + firs
        + floor(c, "#f2f5fb", rng),
        specks(c, rng, 34, "#ffffff", 5),
    )


def desert(c: Canvas, rng: Random) -> Place:
    """Dunes, a low sun and cacti."""
    top, low = rng.choice((("#f8b48a", "#fdeac0"), ("#8fd0e0", "#fdf0d0"), ("#e89aa0", "#fcdcb0")))

    def saguaro(x: float, y: float, s: float) -> str:
        return stroke(
            (
                f"M{num(x)} {num(y)}v{num(-s)}M{num(x)} {num(y - s * 0.35)}h{num(s * 0.3)}"
                f"v{num(-s * 0.3)}M{num(x)} {num(y - s * 0.5)}h{num(-s * 0.28)}"
                f"v{num(-s * 0.24)}"
            ),
            "#6f9f68",
            s * 0.2,
        )

    return Place(
        sky(c, top, low) + disc(c.width * 0.2, c.floor - 210, 44, "#fff0c0"),
        peak(c.width * 0.82, c.floor - 50, 200, 150, "#e0a878")
        + hill(c, c.floor - 100, 24, "#f0c488", rng)
        + saguaro(c.width * 0.12, c.floor - 40, 96)
        + saguaro(c.width * 0.9, c.floor - 30, 120)
        + floor(c, "#ecbc7a", rng),
        "".join(
            stroke(f"M{x} {num(c.floor + 20)}q30 -10 60 0", "#d9a05f", 4, 0.7)
            for x in (20, round(c.width) - 110)
        ),
    )


def mountain(c: Canvas, rng: Random) -> Place:
    """Peaks above the clouds."""
    top, low = rng.choice((("#8fb8e0", "#fdeed8"), ("#b49ad0", "#fcdcc8"), ("#f0b098", "#fdf0d0")))
    peaks = (
        peak(c.width * 0.2, c.floor, 340, 330, "#8a94b8", "#fbfaff")
        + peak(c.width * 0.84, c.floor, 330, 290, "#7a86ac", "#fbfaff")
        + peak(c.width * 0.52, c.floor, 300, 220, "#a0a8c8", "#fbfaff")
    )
    mist = "".join(cloud(x, c.floor - 70, 70, "#ffffff", 0.7) for x in (40, c.width - 60))
    return Place(
        sky(c, top, low),
        peaks + mist + hill(c, c.floor - 60, 10, "#86a884", rng) + floor(c, "#6f9672", rng),
        tufts(c, rng, "#5a8560", 4),
    )


def volcano(c: Canvas, rng: Random) -> Place:
    """A glowing mountain and rivers of fire."""
    cone = path(
        polygon(
            [
                (c.width * 0.5 - 260, c.floor),
                (c.width * 0.5 - 70, c.floor - 330),
                (c.width * 0.5 + 70, c.floor - 330),
                (c.width * 0.5 + 260, c.floor),
            ]
        ),
        down("#6a4458", "#4a3048"),
        "none",
    )
    streams = (
        "".join(
            stroke(
                (
                    f"M{num(c.width / 2 + dx)} {num(c.floor - 330)}q{num(dx * 1.6)} 120 "
                    f"{num(dx * 2)} 330"
                ),
                "#ff8a3a",
                13,
            )
            for dx in (-50, 54)
        )
        + flat(c.width / 2, c.floor - 330, 150, 90, glow("#ffb04a"))
        + flat(c.width / 2, c.floor - 330, 70, 14, "#ffd06a")
    )
    embers = specks(c, rng, 34, "#ffc86a", 4)
    cracks = "".join(
        stroke(f"M{x} {num(c.floor + 30)}l24 -12l16 14l26 -8", "#ff9a4a", 5)
        for x in (16, round(c.width) - 100)
    )
    return Place(
        sky(c, "#5a2f54", "#f28a5a"), cone + streams + embers + floor(c, "#53364c", rng), cracks
    )


def savanna(c: Canvas, rng: Random) -> Place:
    """Gold grass and flat-topped trees."""

    def acacia(x: float, s: float) -> str:
        return (
            stroke(
                (
                    f"M{num(x)} {num(c.floor - 30)}q{num(-s * 0.1)} {num(-s * 0.5)} 0 "
                    f"{num(-s)}M{num(x)} {num(c.floor - 30 - s * 0.6)}l{num(s * 0.3)} "
                    f"{num(-s * 0.4)}"
                ),
                "#7a5844",
                9,
            )
            + flat(x + s * 0.08, c.floor - 34 - s, s * 0.7, s * 0.17, "#8a9a4f")
            + flat(x + s * 0.08, c.floor - 50 - s, s * 0.45, s * 0.12, "#9aa858")
        )

    return Place(
        sky(c, "#f6a868", "#fdeab8") + disc(c.width * 0.5, c.floor - 150, 90, "#fff0b8"),
        hill(c, c.floor - 60, 8, "#e0b45f", rng)
        + acacia(c.width * 0.12, 150)
        + acacia(c.width * 0.9, 120)
        + floor(c, "#d9a850", rng),
        tufts(c, rng, "#c08a3a", 8),
    )
