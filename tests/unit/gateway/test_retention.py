"""Trimming goes on in smaller parts where the store does not answer in time."""

import asyncio
from typing import Any

from services.gateway.retention import Retention
from services.runtime.errors import StoreUnavailable


class _Slow:
    """Lets logs go, ten at a time at most; more take too long."""

    def __init__(self) -> None:
        self.left = 25
        self.done = asyncio.Event()

    async def trim(self, _: float, limit: int) -> int:
        if limit > 10:
            raise StoreUnavailable("too much")
        trimmed = min(limit, self.left)
        self.left -= trimmed
        if not self.left:
            self.done.set()
        return trimmed


async def test_what_takes_too_long_is_done_in_smaller_parts() -> None:
    """Until nothing is left."""
    slow: Any = _Slow()
    running = asyncio.ensure_future(Retention(slow, 0.01).run())
    async with asyncio.timeout(10):
        await slow.done.wait()
    running.cancel()
