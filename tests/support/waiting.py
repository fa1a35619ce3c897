"""Waiting for what nobody announces."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 20.0) -> None:
    """Asks again and again until it is so. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110  # what is asked is in another process
            await asyncio.sleep(0.01)


async def turns(count: int = 20) -> None:
    """Lets all else in this process have its turn again and again, however slow it is just now.

    For what nothing tells of, or what must not happen.
    """
    for _ in range(count):
        await asyncio.sleep(0.05)
