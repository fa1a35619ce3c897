"""Slots of engine services for the steps that run here; who is next is for the store to say."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from services.gateway.store.slots import Ask, Place
from services.gateway.store.slots import Slots as Store
from services.runtime.errors import StoreUnavailable
from services.runtime.tracing import child

log = structlog.get_logger()

# Called with the position in line, 0 being next, and the length of the line.
Waits = Callable[[int, int], None]

# Pause before a lost store is asked again, in seconds.
_RETRY = 0.1


@dataclass(slots=True)
class _Waiter:
    ask: Ask
    waits: Waits
    granted: asyncio.Event = field(default_factory=asyncio.Event)


class Slots:
    """Takes slots for steps. `sizes` bounds each engine across all replicas.

    `moved` tells other replicas of generations of theirs whose turn has come.
    """

    def __init__(
        self,
        store: Store,
        sizes: Mapping[str, int],
        moved: Callable[[uuid.UUID], None],
        *,
        poll: float,
    ) -> None:
        """`poll` is the most time in seconds that passes before a turn is noticed."""
        self._store = store
        self._sizes = sizes
        self._moved = moved
        self._poll = poll
        self._waiting: dict[uuid.UUID, _Waiter] = {}
        # Steps that wait for an engine whose slot they have, or had.
        self._held_up: dict[uuid.UUID, str] = {}
        self._left: set[Ask] = set()
        self._woken = asyncio.Event()

    @asynccontextmanager
    async def take(
        self, generation: uuid.UUID, epoch: int, owner: str, engine: str, waits: Waits
    ) -> AsyncIterator[None]:
        """Holds a slot of an engine; "" needs none. Until there is one, tells `waits`."""
        if not engine:
            yield
            return
        ask = Ask(generation, epoch, owner, engine)
        waiter = self._waiting[generation] = _Waiter(ask, waits)
        try:
            with child(f"wait {engine}", attributes={"hatchery.queue": engine}):
                await self._ask(ask)
                if not waiter.granted.is_set():
                    self._woken.set()
                    await waiter.granted.wait()
            del self._waiting[generation]
            yield
        finally:
            self._waiting.pop(generation, None)
            # Not awaited: a step that was cancelled, or has ended, is not kept for it.
            self._left.add(ask)
            self._woken.set()

    def waiting(self) -> Mapping[str, int]:
        """How many steps wait here, by engine: for its slot, or for itself."""
        waiters = list(self._waiting.values())
        engines = [one.ask.engine for one in waiters if not one.granted.is_set()]
        engines += list(self._held_up.values())
        return {engine: engines.count(engine) for engine in self._sizes}

    def held_up(self, generation: uuid.UUID, engine: str) -> None:
        """A step waits for an engine that is busy or away."""
        self._held_up[generation] = engine

    def goes_on(self, generation: uuid.UUID) -> None:
        """It waits no more."""
        self._held_up.pop(generation, None)

    def places(self, engine: str) -> int:
        """How many slots an engine has."""
        return self._sizes[engine]

    def wake(self, generations: Collection[uuid.UUID] | None) -> None:
        """Says whose turn may have come; None: anybody's."""
        if generations is None or not self._waiting.keys().isdisjoint(generations):
            self._woken.set()

    async def run(self) -> None:
        """Gives slots back, and looks whose turn has come, for ever."""
        loop = asyncio.get_running_loop()
        swept = float("-inf")
        while True:
            pause = self._poll if self._waiting or self._left else None
            try:
                async with asyncio.timeout(pause):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()
            try:
                await self._give_back()
                if self._waiting:
                    sweep = loop.time() - swept >= self._poll
                    await self._look(sweep=sweep)
                    swept = loop.time() if sweep else swept
            except StoreUnavailable:
                await asyncio.sleep(_RETRY)
            except Exception:
                log.exception("slots cannot be looked after")
                await asyncio.sleep(self._poll)

    async def _ask(self, ask: Ask) -> None:
        """Gets in line, asking a lost store again; losing the lease ends the asking."""
        while True:
            try:
                self._grant(await self._store.ask(ask, self._sizes[ask.engine]))
            except StoreUnavailable:
                await asyncio.sleep(_RETRY)
            else:
                return

    async def _give_back(self) -> None:
        while self._left:
            ask = next(iter(self._left))
            granted = await self._store.give_back(ask, self._sizes[ask.engine])
            self._left.discard(ask)
            self._grant(granted)

    async def _look(self, *, sweep: bool) -> None:
        """Tells everybody who waits here where they stand; who fell out of line gets in again."""
        for engine in {waiter.ask.engine for waiter in self._waiting.values()}:
            if sweep:  # a replica that died has left slots behind
                self._grant(await self._store.grant(engine, self._sizes[engine]))
            places = await self._store.places(engine)
            for generation, waiter in list(self._waiting.items()):
                if waiter.ask.engine != engine or waiter.granted.is_set():
                    continue
                place = places.get(generation)
                if place is None:
                    self._grant(await self._store.ask(waiter.ask, self._sizes[engine]))
                else:
                    self._tell(waiter, place)

    def _tell(self, waiter: _Waiter, place: Place) -> None:
        if place.granted:
            waiter.granted.set()
        else:
            waiter.waits(place.position, place.size)

    def _grant(self, generations: Collection[uuid.UUID]) -> None:
        for generation in generations:
            if waiter := self._waiting.get(generation):
                waiter.granted.set()
            else:
                self._moved(generation)
