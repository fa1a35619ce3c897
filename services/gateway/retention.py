"""How long the events of what ended are kept."""

import asyncio

import structlog

from services.gateway.store.trimming import Trimming
from services.runtime.errors import StoreUnavailable

log = structlog.get_logger()

# Logs that are trimmed in one statement, and seconds between looks at what is due.
_AT_ONCE = 100
_EVERY = 60.0


class Retention:
    """Trims logs `kept` seconds after their end; 0 keeps everything. Any replica may do it."""

    def __init__(self, trimming: Trimming, kept: float) -> None:
        self._trimming = trimming
        self._kept = kept

    async def run(self) -> None:
        """Looks for ever. What takes too long for one statement is tried in smaller parts."""
        limit = _AT_ONCE
        while self._kept:
            try:
                while trimmed := await self._trimming.trim(self._kept, limit):
                    log.info("trimmed", generations=trimmed)
                limit = _AT_ONCE
            except StoreUnavailable:
                limit = max(limit // 4, 1)
                log.warning("the store did not answer; trimming less at once", limit=limit)
            except Exception:
                log.exception("nothing can be trimmed")
            await asyncio.sleep(min(self._kept, _EVERY))
