"""Colour sums on `#rrggbb` strings."""

import colorsys


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, each 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(first: str, second: str, share: float) -> str:
    """`first` with `share` (0 to 1) of `second` stirred in."""
    pairs = zip(channels(first), channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def lighten(colour: str, share: float) -> str:
    """Towards a warm white."""
    return mix(colour, "#fff8e8", share)


def darken(colour: str, share: float) -> str:
    """Towards a warm dark: shadows here are plum, never grey."""
    return mix(colour, "#2b1430", share)


def lightness(colour: str) -> float:
    """How bright it looks, 0 to 1."""
    red, green, blue = channels(colour)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def turn_hue(colour: str, turn: float, strength: float = 1, light: float = 0) -> str:
    """The hue moved by `turn` (1 is all the way round), saturation scaled, lightness shifted."""
    red, green, blue = (channel / 255 for channel in channels(colour))
    hue, level, saturation = colorsys.rgb_to_hls(red, green, blue)
    level = min(0.97, max(0.04, level + light))
    shifted = colorsys.hls_to_rgb((hue + turn) % 1, level, min(1, saturation * strength))
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in shifted)
