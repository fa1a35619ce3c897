"""Threads for what takes a processor for long: pictures, cards."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Made = TypeVar("Made")

# Each may take half a gigabyte while it decodes the largest picture.
_THREADS = 2


class Workers:
    """Does a few things at a time beside the event loop; the rest waits."""

    def __init__(self) -> None:
        # Threads of their own: a call that is given up does not make room before its work is over.
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="work")

    async def __call__(self, do: Callable[[], Made], /) -> Made:
        """What `do` returns, which goes on when this call is cancelled."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, do)
