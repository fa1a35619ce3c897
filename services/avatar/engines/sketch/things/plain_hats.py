"""Hats for anybody, plain or with a pattern: top hats, caps, woollen ones."""

from services.avatar.engines.sketch.colour import darken, lighten, lightness
from services.avatar.engines.sketch.svg import clip, flat, oval, path, smooth, soft, star, stroke


def plain_hat(name: str, colour: str, looks: frozenset[str]) -> str:
    """A hat that says nothing of its wearer's trade."""
    match name:
        case "tophat":
            cloth = colour or "#4a4560"
            top = -150 if "tall" in looks else -88
            tube = f"M-60 12L-68 {top}Q0 {top - 16} 68 {top}L60 12Q0 30 -60 12Z"
            band = _contrast(cloth) if colour else "#c9503f"
            return (
                path("M-100 8Q0 -14 100 8Q90 34 0 34Q-90 34 -100 8Z", soft(cloth))
                + _sewn(tube, cloth, looks)
                + path("M-60 -14Q0 4 60 -14V10Q0 28 -60 10Z", soft(band), width=4)
            )
        case "felt_hat":
            felt = colour or "#9a7a5c"
            crown = "M-64 10C-72 -44 -46 -84 -14 -76Q0 -66 14 -76C46 -84 72 -44 64 10Q0 28 -64 10Z"
            return (
                path("M-128 14C-80 -22 80 -22 128 14C112 46 -112 46 -128 14Z", soft(felt))
                + _sewn(crown, felt, looks)
                + path("M-65 -10Q0 10 65 -10V8Q0 28 -65 8Z", soft(_contrast(felt)), width=4)
            )
        case "woolly_hat":
            wool = colour or "#c9604f"
            dome = "M-80 6C-86 -70 -40 -92 0 -92C40 -92 86 -70 80 6Q0 24 -80 6Z"
            ribs = "".join(
                stroke(f"M{x} -2q4 14 0 30", darken(wool, 0.3), 4) for x in range(-76, 80, 19)
            )
            stitches = "".join(
                stroke(f"M{x} {y}q8 9 16 0", darken(wool, 0.25), 3.5, 0.7)
                for y in (-64, -44, -24)
                for x in range(-72 + y // 4 % 2 * 10, 64, 20)
            )
            return (
                oval(0, -98, 24, 22, soft(lighten(wool, 0.55)))
                + _sewn(dome, wool, looks, stitches)
                + path("M-92 -6Q0 18 92 -6L90 26Q0 48 -90 26Z", soft(lighten(wool, 0.2)))
                + ribs
            )
        case "cap":
            cloth = colour or "#5b7fb5"
            return (
                _sewn("M-74 14Q-80 -64 0 -66Q80 -64 74 14Q0 28 -74 14Z", cloth, looks)
                + path("M-70 8Q-120 6 -132 30Q-80 40 -10 24Z", soft(darken(cloth, 0.15)))
                + oval(0, -66, 9, 6, cloth)
            )
        case "beret":
            rim = [(-92, 8), (-104, -30), (-40, -62), (50, -58), (112, -20), (84, 12), (0, 20)]
            return _sewn(smooth(rim), colour or "#c9503f", looks) + stroke("M8 -58L14 -76", "", 8)
        case _:
            return ""


def _contrast(cloth: str) -> str:
    """The colour of a band that shows on its hat."""
    return lighten(cloth, 0.5) if lightness(cloth) < 0.4 else darken(cloth, 0.42)


def _sewn(outline: str, cloth: str, looks: frozenset[str], knit: str = "") -> str:
    """A piece of cloth with its pattern."""
    tone = _contrast(cloth)
    pattern = knit
    if "striped" in looks:
        pattern = "".join(
            stroke(f"M-130 {y}Q0 {y + 18} 130 {y}", tone, 15) for y in range(-150, 20, 34)
        )
    if "spotted" in looks:
        pattern = "".join(
            flat(x + y // 24 % 2 * 20, y, 8, 8, tone)
            for y in range(-144, 10, 24)
            for x in range(-120, 110, 40)
        )
    if "starry" in looks:
        pattern = "".join(
            path(star(x, y, 12, 5), "#ffe9a0", "none")
            for x, y in ((-44, -30), (0, -56), (40, -28), (-20, -100), (32, -84), (-4, -10))
        )
    if "patched" in looks:
        pattern = path("M14 -56L52 -50L46 -18L10 -24Z", tone, width=3) + stroke(
            "M8 -46h10M6 -32h10M50 -40h8M24 -62v10M34 -26v10", "", 3
        )
    drawn = path(outline, soft(cloth))
    return drawn + clip(outline, pattern) + stroke(outline) if pattern else drawn
