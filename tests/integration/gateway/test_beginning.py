"""What was claimed and takes long to begin."""

import asyncio
import uuid
from pathlib import Path
from typing import Any

import pytest

from services.gateway.store.generations import Generations
from services.gateway.store.leases import Leases
from services.runtime.errors import StoreUnavailable
from tests.support.gateway import gateway
from tests.support.oracle import assert_story
from tests.support.postgres import connected
from tests.support.scripted import Engines, Gate
from tests.support.waiting import turns, until

# How far leases reach, and that of a generation, from where it was claimed.
_LEASE = "SELECT lease_expire_time - start_time FROM generations WHERE id = $1"
_RENEWED = f"SELECT ({_LEASE}) > interval '5.5 s'"


async def test_one_that_takes_long_keeps_its_lease_and_nobody_waiting(
    database_url: str, engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease is renewed from the claim on; another one hatches meanwhile."""
    goes_on, slow, results = asyncio.Event(), list[uuid.UUID](), Generations.results

    async def slowly(generations: Generations, generation: uuid.UUID) -> dict[str, bytes]:
        if not slow or generation in slow:
            slow.append(generation)
            await goes_on.wait()
        return await results(generations, generation)

    monkeypatch.setattr(Generations, "results", slowly)
    async with (
        gateway(database_url, engines, tmp_path, lease=5.0) as client,
        connected(database_url) as connection,
    ):
        name = await client.start()
        await until(lambda: asyncio.sleep(0, bool(slow)))
        assert_story(await client.hatch())

        async def is_renewed() -> bool:
            return bool(await connection.fetchval(_RENEWED, slow[0]))

        await until(is_renewed)
        goes_on.set()
        assert_story(await client.watch(name))
        epoch = await connection.fetchval("SELECT epoch FROM generations WHERE id = $1", slow[0])
    assert (1, 1) == (epoch, len(slow))


async def test_a_claim_that_was_overtaken_while_it_began_runs_nothing(
    database_url: str, engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease ran out here and was taken here: whoever has it now works, and is kept."""
    goes_on, begun, away = asyncio.Event(), list[uuid.UUID](), [True]
    results, renew, gate = Generations.results, Leases.renew, Gate(engines)

    async def slowly(generations: Generations, generation: uuid.UUID) -> dict[str, bytes]:
        begun.append(generation)
        if len(begun) == 1:
            await goes_on.wait()
        return await results(generations, generation)

    async def renewed(leases: Leases, held: Any, lease: float) -> Any:
        if away[0]:
            raise StoreUnavailable("away")
        return await renew(leases, held, lease)

    monkeypatch.setattr(Generations, "results", slowly)
    monkeypatch.setattr(Leases, "renew", renewed)
    async with (
        gateway(database_url, engines, tmp_path, lease=3.0) as client,
        connected(database_url) as connection,
    ):
        name = await client.start()
        await until(lambda: asyncio.sleep(0, len(begun) == 2))
        away[0] = False
        await gate.came.wait()
        goes_on.set()
        # Longer than a lease that nobody renews.
        await turns(80)
        gate.opened.set()
        assert_story(await client.watch(name))
        epoch = await connection.fetchval("SELECT epoch FROM generations WHERE id = $1", begun[0])
    assert (2, 1, 1) == (epoch, len(engines.text_calls), len(engines.image_calls))
