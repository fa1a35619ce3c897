"""Slots of engines: bounded and fair across replicas, and never one lost."""

import asyncio
import random
import uuid
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

import pytest

from services.gateway.runner.slots import Slots, Waits
from services.gateway.store.database import Database
from services.gateway.store.slots import Slots as Store
from tests.support.claimed import claimed
from tests.support.waiting import until


def ignore(_: int, __: int) -> None:
    """For tests that do not look at places."""


class House:
    """Two replicas over one database, each of which wakes the other."""

    def __init__(self, database: Database, size: int, poll: float) -> None:
        store, sizes = Store(database), {"llm": size}
        self.replicas = [
            Slots(store, sizes, lambda moved: self._wake(1, [moved]), poll=poll),
            Slots(store, sizes, lambda moved: self._wake(0, [moved]), poll=poll),
        ]
        self._numbers = iter(range(10**6))

    def take(
        self,
        generation: uuid.UUID,
        waits: Waits = ignore,
        owner: str = "local",
        engine: str = "llm",
    ) -> AbstractAsyncContextManager[None]:
        """Takes a slot on one replica and the other in turn."""
        replica = self.replicas[next(self._numbers) % 2]
        return replica.take(generation, 1, owner, engine, waits)

    def _wake(self, replica: int, generations: Collection[uuid.UUID]) -> None:
        self.replicas[replica].wake(generations)


@asynccontextmanager
async def house(database: Database, size: int, poll: float = 60.0) -> AsyncIterator[House]:
    """The house while its replicas work. The poll is so slow that only wake-ups bring a turn."""
    built = House(database, size, poll)
    tasks = [asyncio.ensure_future(replica.run()) for replica in built.replicas]
    try:
        yield built
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def test_never_more_than_there_are(database: Database) -> None:
    """Thirty that ask on two replicas: three at a time, and all of them in the end."""
    inside = most = done = 0
    full = asyncio.Event()
    async with house(database, 3) as slots:

        async def use(generation: uuid.UUID) -> None:
            nonlocal inside, most, done
            async with slots.take(generation):
                inside += 1
                most = max(most, inside)
                if inside == 3:
                    full.set()
                await full.wait()
                await asyncio.sleep(0.01)
                inside -= 1
                done += 1

        async with asyncio.timeout(30), asyncio.TaskGroup() as group:
            for generation in await claimed(database, 30):
                group.create_task(use(generation))
    assert (3, 30) == (most, done)


async def _asked(database: Database, count: int) -> bool:
    """Whether so many hold a slot, or wait for one."""
    async with database.connection() as connection:
        return bool(await connection.fetchval("SELECT count(*) = $1 FROM slots", count))


async def test_owners_take_turns(database: Database) -> None:
    """One who asked for six does not keep another, who asked once and later, waiting for them."""
    order: list[str] = []
    many = [("many", g) for g in await claimed(database, 6, owner="many")]
    few = [("few", g) for g in await claimed(database, 1, owner="few")]
    async with house(database, 1) as slots:

        async def use(owner: str, generation: uuid.UUID) -> None:
            async with slots.take(generation, owner=owner):
                order.append(owner)
                if len(order) == 1:
                    await everybody.wait()

        everybody = asyncio.Event()
        async with asyncio.timeout(30), asyncio.TaskGroup() as group:
            for number, (owner, generation) in enumerate(many + few, 1):
                group.create_task(use(owner, generation))
                await until(partial(_asked, database, number))
            everybody.set()
    assert ["many", "few", "many", "many", "many", "many", "many"] == order


async def test_whoever_waits_hears_where_they_stand(database: Database) -> None:
    """The second of two in line hears of place 1 of 2, and then of place 0 of 1."""
    first, second, third = await claimed(database, 3)
    heard: asyncio.Queue[tuple[int, int]] = asyncio.Queue()
    going = asyncio.Event()

    async def stands(place: tuple[int, int]) -> None:
        while (told := await heard.get()) != place:
            assert told > place, "a place in line never gets worse"

    async with house(database, 1, poll=0.05) as slots, asyncio.timeout(30):
        async with slots.take(first):

            async def next_one() -> None:
                async with slots.take(second):
                    await going.wait()

            waiting = asyncio.ensure_future(next_one())
            await until(partial(_asked, database, 2))
            last = slots.take(third, lambda *where: heard.put_nowait(where))
            entering = asyncio.ensure_future(last.__aenter__())
            await stands((1, 2))
        await stands((0, 1))
        going.set()
        await waiting
        await entering
        await last.__aexit__(None, None, None)


async def test_a_step_without_an_engine_needs_no_slot(database: Database) -> None:
    """The empty name is always free."""
    (one,) = await claimed(database, 1)
    async with house(database, 1) as slots, slots.take(one), slots.take(one, engine=""):
        pass


async def test_a_slot_that_is_asked_for_again_is_another(database: Database) -> None:
    """The next attempt of a step gets in line again, whatever became of its former slot."""
    (one,) = await claimed(database, 1)
    async with house(database, 1) as slots, asyncio.timeout(30):
        for _ in range(20):
            async with slots.take(one):
                pass


async def test_what_a_dead_replica_held_is_free_again(database: Database) -> None:
    """Its leases run out, and its slots with them."""
    dead, next_one = (await claimed(database, 1, lease=0.5))[0], (await claimed(database, 1))[0]
    lost = Slots(Store(database), {"llm": 1}, lambda _: None, poll=60.0)
    held = lost.take(dead, 1, "local", "llm", ignore)
    await held.__aenter__()
    async with house(database, 1, poll=0.1) as slots, asyncio.timeout(5), slots.take(next_one):
        pass


@pytest.mark.parametrize("seed", range(3))
async def test_a_cancel_at_any_moment_leaks_no_slot(database: Database, seed: int) -> None:
    """Tasks are cancelled at random, some in the moment of the grant; all slots come back."""
    luck, inside, most = random.Random(seed), 0, 0
    ids = await claimed(database, 32)
    async with house(database, 2) as slots, asyncio.timeout(60):

        async def use(generation: uuid.UUID) -> None:
            nonlocal inside, most
            async with slots.take(generation):
                inside += 1
                most = max(most, inside)
                try:
                    await asyncio.sleep(luck.random() / 50)
                finally:
                    inside -= 1

        tasks = [asyncio.ensure_future(use(generation)) for generation in ids[:30]]
        while not all(task.done() for task in tasks):
            luck.choice(tasks).cancel()
            await asyncio.sleep(luck.random() / 20)
        assert most <= 2
        async with slots.take(ids[30]), slots.take(ids[31]):
            pass
