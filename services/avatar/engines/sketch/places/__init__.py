"""The backdrops, by name."""

from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType

from services.avatar.engines.sketch.places import elsewhere, outdoors
from services.avatar.engines.sketch.places.ground import Canvas, Place

PLACES: Mapping[str, Callable[[Canvas, Random], Place]] = MappingProxyType(
    {
        draw.__name__: draw
        for draw in (
            outdoors.autumn, outdoors.clouds, outdoors.desert, outdoors.farm, outdoors.forest, outdoors.garden, outdoors.jungle,
            outdoors.meadow, outdoors.mountain, outdoors.night, outdoors.pond, outdoors.ruins, outdoors.savanna, outdoors.snow,
            outdoors.volcano, elsewhere.castle, elsewhere.cave, elsewhere.city, elsewhere.kitchen, elsewhere.library,
            elsewhere.paper, elsewhere.room, elsewhere.sea, elsewhere.shore, elsewhere.space, elsewhere.stage, elsewhere.workshop,
        )
    }
)
