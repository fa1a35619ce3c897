"""The keeper of leases: whose fault it is that one ends."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Collection
from types import SimpleNamespace
from typing import Any

import pytest

from services.gateway.runner.keeper import Keeper
from services.runtime.errors import StoreUnavailable
from tests.support.virtual import in_virtual_time, stand_still
from tests.support.waiting import until

_ID, _EPOCH, _LEASE = uuid.uuid4(), 3, 3.0


class _Store:
    """Answers or not; says of what is handed back that somebody has it locked, or takes it."""

    def __init__(self) -> None:
        self.answers = True
        self.locked: set[uuid.UUID] = set()
        self.asked = 0
        self.taken: set[tuple[uuid.UUID, int]] = set()

    async def renew(self, held: Collection[tuple[uuid.UUID, int]], _: float) -> dict[Any, None]:
        if not self.answers:
            raise StoreUnavailable("lost")
        return {id_: None for id_, _ in held}

    async def hand_back(self, lost: Collection[tuple[uuid.UUID, int]]) -> set[uuid.UUID]:
        if not self.answers:
            raise StoreUnavailable("lost")
        self.asked += 1
        self.taken |= {(id_, epoch) for id_, epoch in lost if id_ not in self.locked}
        return self.locked


@contextlib.asynccontextmanager
async def _kept(store: _Store) -> AsyncIterator[asyncio.Event]:
    """One runner whose lease is kept; yields what is set when it is stopped."""
    fenced = asyncio.Event()
    row = SimpleNamespace(id=_ID, epoch=_EPOCH)
    outbox = SimpleNamespace(fenced=fenced)
    runner = SimpleNamespace(row=row, outbox=outbox, give_up=fenced.set)
    runners: Any = {_ID: (runner, None)}
    leases: Any = store
    keeping = asyncio.ensure_future(Keeper(leases, runners, lease=_LEASE, poll=0.1).run())
    await asyncio.sleep(0.2)
    try:
        yield fenced
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])


@in_virtual_time
async def test_what_a_lost_store_stopped_is_handed_back_when_it_answers() -> None:
    """Before its lease runs out it is stopped; it is asked for again while it is locked."""
    store = _Store()
    async with _kept(store) as fenced:
        store.answers, began = False, asyncio.get_running_loop().time()
        await fenced.wait()
        assert asyncio.get_running_loop().time() - began < _LEASE
        store.answers, store.locked = True, {_ID}

        async def asked_again() -> bool:
            return store.asked > 1

        await until(asked_again)
        assert set() == store.taken
        store.locked = set()

        async def taken() -> bool:
            return store.taken == {(_ID, _EPOCH)}

        await until(taken)
        asked = store.asked
        await asyncio.sleep(0.5)
        assert asked == store.asked


@pytest.mark.parametrize("slices", [1, 5])
@in_virtual_time
async def test_who_stood_still_hands_nothing_back(slices: int) -> None:
    """At once or bit by bit, and awake again when it gives up: what runs here may be why."""
    store = _Store()
    async with _kept(store) as fenced:
        store.answers = False
        for _ in range(slices):
            stand_still(0.5 * _LEASE / slices)
            await asyncio.sleep(0.01)
        assert not fenced.is_set()
        await fenced.wait()
        store.answers = True
        await asyncio.sleep(0.5)
    assert set() == store.taken


@in_virtual_time
async def test_what_was_stopped_for_another_reason_is_not_handed_back() -> None:
    """Its lease belongs to somebody else."""
    store = _Store()
    async with _kept(store) as fenced:
        fenced.set()
        store.answers = False
        await asyncio.sleep(_LEASE)
        store.answers = True
        await asyncio.sleep(0.5)
    assert set() == store.taken
