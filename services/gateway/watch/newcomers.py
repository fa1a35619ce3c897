"""Which generations owners begin: one query for everybody who follows all of theirs here."""

import asyncio
import datetime as dt
import time
import uuid
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field

import structlog

from services.gateway.store.generations import Generations
from services.runtime.errors import StoreUnavailable

log = structlog.get_logger()

# Seconds for which what has begun may take to be seen.
_MARGIN = 10.0
# So many that were handed on are remembered beside those that are recent: clocks may be set.
_REMEMBERED = 10_000


@dataclass(eq=False, slots=True)
class _Follower:
    owner: str
    known: dict[uuid.UUID, None] = field(default_factory=dict)
    found: asyncio.Queue[uuid.UUID] = field(default_factory=asyncio.Queue)
    fresh: bool = True

    def hear(self, recent: Collection[tuple[uuid.UUID, bool]]) -> None:
        """Takes what there is, as (generation, unfinished). Who has just come hears of no ended."""
        for generation, unfinished in recent:
            if generation not in self.known and (unfinished or not self.fresh):
                self.found.put_nowait(generation)
            # To the end of them.
            self.known.pop(generation, None)
            self.known[generation] = None
        while len(self.known) > _REMEMBERED + len(recent):
            del self.known[next(iter(self.known))]
        self.fresh = False


class Newcomers:
    """Looks every `poll` seconds, and when it is woken, while anybody follows."""

    def __init__(self, generations: Generations, *, poll: float) -> None:
        self._generations = generations
        self._poll = poll
        self._followers: set[_Follower] = set()
        # When the store last answered: what began since then has been seen by nobody.
        self._looked: tuple[float, ...] | None = None
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Says that a generation began on this replica."""
        self._woken.set()

    async def of(self, owner: str) -> AsyncIterator[uuid.UUID]:
        """An owner's generations that have not ended, and then each that begins; without an end."""
        follower = _Follower(owner)
        self._followers.add(follower)
        self._woken.set()
        try:
            while True:
                yield await follower.found.get()
        finally:
            self._followers.discard(follower)

    async def run(self) -> None:
        """Looks for ever."""
        while True:
            if not self._followers:
                self._looked = None
            try:
                async with asyncio.timeout(self._poll if self._followers else None):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()
            if owners := {follower.owner for follower in self._followers}:
                await self._look(owners)

    async def _look(self, owners: Collection[str]) -> None:
        since = zip(_now(), self._looked or _now(), strict=True)
        blind = max(now - then for now, then in since)
        within = dt.timedelta(seconds=_MARGIN + blind)
        try:
            recent = await self._generations.recent(owners, within)
        except StoreUnavailable:
            return
        except Exception:
            log.exception("no newcomer can be found")
            return
        self._looked = _now()
        for follower in self._followers:
            if follower.owner in owners:
                follower.hear(recent.get(follower.owner, ()))


def _now() -> tuple[float, ...]:
    """In seconds, by two clocks: one stands still while a machine sleeps, and one may be set."""
    return time.monotonic(), time.time()
