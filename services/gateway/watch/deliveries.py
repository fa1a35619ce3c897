"""How streams reach their clients: how each ended, and how late its live events were.

Counted in memory, and brought to the store every few seconds. What was counted since then is lost
with a replica that dies, and what the store took without saying so counts twice: it is statistics.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import structlog

from services.gateway.store.deliveries import Delivered
from services.gateway.store.deliveries import Deliveries as Store
from services.gateway.watch.stamps import stamp
from services.runtime.errors import StoreUnavailable
from services.runtime.tally import Tally

log = structlog.get_logger()

# Seconds, four to each doubling, from a quarter of a millisecond to a minute. They are what the
# numbers in the store mean, and may only ever grow at their end.
BOUNDS = tuple(0.00025 * 2 ** (step / 4) for step in range(72))
# Seconds between two visits to the store.
_EVERY = 2.0
# Seconds that the last visit may take, as nobody's end is held up for statistics.
_LAST = 1.0


@dataclass(slots=True)
class _Counts:
    streams: int = 0
    gone: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    late: Tally = field(default_factory=lambda: Tally(BOUNDS))


class Delivery:
    """One stream, from now on. `late` gets the seconds of each live event.

    Live is what happened since the stream began: what it replays says nothing of how quick it is.
    Ephemeral events and heartbeats are left out.
    """

    def __init__(self, late: Callable[[float], None], clock: Callable[[], float]) -> None:
        self._late = late
        self._clock = clock
        self._began = clock()

    def wrote(self, event: bytes) -> None:
        """An event was handed to the client's connection."""
        _, emitted = stamp(event)
        if emitted >= self._began:
            # Another replica has another clock.
            self._late(max(self._clock() - emitted, 0.0))


class Deliveries:
    """Counts the streams of this replica, by owner."""

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.time) -> None:
        """`clock` is the one that events are stamped with, in seconds."""
        self._store = store
        self._clock = clock
        self._counts: dict[str, _Counts] = {}

    def begin(self, owner: str, tell: Callable[[float], None]) -> Delivery:
        """A stream of an owner begins; `tell` hears as well how late its events are."""

        def late(seconds: float) -> None:
            self._of(owner).late.add(seconds)
            tell(seconds)

        return Delivery(late, self._clock)

    def ended(self, owner: str, *, gone: bool = False, reason: str = "") -> None:
        """A stream ended: well, as its client was gone, or for a reason."""
        counts = self._of(owner)
        counts.streams += 1
        counts.gone += gone
        if reason:
            counts.failures[reason] += 1

    async def run(self) -> None:
        """Brings what was counted to the store, for ever."""
        while True:
            await asyncio.sleep(_EVERY)
            await self.flush()

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """What was counted within the block is in the store after it, unless that is lost."""
        try:
            yield
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LAST):
                    await self.flush()

    async def flush(self) -> None:
        """Brings what was counted to the store; what that does not take is brought again."""
        counts, self._counts = self._counts, {}
        if not counts:
            return
        delivered = {
            owner: Delivered(it.streams, it.gone, it.failures, it.late.counts)
            for owner, it in counts.items()
        }
        try:
            await self._store.add(delivered)
        except (StoreUnavailable, asyncio.CancelledError) as stopped:
            self._take_back(counts)
            if isinstance(stopped, asyncio.CancelledError):
                raise
        except Exception:
            log.exception("what streams came to cannot be stored")

    def _take_back(self, counts: dict[str, _Counts]) -> None:
        later, self._counts = self._counts, counts
        for owner, more in later.items():
            here = self._of(owner)
            here.streams += more.streams
            here.gone += more.gone
            here.failures += more.failures
            here.late.add_all(more.late)

    def _of(self, owner: str) -> _Counts:
        return self._counts.get(owner) or self._counts.setdefault(owner, _Counts())
