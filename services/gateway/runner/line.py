"""Where those stand whom nobody runs yet, told to whoever watches them here."""

import asyncio
import datetime as dt
import uuid
from collections.abc import Callable, Mapping

import structlog
from hatchery.gateway.v1.generation_service_pb2 import Generation

from services.gateway.names import generation_name
from services.gateway.recipes.recipe import Recipe
from services.gateway.reducer.narrator import Narrator
from services.gateway.runner.history import History
from services.gateway.store.generations import Row
from services.gateway.store.leases import Leases
from services.gateway.watch.hub import Hub
from services.runtime.errors import StoreUnavailable

log = structlog.get_logger()

# Seconds between two looks: nobody is told more often that the line has moved.
_EVERY = 1.0


class Line:
    """Looks where they stand, in one query for all, and tells those whose place is another."""

    def __init__(
        self,
        leases: Leases,
        hub: Hub,
        history: History,
        recipes: Mapping[str, Recipe],
        *,
        places: int,
        now: Callable[[], dt.datetime],
    ) -> None:
        """`places` is how many generations the engines work on at once."""
        self._leases = leases
        self._hub = hub
        self._history = history
        self._recipes = recipes
        self._places = places
        self._now = now
        self._told: dict[uuid.UUID, int] = {}

    async def run(self) -> None:
        """Looks for ever."""
        while True:
            await asyncio.sleep(_EVERY)
            try:
                await self._look()
            except StoreUnavailable:
                pass
            except Exception:
                log.exception("nobody can be told where they stand")

    async def _look(self) -> None:
        followed = self._hub.followed
        line = await self._leases.line(followed, list(self._recipes)) if followed else []
        told, self._told = self._told, {row.id: position for row, position, _ in line}
        for row, position, size in line:
            if told.get(row.id) != position:
                await self._tell(row, position, size)

    async def _tell(self, row: Row, position: int, size: int) -> None:
        recipe = self._recipes[row.recipe]
        known = await self._history.expected(recipe, recipe.request.FromString(row.request))
        narrator = Narrator(generation_name(row.id), recipe.plan(known))
        narrator.resume(set(), {}, Generation.FromString(row.snapshot).latest.fraction)
        event = narrator.queued(self._now(), position, size, places=self._places)
        channel = self._hub.channel(row.id)
        # Somebody may have begun with it meanwhile.
        if channel is not None and channel.last_sequence <= row.last_sequence:
            self._hub.publish_ephemeral(row.id, "queued", event.SerializeToString())
