"""Floods through Envoy: who means no harm is served all the while."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest
import pytest_asyncio
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest, ListAgentsRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub

from tests.bench.flooding import KINDS
from tests.bench.house import House, a_house
from tests.support.gateway import KEY, token
from tests.support.oracle import assert_story
from tests.support.process import module_process

pytestmark = pytest.mark.asyncio(loop_scope="module")


def _written(key: Path) -> Path:
    key.write_text(KEY)
    return key


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A gateway behind Envoy that asks for tokens, with its usual limits."""
    key = _written(tmp_path_factory.mktemp("house") / "key")
    async with a_house(
        calls=100,
        HATCHERY_AUTH="jwt",
        HATCHERY_TOKEN_KEY_FILE=str(key),
        HATCHERY_OWNER_CALLS="200",
        HATCHERY_OWNER_CREATIONS="10",
        HATCHERY_OWNER_UNFINISHED="50",
        HATCHERY_OWNER_RUNNING="16",
    ) as house:
        yield house


@pytest.mark.parametrize("kind", KINDS)
async def test_who_means_no_harm_is_served_beside_a_flood(house: House, kind: str) -> None:
    """Every call is answered, and a companion hatches whole."""
    mallory = token(f"mallory-{uuid.uuid4()}", seconds=3600)
    metadata = (("authorization", f"Bearer {token(f'alice-{uuid.uuid4()}')}"),)
    with module_process("tests.bench.flooding", kind, house.envoy, mallory) as process:
        await asyncio.sleep(2)
        async with grpc.aio.insecure_channel(house.envoy) as channel:
            stub = AgentServiceStub(channel)
            for _ in range(20):
                await stub.ListAgents(ListAgentsRequest(), metadata=metadata, timeout=10)
            request = CreateAgentRequest(description="speak 20 5")
            story = [e async for e in stub.CreateAgent(request, metadata=metadata, timeout=60)]
        assert assert_story(story)[-1].HasField("completed")
        assert process.poll() is None
