"""What surrounds a figure: sparkles, notes, flames, fireflies. Drawn in front, around (0, -200)."""

from random import Random

from services.avatar.engines.sketch.svg import (
    Point,
    flat,
    glow,
    group,
    heart,
    oval,
    path,
    soft,
    star,
    stroke,
)


def aura(name: str, colour: str, rng: Random) -> str:
    """The named surrounding; empty for what is none."""
    spots = _spots(rng)
    match name:
        case "sparkles" | "stars":
            return "".join(
                path(star(x, y, r, r * 0.3, 4), colour or "#ffe9a0", "#d9a53f", 2)
                for (x, y), r in zip(spots, (22, 14, 17, 11, 15, 10), strict=False)
            )
        case "music":
            note = (
                stroke("M0 0V-46L30 -54V-8", "", 7)
                + oval(-9, 0, 12, 9, "#4a3a60")
                + oval(21, -8, 12, 9, "#4a3a60")
                + stroke("M0 -46L30 -54", "", 11)
            )
            return "".join(
                group(note, x=x, y=y, turn=rng.uniform(-14, 14), scale=s)
                for (x, y), s in zip(spots[:4], (1.0, 0.8, 0.7, 0.85), strict=False)
            )
        case "snowflakes":
            return "".join(flat(x, y, 6, 6, "#ffffff") for x, y in spots)
        case "bubbles":
            return "".join(
                oval(x, y, r, r, "#ffffff", "#ffffff", 3, 0.4)
                + flat(x - r * 0.3, y - r * 0.3, r * 0.25, r * 0.25, "#ffffff", 0.9)
                for (x, y), r in zip(spots, (15, 9, 12, 7, 11, 8), strict=False)
            )
        case "hearts_around" | "hearts":
            return "".join(
                path(heart(x, y, s), "#ea5f6a", width=3)
                for (x, y), s in zip(spots, (30, 20, 24, 16), strict=False)
            )
        case "leaves":
            return "".join(
                path(
                    "M0 0C10 -20 30 -20 40 -6C26 10 10 10 0 0Z",
                    soft("#7aae56" if i % 2 else "#d99a3f"),
                    width=3,
                ).replace(
                    "<path",
                    (
                        f'<path transform="translate({x:.0f} {y:.0f}) '
                        f'rotate({rng.uniform(0, 360):.0f})"'
                    ),
                    1,
                )
                for i, (x, y) in enumerate(spots)
            )
        case "fireflies" | "glow":
            return "".join(
                flat(x, y, 22, 22, glow("#ffe97a")) + flat(x, y, 4.5, 4.5, "#fffbe0")
                for x, y in spots
            )
        case "butterflies":
            wing = path(
                "M0 0C4 -26 34 -30 32 -8C34 10 14 14 0 0Z", soft(colour or "#f2a24a"), width=3
            )
            return "".join(
                group(wing + group(wing, flip=True), x=x, y=y, turn=rng.uniform(-20, 20), scale=0.8)
                for x, y in spots[:3]
            )
        case "fire_breath":
            flame = path(
                "M0 0C-26 -6 -24 -40 -2 -62C2 -44 24 -38 20 -16C18 -6 10 0 0 0Z",
                soft("#f28a2f"),
                width=3,
            ) + path("M0 -4C-10 -8 -8 -24 0 -34C4 -24 12 -18 8 -8Z", "#ffe28a", "none")
            return "".join(
                group(flame, x=x, y=y, scale=s)
                for (x, y), s in zip(spots[:4], (1.0, 0.7, 0.8, 0.6), strict=False)
            )
        case _:
            return ""


def _spots(rng: Random) -> list[Point]:
    homes = ((-176, -330), (168, -356), (184, -226), (-188, -214), (-150, -396), (140, -404))
    return [(x + rng.uniform(-10, 10), y + rng.uniform(-14, 14)) for x, y in homes]
