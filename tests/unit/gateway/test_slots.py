"""When slots are looked after."""

import asyncio
import uuid
from contextlib import suppress
from typing import Any, cast

from services.gateway.runner.slots import Slots
from services.gateway.store.slots import Slots as Store
from tests.support.waiting import until


class _Full:
    """A store whose only slot is held by nobody who lives."""

    def __init__(self) -> None:
        self.swept = 0

    async def ask(self, *_: Any) -> list[uuid.UUID]:
        """Nobody's turn."""
        return []

    async def places(self, _: str) -> dict[uuid.UUID, Any]:
        """Nobody is in line."""
        return {}

    async def grant(self, *_: Any) -> list[uuid.UUID]:
        """A sweep."""
        self.swept += 1
        return []

    async def give_back(self, *_: Any) -> list[uuid.UUID]:
        """Nobody's turn."""
        return []


async def test_slots_of_the_dead_are_swept_however_much_goes_on() -> None:
    """Looks that wake-ups ask for put off no sweep."""
    store = _Full()
    slots = Slots(cast("Store", store), {"llm": 1}, lambda _: None, poll=0.1)
    working = asyncio.create_task(slots.run())

    async def wait() -> None:
        async with slots.take(uuid.uuid4(), 1, "ada", "llm", lambda *_: None):
            pass

    async def wake() -> None:
        while True:
            slots.wake(None)
            await asyncio.sleep(0.005)

    tasks = [working, asyncio.create_task(wait()), asyncio.create_task(wake())]
    try:
        await until(lambda: asyncio.sleep(0, store.swept > 2))
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
