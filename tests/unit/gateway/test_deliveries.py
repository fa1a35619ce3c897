"""What streams came to, while it is brought to the store."""

import asyncio
from collections.abc import Mapping
from typing import Any, cast

import pytest

from services.gateway.store.deliveries import Delivered
from services.gateway.store.deliveries import Deliveries as Store
from services.gateway.watch.deliveries import Deliveries


class _Slow:
    """A store that takes nothing until it may."""

    def __init__(self) -> None:
        self.came, self.may = asyncio.Event(), asyncio.Event()
        self.taken: list[Mapping[str, Delivered]] = []

    async def add(self, delivered: Mapping[str, Delivered]) -> None:
        """Takes them in the end."""
        self.came.set()
        await self.may.wait()
        self.taken.append(delivered)


async def test_a_visit_that_is_stopped_loses_nothing() -> None:
    """As at the end of a process: what was on its way goes with the last visit."""
    store: Any = _Slow()
    deliveries = Deliveries(cast("Store", store))
    deliveries.ended("ada")
    visit = asyncio.create_task(deliveries.flush())
    await store.came.wait()
    deliveries.ended("ada", gone=True)
    visit.cancel()
    with pytest.raises(asyncio.CancelledError):
        await visit
    store.may.set()
    async with deliveries.kept():
        deliveries.ended("bob")
    (taken,) = store.taken
    assert {"ada": (2, 1), "bob": (1, 0)} == {
        owner: (it.streams, it.gone) for owner, it in taken.items()
    }
