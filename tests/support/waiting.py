"""Waiting for what nobody announces."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 3.0) -> None:
    """Asks again and again until it is so. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110  # what is asked is in another process
            await asyncio.sleep(0.01)
