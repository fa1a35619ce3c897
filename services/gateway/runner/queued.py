"""How many generations wait for a replica, as far as one looks."""

import asyncio

import structlog

from services.gateway.store.queue import Queue
from services.runtime.errors import StoreUnavailable

log = structlog.get_logger()

# Seconds between two looks: metrics are read less often.
_EVERY = 5.0


class Queued:
    """Looks every few seconds, for whoever reads metrics in a thread that asks no store."""

    def __init__(self, queue: Queue, *, looks: bool) -> None:
        """It only `looks` where anybody reads them."""
        self.length = 0
        self._looks = looks
        self._queue = queue

    async def run(self) -> None:
        """Looks for ever."""
        while self._looks:
            try:
                self.length = await self._queue.length()
            except StoreUnavailable:
                pass
            except Exception:
                log.exception("the queue cannot be measured")
            await asyncio.sleep(_EVERY)
