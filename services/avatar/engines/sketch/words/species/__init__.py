"""The species it knows, by name."""

from collections.abc import Mapping
from types import MappingProxyType

from services.avatar.engines.sketch.words.species.feathered import FEATHERED
from services.avatar.engines.sketch.words.species.hunters import HUNTERS
from services.avatar.engines.sketch.words.species.large import LARGE
from services.avatar.engines.sketch.words.species.long_legs import LONG_LEGS
from services.avatar.engines.sketch.words.species.people import PEOPLE
from services.avatar.engines.sketch.words.species.row import Species
from services.avatar.engines.sketch.words.species.scaled import SCALED
from services.avatar.engines.sketch.words.species.six_legs import SIX_LEGS
from services.avatar.engines.sketch.words.species.small import SMALL
from services.avatar.engines.sketch.words.species.water import WATER
from services.avatar.engines.sketch.words.species.wonders import WONDERS

__all__ = ["SPECIES", "Species"]

SPECIES: Mapping[str, Species] = MappingProxyType(
    {
        **HUNTERS,
        **SMALL,
        **LARGE,
        **LONG_LEGS,
        **SCALED,
        **FEATHERED,
        **WATER,
        **SIX_LEGS,
        **WONDERS,
        **PEOPLE,
    }
)
