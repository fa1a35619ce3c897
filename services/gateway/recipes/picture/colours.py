"""What people call a colour. Pure."""

import math
from collections.abc import Mapping

# Names that the persona recipe and the built-in illustrator know, each at its typical shades.
NAMES: Mapping[str, tuple[str, ...]] = {
    "red": ("#cc2b2b", "#ff1a1a"), "crimson": ("#9b1630", "#520d18"), "coral": ("#f2806c",),
    "orange": ("#ee8128", "#ff9640"), "copper": ("#b56a3a",), "peach": ("#f7bf9a",),
    "amber": ("#e3a02c",), "yellow": ("#f2d43c", "#ffff40"), "gold": ("#d6ae45", "#c9a227"),
    "cream": ("#f6ebcb", "#f3e2c9"), "ivory": ("#f4f0df",), "sandy": ("#d9bf8c", "#e2c9a0"),
    "caramel": ("#b9803f",), "brown": ("#7b5236", "#8a6a4a"), "chestnut": ("#57301f", "#3a2418"),
    "green": ("#4a9c46", "#20d020"), "emerald": ("#1f8a5a", "#0f4530"),
    "olive": ("#7d7f36", "#44451c"), "mint": ("#a5dcc0", "#c8ecd8"),
    "moss": ("#56713a", "#2c3f20"), "jade": ("#4fa98a",), "teal": ("#1f7f80", "#123f44"),
    "turquoise": ("#45c2bd",), "aqua": ("#78d0d8", "#b0e4ea"), "blue": ("#3f78c2", "#2a5fb0"),
    "sapphire": ("#2450a8", "#1020d8"), "navy": ("#202f5e", "#14213f"),
    "azure": ("#5ba6e4", "#9cc8ee"), "indigo": ("#463f92", "#241f52"),
    "purple": ("#7a4fa6", "#5a2f80"), "violet": ("#9468cf",), "lavender": ("#b9a4dc",),
    "lilac": ("#cdb0dc",), "plum": ("#703a64", "#3c1c36"), "pink": ("#ee93ae", "#ffccd6"),
    "white": ("#fbfbfa",), "pearl": ("#e6e2df",), "silver": ("#bcc1c8",),
    "grey": ("#878a90", "#66686c"), "charcoal": ("#46474d", "#333438"),
    "black": ("#151418", "#000000"), "midnight": ("#171c38",),
}  # fmt: skip
# Those that say nothing of a coat: paper, shadow and stone.
PLAIN = frozenset({"white", "ivory", "pearl", "silver", "grey", "charcoal", "black"})

Rgb = tuple[int, int, int]


def name_of(colour: Rgb) -> str:
    """The nearest name, as eyes tell colours apart."""
    seen = _seen(colour)
    return min(_SHADES, key=lambda shade: math.dist(shade[1], seen))[0]


def from_hex(colour: str) -> Rgb:
    """Red, green and blue of "#rrggbb"."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def to_hex(colour: Rgb) -> str:
    """The colour as "#rrggbb"."""
    red, green, blue = colour
    return f"#{red:02x}{green:02x}{blue:02x}"


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _seen(colour: Rgb) -> tuple[float, float, float]:
    """The colour in Oklab, where distances are as eyes see them: lightness, and two of hue.

    Lightness counts less: a teal in the shade is a teal.
    """
    red, green, blue = map(_linear, colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.6 * (0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short),
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


_SHADES = [(name, _seen(from_hex(shade))) for name, shades in NAMES.items() for shade in shades]
