"""Work that is allowed some time more once its server begins to stop."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from services.runtime.errors import ShuttingDown


class Drain:
    """When the server stops, and how long a call under way may go on then, in seconds."""

    def __init__(self, stopping: asyncio.Event, grace: float) -> None:
        self._stopping = stopping
        self._grace = grace

    async def let_finish(self, work: Coroutine[Any, Any, None]) -> None:
        """Does the work. Raises ShuttingDown, and cancels it, when the time is over."""
        task = asyncio.ensure_future(work)
        over = asyncio.ensure_future(self._over())
        try:
            await asyncio.wait([task, over], return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise ShuttingDown("this replica is going away: ask again")
            task.result()
        finally:
            task.cancel()
            over.cancel()
            # The engine must have stopped before its slot is anybody else's.
            await asyncio.wait([task, over])

    async def _over(self) -> None:
        await self._stopping.wait()
        await asyncio.sleep(self._grace)
