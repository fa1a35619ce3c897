"""The backdrops, by name."""

from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType

from services.avatar.engines.sketch.places import afar, green, lonely, paper, rooms, water, wild
from services.avatar.engines.sketch.places.ground import Canvas, Place

_DRAWN = (
    *(afar.castle, afar.cave, afar.city, afar.space),
    *(green.autumn, green.forest, green.garden, green.jungle, green.meadow, green.pond),
    *(lonely.clouds, lonely.farm, lonely.night, lonely.ruins),
    *(rooms.kitchen, rooms.library, rooms.room, rooms.stage, rooms.workshop),
    *(water.sea, water.shore),
    *(wild.desert, wild.mountain, wild.savanna, wild.snow, wild.volcano),
    paper.paper,
)

PLACES: Mapping[str, Callable[[Canvas, Random], Place]] = MappingProxyType(
    {draw.__name__: draw for draw in _DRAWN}
)
