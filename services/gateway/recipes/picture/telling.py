"""Says in words what was measured of a picture, and nothing that was not. Pure."""

from collections.abc import Sequence

from hatchery.types.v1.picture_pb2 import Composition, PictureDescription, PictureReading

from services.gateway.recipes.picture.colours import PLAIN

_MOST_COLOURS = 4
_OFF_CENTRE = 0.08
_GATHERED = 0.75


def told(reading: PictureReading) -> PictureDescription:
    """The picture in words, as far as its colours, its light and its composition go."""
    first, *others = _names(reading)
    colours = f"mostly {first}" + (f", with {_listed(others)}" if others else "")
    style = ", ".join((_light(reading), _contrast(reading), _strength(reading)))
    return PictureDescription(
        physical_description=f"Coloured {colours}.",
        visual_style=f"{style}; {_weight(reading.composition)}",
    )


def mood_of(reading: PictureReading) -> str:
    """The mood that goes with its light and its colours."""
    bright, stark = reading.brightness > 0.55, reading.contrast > 0.6
    strong, warm = reading.saturation > 0.28, reading.warmth > 0.04
    if bright:
        if strong:
            return "cheerful" if warm else "playful"
        return "gentle" if warm else "calm"
    if stark:
        return "brave" if warm else "proud"
    if strong:
        return "content" if warm else "dreamy"
    return "wise" if warm else "gloomy"


def colours_of(reading: PictureReading) -> Sequence[str]:
    """Its colours by name, those that are colourful first."""
    names = [swatch.name for swatch in reading.palette]
    return sorted(names, key=lambda name: name in PLAIN)[:_MOST_COLOURS]


def _names(reading: PictureReading) -> Sequence[str]:
    return [swatch.name for swatch in reading.palette][:_MOST_COLOURS] or ["white"]


def _light(reading: PictureReading) -> str:
    if reading.brightness > 0.65:
        return "bright"
    return "dark" if reading.brightness < 0.35 else "in middle tones"


def _contrast(reading: PictureReading) -> str:
    if reading.contrast > 0.6:
        return "strong contrast"
    return "soft contrast" if reading.contrast < 0.3 else "moderate contrast"


def _strength(reading: PictureReading) -> str:
    if reading.saturation < 0.06:
        return "nearly without colour"
    tone = "warm" if reading.warmth > 0.04 else "cool" if reading.warmth < -0.04 else "balanced"
    return f"{'vivid' if reading.saturation > 0.35 else 'muted'} {tone} colours"


def _weight(composition: Composition) -> str:
    x, y = composition.center_x - 0.5, composition.center_y - 0.5
    sides = [
        *(["top"] if y < -_OFF_CENTRE else ["bottom"] if y > _OFF_CENTRE else []),
        *(["left"] if x < -_OFF_CENTRE else ["right"] if x > _OFF_CENTRE else []),
    ]
    place = f"at the {' '.join(sides)}" if sides else "in the middle"
    gathered = "gathered" if composition.spread < _GATHERED else "spread out, with its weight"
    return f"{gathered} {place}"


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
