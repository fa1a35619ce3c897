"""How much there may be under way, of all owners and of one."""

import asyncio
import uuid
from pathlib import Path

import grpc
import pytest
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import generation_service_pb2 as generations

from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story, kinds
from tests.support.scripted import Engines, Gate
from tests.support.waiting import until


async def _refused(client: Client, request: agents.CreateAgentRequest) -> grpc.StatusCode:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await client.agents.CreateAgent(request, metadata=client.metadata).read()
    return refused.value.code()


async def test_beyond_the_bound_of_all_nobody_begins(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Refused with nothing stored, whoever asks; what was accepted is found again; then again."""
    gate = Gate(engines)
    async with gateway(database_url, engines, tmp_path, max_unfinished=3) as client:
        one, another = client.as_owner("one"), client.as_owner("another")
        request = agents.CreateAgentRequest(description="x", request_id=str(uuid.uuid4()))
        first = await one.agents.CreateAgent(request, metadata=one.metadata).read()
        names = [first.generation, await one.start(), await one.start()]
        fresh = agents.CreateAgentRequest(description="y")
        for owner in (one, another):
            assert grpc.StatusCode.RESOURCE_EXHAUSTED == await _refused(owner, fresh)
        again = await one.agents.CreateAgent(request, metadata=one.metadata).read()
        assert first.generation == again.generation
        listed = await another.generations.ListGenerations(
            generations.ListGenerationsRequest(), metadata=another.metadata
        )
        assert [] == list(listed.generations)
        gate.opened.set()
        for name in names:
            assert_story(await one.watch(name))
        assert "completed" == kinds(assert_story(await another.hatch()))[-1]


async def test_an_owner_runs_so_many_at_once_and_the_others_wait(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """The third waits for one of the first two, while another owner's runs at once."""
    gate = Gate(engines)
    settings = {"owner_running": 2, "llm_slots": 10, "avatar_slots": 10}
    async with gateway(database_url, engines, tmp_path, **settings) as client:
        one, another = client.as_owner("one"), client.as_owner("another")
        names = [await one.start() for _ in range(4)]
        other = await another.start()

        async def three_draw() -> bool:
            return len(engines.image_calls) == 3

        await until(three_draw)
        await asyncio.sleep(0.5)
        assert 3 == len(engines.image_calls)
        states = [(await one.get(name)).state for name in names]
        assert 2 == states.count(generations.Generation.STATE_QUEUED)
        gate.opened.set()
        for name in names:
            assert_story(await one.watch(name))
        assert_story(await another.watch(other))


async def test_pausing_makes_no_room(database_url: str, engines: Engines, tmp_path: Path) -> None:
    """What is paused is unfinished as well: else everybody could keep as many as they like."""
    gate = Gate(engines)
    async with gateway(database_url, engines, tmp_path, owner_unfinished=2) as client:
        names = [await client.start() for _ in range(2)]
        for name in names:
            await client.pause(name)
            await client.watch(name, until=lambda e: e.WhichOneof("event") == "paused")
        fresh = agents.CreateAgentRequest(description="x")
        assert grpc.StatusCode.RESOURCE_EXHAUSTED == await _refused(client, fresh)
        gate.opened.set()
        for name in names:
            await client.resume(name)
            assert "completed" == kinds(assert_story(await client.watch(name)))[-1]
        assert "completed" == kinds(assert_story(await client.hatch()))[-1]
