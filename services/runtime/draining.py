"""How work ends: some time after its server begins to stop, and never before its engine does."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from services.runtime.errors import ShuttingDown


async def stop(*tasks: asyncio.Future[Any]) -> None:
    """Cancels tasks and waits until all have ended.

    An engine must have stopped before its slot is anybody else's: being cancelled cuts no wait
    short, and is raised after it.
    """
    for task in tasks:
        task.cancel()
    cancelled: asyncio.CancelledError | None = None
    while not all(task.done() for task in tasks):
        try:
            await asyncio.wait(tasks)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled


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
            await stop(task, over)

    async def _over(self) -> None:
        await self._stopping.wait()
        await asyncio.sleep(self._grace)
