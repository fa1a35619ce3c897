"""What a request id promises: one generation, whatever happens meanwhile."""

import asyncio
import uuid
from pathlib import Path

import grpc
import pytest
from hatchery.gateway.v1 import agent_service_pb2 as agents

from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story
from tests.support.ports import free_port
from tests.support.scripted import Engines


async def test_one_request_id_is_one_generation(client: Client, engines: Engines) -> None:
    """Twenty calls at once with one request id attach to one generation, and make one agent."""
    request_id = str(uuid.uuid4())
    streams = await asyncio.gather(
        *(client.hatch("a shy dragon", request_id=request_id) for _ in range(20))
    )
    stories = [assert_story(stream) for stream in streams]
    assert all(story == stories[0] for story in stories)
    listed = await client.agents.ListAgents(agents.ListAgentsRequest())
    assert 1 == len(listed.agents)
    assert 1 == len(engines.text_calls)


async def test_a_request_id_attaches_whatever_happened_since(
    client: Client, database_url: str, tmp_path: Path
) -> None:
    """What was accepted is not judged again: not its model, nor if its agent is still there."""
    hatch = {"request_id": str(uuid.uuid4()), "llm_model": "script"}
    hatched = await client.hatch(**hatch)
    agent = hatched[-1].completed.resource
    draw = agents.RegenerateAvatarRequest(name=agent, request_id=str(uuid.uuid4()))
    drawn = [event async for event in client.agents.RegenerateAvatar(draw)]
    await client.agents.DeleteAgent(agents.DeleteAgentRequest(name=agent))
    nowhere = f"127.0.0.1:{free_port()}"
    away = Engines(llm_target=nowhere, avatar_target=nowhere)
    async with gateway(database_url, away, tmp_path) as later:
        assert assert_story(hatched) == assert_story(await later.hatch(**hatch))
        again = [event async for event in later.agents.RegenerateAvatar(draw)]
    assert assert_story(drawn) == assert_story(again)


async def test_a_reused_request_id_is_refused(client: Client) -> None:
    """The same request id with another description is ALREADY_EXISTS."""
    request_id = str(uuid.uuid4())
    await client.hatch("a shy dragon", request_id=request_id)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await client.hatch("a bold dragon", request_id=request_id)
    assert grpc.StatusCode.ALREADY_EXISTS == refused.value.code()


async def test_the_request_id_crosses_services(client: Client, engines: Engines) -> None:
    """Engine calls carry an x-request-id, the one that the generation was asked for with."""
    request_id = str(uuid.uuid4())
    await client.hatch(request_id=request_id)
    assert [request_id] * 2 == [m["x-request-id"] for m in engines.metadata]
