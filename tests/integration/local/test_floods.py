"""Floods through Envoy: who means no harm is served all the while."""

import uuid
from collections.abc import AsyncIterator

import grpc
import pytest
import pytest_asyncio
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest, ListAgentsRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub

from tests.bench.flooding import KINDS
from tests.bench.floods import a_strict_house, flooded
from tests.bench.house import House
from tests.support.gateway import token
from tests.support.oracle import assert_story

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A gateway behind Envoy with its usual limits."""
    async with a_strict_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.mark.parametrize("kind", KINDS)
async def test_who_means_no_harm_is_served_beside_a_flood(house: House, kind: str) -> None:
    """Every call is answered, and a companion hatches whole."""
    metadata = (("authorization", f"Bearer {token(f'alice-{uuid.uuid4()}')}"),)
    with flooded(house, kind) as rates:
        async with grpc.aio.insecure_channel(house.envoy) as channel:
            stub = AgentServiceStub(channel)
            for _ in range(20):
                await stub.ListAgents(ListAgentsRequest(), metadata=metadata, timeout=10)
            request = CreateAgentRequest(description="speak 20 5")
            story = [e async for e in stub.CreateAgent(request, metadata=metadata, timeout=60)]
        assert assert_story(story)[-1].HasField("completed")
    # Other tests want the machine, too; but some of a flood there was.
    assert rates[0] > 0
