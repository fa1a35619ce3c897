"""The one tail of a replica: what other replicas commit, for all who follow it here."""

import asyncio
import time
import uuid
from collections.abc import Collection, Mapping

import structlog
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.store.log import Log
from services.gateway.store.previews import Previews
from services.gateway.watch.hub import Channel, Hub
from services.gateway.watch.stamps import stamp
from services.runtime.errors import StoreUnavailable
from services.runtime.tally import Tally

log = structlog.get_logger()

# Of one generation, no more events than this are read at once; who needs older ones reads them.
_PAGE = 200


class Tail:
    """Looks into the log when it is woken, and every `poll` seconds in case it was not."""

    def __init__(
        self, log: Log, previews: Previews, hub: Hub, *, poll: float, lag: Tally | None = None
    ) -> None:
        """`lag`, where there is one, counts how many seconds late it is."""
        self._log = log
        self._previews = previews
        self._hub = hub
        self._poll = poll
        self._lag = lag
        self._named: set[uuid.UUID] = set()
        self._all = False
        self._woken = asyncio.Event()

    def wake(self, generations: Collection[uuid.UUID] | None) -> None:
        """Says which generations moved elsewhere; None: any of them may have."""
        if generations is None:
            self._all = True
        else:
            self._named.update(generations)
        self._woken.set()

    async def run(self) -> None:
        """Looks for ever."""
        loop = asyncio.get_running_loop()
        polled = loop.time()
        while True:
            try:
                async with asyncio.timeout_at(polled + self._poll):
                    await self._woken.wait()
            except TimeoutError:
                self._all = True
            self._woken.clear()
            followed, named = self._hub.followed, self._named
            self._named = set()
            if self._all:
                self._all, polled = False, loop.time()
            else:
                followed = [generation for generation in followed if generation in named]
            if followed:
                await self._look(followed)

    async def _look(self, generations: Collection[uuid.UUID]) -> None:
        """Hands what is new to the channels, in one query for all of them."""
        channels = {g: c for g in generations if (c := self._hub.channel(g)) is not None}
        try:
            cursors = {generation: c.last_sequence for generation, c in channels.items()}
            news = await self._log.news(cursors, _PAGE)
        except StoreUnavailable:
            return
        except Exception:
            log.exception("nothing can be followed")
            return
        for generation, channel in channels.items():
            if events := news.get(generation):
                # The writer of this replica may have published meanwhile.
                fresh = [event for sequence, event in events if sequence > channel.last_sequence]
                # What is read at first may have happened long ago.
                if self._lag is not None and fresh and channel.last_sequence:
                    # Another replica has another clock.
                    self._lag.add(max(time.time() - stamp(fresh[0])[1], 0.0))
                channel.publish(events[-1][0] - len(fresh) + 1, fresh)
                channel.local = channel.local and not fresh
            if channel.stale:
                channel.stale = False
                channel.wake()
        await self._look_at_previews(channels)

    async def _look_at_previews(self, channels: Mapping[uuid.UUID, Channel]) -> None:
        """Hands on what other replicas draw. A preview of an attempt that is over is dropped."""
        elsewhere = {g: c for g, c in channels.items() if not c.local and c.latest}
        if not elsewhere:
            return
        try:
            previews = await self._previews.news(
                {generation: c.preview_number for generation, c in elsewhere.items()}
            )
        except StoreUnavailable:
            return
        except Exception:
            log.exception("no preview can be read")
            return
        for generation, (number, event) in previews.items():
            channel = elsewhere[generation]
            channel.preview_number = number
            latest, preview = Progress.FromString(channel.latest), Progress.FromString(event)
            if (latest.step, latest.attempt) == (preview.step, preview.attempt):
                preview.fraction = latest.fraction
                channel.publish_ephemeral("preview", preview.SerializeToString())
