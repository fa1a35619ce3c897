"""Whoever waits for their budget's turn keeps nobody else from the store."""

import asyncio
from pathlib import Path

from tests.contract.gateway.conftest import PRICES
from tests.support.gateway import gateway
from tests.support.oracle import assert_story
from tests.support.postgres import connected
from tests.support.scripted import Engines, Gate
from tests.support.waiting import turns

# The turn of an owner's budget, as `store/budgets.py` takes it.
_HELD = "SELECT pg_advisory_xact_lock(hashtextextended($1, 7077))"


async def test_creations_that_wait_for_one_budget_cost_nobody_a_lease(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """However many: another owner is served meanwhile, and what runs is not lost."""
    prices, gate = tmp_path / "prices.toml", Gate(engines)
    prices.write_text(PRICES.replace("limit = 1", "limit = 1000"))
    settings = {"prices": prices, "database_connections": 4, "lease": 3.0, "database_timeout": 30}
    async with (
        gateway(database_url, engines, tmp_path, **settings) as client,
        connected(database_url) as holder,
    ):
        name = await client.as_owner("bob").start()
        await gate.came.wait()
        alice = client.as_owner("alice")
        async with holder.transaction():
            await holder.execute(_HELD, "alice")
            waiting = [asyncio.create_task(alice.begin_writing()) for _ in range(12)]
            # Longer than a lease that nobody renews.
            await turns(80)
            assert not any(one.done() for one in waiting)
            assert (await client.as_owner("bob").get(name)).name == name
        await asyncio.gather(*waiting)
        gate.opened.set()
        story = assert_story(await client.as_owner("bob").watch(name))
    assert not [event for event in story if event.HasField("recovered")]
