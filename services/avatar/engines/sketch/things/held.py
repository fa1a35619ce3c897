"""What a hand can hold: drawn around the grip at the origin, upright."""

from services.avatar.engines.sketch.things.crafts import craft
from services.avatar.engines.sketch.things.gifts import gift
from services.avatar.engines.sketch.things.rods import rod
from services.avatar.engines.sketch.things.vessels import vessel

# How far below the grip each thing reaches, for those that must stand on the ground.
FEET = {
    "staff": 78,
    "trident": 78,
    "fishing_rod": 40,
    "umbrella": 60,
    "axe": 50,
    "sword": 30,
    "torch": 40,
    "wand": 20,
    "balloon": 0,
    "kite": 0,
    "watering_can": 34,
    "lantern": 74,
    "teapot": 34,
    "cup": 26,
    "potion": 36,
    "books": 40,
    "book": 40,
    "gem": 34,
    "crystal_ball": 44,
    "drum": 40,
    "honey_pot": 40,
    "flower": 40,
    "violin": 44,
    "guitar": 60,
    "bow_arrow": 60,
}


def held(name: str, colour: str) -> str:
    """The named thing in `colour`, or in its own; empty for what is not held."""
    drawings = (draw(name, colour) for draw in (rod, vessel, craft, gift))
    return next(filter(None, drawings), "")
