"""How many steps of this replica an engine service gets at once, and who is next."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager


class Slots:
    """First come, first served, for each engine service by its name; "" needs no slot."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self._free = dict(sizes)
        self._waiting: dict[str, deque[_Waiter]] = {name: deque() for name in sizes}

    @asynccontextmanager
    async def take(self, engine: str, waits: Callable[[int, int], None]) -> AsyncIterator[None]:
        """Holds a slot. Until there is one, calls `waits(position, size)` whenever that changes."""
        if not engine:
            yield
            return
        await self._acquire(engine, waits)
        try:
            yield
        finally:
            self._release(engine)

    async def _acquire(self, engine: str, waits: Callable[[int, int], None]) -> None:
        queue = self._waiting[engine]
        if self._free[engine] > 0 and not queue:
            self._free[engine] -= 1
            return
        waiter = _Waiter(waits)
        queue.append(waiter)
        self._tell(engine)
        try:
            await waiter.granted
        except asyncio.CancelledError:
            if waiter in queue:
                queue.remove(waiter)
                self._tell(engine)
            else:  # the slot came in the very moment of the cancel
                self._release(engine)
            raise

    def _release(self, engine: str) -> None:
        queue = self._waiting[engine]
        if not queue:
            self._free[engine] += 1
            return
        queue.popleft().granted.set_result(None)
        self._tell(engine)

    def _tell(self, engine: str) -> None:
        queue = self._waiting[engine]
        for position, waiter in enumerate(queue):
            waiter.waits(position, len(queue))


class _Waiter:
    def __init__(self, waits: Callable[[int, int], None]) -> None:
        self.waits = waits
        self.granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
