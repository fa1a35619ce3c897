"""What was claimed and takes long to begin."""

import asyncio
import uuid
from pathlib import Path

import pytest

from services.gateway.store.generations import Generations
from tests.support.gateway import gateway
from tests.support.oracle import assert_story
from tests.support.postgres import connected
from tests.support.scripted import Engines
from tests.support.waiting import until

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
