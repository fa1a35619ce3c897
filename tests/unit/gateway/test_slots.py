"""Slots: first come, first served, and never one lost."""

import asyncio
import random

import pytest

from services.gateway.runner.slots import Slots


def _ignore(_: int, __: int) -> None:
    pass


async def test_slots_are_given_in_the_order_of_asking() -> None:
    """With one slot, ten that ask one after another get it in that order."""
    slots, order = Slots({"llm": 1}), list[int]()

    async def use(number: int) -> None:
        async with slots.take("llm", _ignore):
            order.append(number)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        for number in range(10):
            group.create_task(use(number))
    assert list(range(10)) == order


async def test_whoever_waits_hears_every_move() -> None:
    """The second of two that wait hears of place 1 of 2, and then of place 0 of 1."""
    slots, heard = Slots({"llm": 1}), list[tuple[int, int]]()
    gates = [asyncio.Event() for _ in range(2)]

    async def hold(gate: asyncio.Event) -> None:
        async with slots.take("llm", _ignore):
            await gate.wait()

    async with asyncio.TaskGroup() as group:
        for gate in gates:
            group.create_task(hold(gate))
        await asyncio.sleep(0)

        async def last() -> None:
            async with slots.take("llm", lambda *where: heard.append(where)):
                pass

        task = group.create_task(last())
        await asyncio.sleep(0)
        for gate in gates:
            gate.set()
        await task
    assert [(1, 2), (0, 1)] == heard


async def test_a_step_without_an_engine_needs_no_slot() -> None:
    """The empty name is always free."""
    slots = Slots({"llm": 1})
    async with slots.take("llm", _ignore), slots.take("", _ignore):
        pass


@pytest.mark.parametrize("seed", range(20))
async def test_a_cancel_at_any_moment_leaks_no_slot(seed: int) -> None:
    """Tasks are cancelled at random, some in the moment of the grant; all slots come back."""
    slots, luck, inside, most = Slots({"llm": 2}), random.Random(seed), 0, 0

    async def use() -> None:
        nonlocal inside, most
        async with slots.take("llm", _ignore):
            inside += 1
            most = max(most, inside)
            try:
                for _ in range(luck.randrange(3)):
                    await asyncio.sleep(0)
            finally:
                inside -= 1

    tasks = [asyncio.ensure_future(use()) for _ in range(40)]
    while not all(task.done() for task in tasks):
        luck.choice(tasks).cancel()
        await asyncio.sleep(0)
    assert 2 == most
    async with asyncio.timeout(1), slots.take("llm", _ignore), slots.take("llm", _ignore):
        pass
