"""What tells one species from another inside the same body plan."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from services.avatar.engines.sketch.figure import Coat, Figure


@dataclass(frozen=True, slots=True)
class Build:
    """The parts of a plan. `tags` are the small things: whiskers, a mask, fangs."""

    ears: str = ""
    muzzle: str = ""
    tail: str = ""
    tags: frozenset[str] = field(default_factory=frozenset)


Plan = Callable[[Coat, Build, Random], Figure]
