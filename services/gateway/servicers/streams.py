"""Streams that end when this replica goes away, so that their readers go on at another."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from services.runtime.errors import ShuttingDown


async def until_stopping(stopping: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Does the work. Raises ShuttingDown when the server begins to stop before it is done."""
    task = asyncio.ensure_future(work)
    stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait([task, stop], return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ShuttingDown("this replica is going away; go on from your last sequence")
        task.result()
    finally:
        task.cancel()
        stop.cancel()
        await asyncio.wait([task])
