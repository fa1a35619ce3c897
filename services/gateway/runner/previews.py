"""Previews of what runs here, on their way to the other replicas: the latest, once a second."""

import asyncio
import uuid
from collections.abc import Callable

import structlog

from services.gateway.store.previews import Previews as Store
from services.runtime.errors import StoreUnavailable

log = structlog.get_logger()

# Seconds between two of them.
_PAUSE = 1.0


class Previews:
    """Keeps the latest of each generation until it is stored. `moved` tells the other replicas."""

    def __init__(self, store: Store, moved: Callable[[uuid.UUID], None]) -> None:
        self._store = store
        self._moved = moved
        self._latest: dict[uuid.UUID, tuple[int, bytes]] = {}
        self._woken = asyncio.Event()

    def put(self, generation: uuid.UUID, epoch: int, event: bytes) -> None:
        """Leaves a preview to be stored soon, in place of one that waits."""
        self._latest[generation] = (epoch, event)
        self._woken.set()

    async def run(self) -> None:
        """Stores for ever. One that cannot be stored is forgotten: another follows."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            latest, self._latest = self._latest, {}
            try:
                await self._store.put([(id_, *preview) for id_, preview in latest.items()])
            except StoreUnavailable:
                pass
            except Exception:
                log.exception("previews cannot be stored")
            else:
                for generation in latest:
                    self._moved(generation)
            await asyncio.sleep(_PAUSE)
