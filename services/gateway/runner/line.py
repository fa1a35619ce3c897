"""Where those stand whom nobody runs yet, told to whoever watches them here."""

import asyncio
import datetime as dt
import uuid
from collections.abc import Callable, Mapping

import structlog
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.names import generation_name
from services.gateway.recipes.recipe import Forecast, Recipe
from services.gateway.reducer.narrator import Narrator
from services.gateway.runner.history import History, kind
from services.gateway.store.generations import Generations
from services.gateway.store.leases import Leases
from services.gateway.store.rows import Row
from services.gateway.watch.hub import Channel, Hub
from services.runtime.errors import StoreUnavailable

log = structlog.get_logger()

# Seconds between two looks: nobody is told more often that the line has moved.
_EVERY = 1.0


class Line:
    """Looks where they stand, in one query for all, and tells those whose place is another.

    A channel that is new is told as well: whoever came back has heard nothing yet.
    """

    def __init__(
        self,
        leases: Leases,
        generations: Generations,
        hub: Hub,
        history: History,
        recipes: Mapping[str, Recipe],
        *,
        places: int,
        now: Callable[[], dt.datetime],
    ) -> None:
        """`places` is how many generations the engines work on at once."""
        self._leases = leases
        self._generations = generations
        self._hub = hub
        self._history = history
        self._recipes = recipes
        self._places = places
        self._now = now
        # Where each stood when it was told, and on which channel.
        self._told: dict[uuid.UUID, tuple[Channel, int]] = {}

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
        waiting = {row.id for row, _, _ in line}
        self._told = {id_: told for id_, told in self._told.items() if id_ in waiting}
        # By what a forecast rests on.
        known: dict[tuple[object, ...], Mapping[str, Forecast]] = {}
        for row, position, size in line:
            channel = self._hub.channel(row.id)
            if channel is not None and self._told.get(row.id) != (channel, position):
                recipe = self._recipes[row.recipe]
                request = recipe.request.FromString(row.request)
                asked = tuple(
                    (kind(step, request), *(step.text.features(request) if step.text else ()))
                    for step in recipe.steps
                )
                if asked not in known:
                    known[asked] = await self._history.forecast(recipe, request)
                event = await self._event(row, position, size, known[asked])
                # Somebody may have begun with it meanwhile.
                if channel.last_sequence <= row.last_sequence:
                    channel.publish_ephemeral("queued", event.SerializeToString())
                    self._told[row.id] = (channel, position)

    async def _event(
        self, row: Row, position: int, size: int, known: Mapping[str, Forecast]
    ) -> Progress:
        recipe = self._recipes[row.recipe]
        done = await self._generations.results(row.id)
        narrator = Narrator(generation_name(row.id), recipe.plan(known, done))
        narrator.resume(set(done), {}, Generation.FromString(row.snapshot).latest.fraction)
        return narrator.queued(self._now(), position, size, places=self._places)
