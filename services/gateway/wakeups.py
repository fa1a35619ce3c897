"""Wake-ups between replicas: that a generation moved, never what happened to it.

Whoever hears one looks into the store. Any of them may be lost: there is a poll underneath, so
that a lost one costs time and nothing else.
"""

import uuid
from collections.abc import Callable, Collection
from typing import Protocol

# Called with the generations that moved; with None where any may have, as after a lost connection.
Heard = Callable[[Collection[uuid.UUID] | None], None]


class WakeUps(Protocol):
    """How replicas wake each other."""

    @property
    def connected(self) -> bool:
        """Whether others can be heard now; from any thread."""
        ...

    def send(self, generation: uuid.UUID) -> None:
        """Tells every other replica, soon and together with others, that a generation moved."""
        ...

    async def run(self, heard: Heard) -> None:
        """Sends and hears until it is cancelled, over as many connections as it takes."""
        ...
