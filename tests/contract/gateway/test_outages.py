"""What every RPC answers without a token, without a store, and while its server goes away."""

import asyncio
import uuid
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import pytest
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import generation_service_pb2 as generations

from tests.contract.gateway.requests import STORELESS, VALID
from tests.support.calls import RPCS, Refusal, call
from tests.support.gateway import KEY, Client, gateway, token
from tests.support.oracle import assert_story, kinds
from tests.support.proxy import proxied_database, proxy
from tests.support.scripted import Engines, write_persona


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ((), "TOKEN_MISSING"),
        ((("authorization", "Bearer nonsense"),), "TOKEN_INVALID"),
        ((("authorization", f"Bearer {token('alice', seconds=-5)}"),), "TOKEN_EXPIRED"),
        ((("authorization", f"Bearer {token('alice', key=KEY[::-1])}"),), "TOKEN_INVALID"),
        ((("authorization", f"Basic {token('alice')}"),), "TOKEN_INVALID"),
    ],
    ids=["none", "nonsense", "expired", "another key", "another scheme"],
)
async def test_without_a_good_token_nothing_is_answered(
    database_url: str, engines: Engines, tmp_path: Path, metadata: Any, reason: str
) -> None:
    """Where tokens are asked for, every RPC is UNAUTHENTICATED without one that is accepted."""
    async with gateway(database_url, engines, tmp_path, auth="jwt") as client:
        for rpc, request in VALID.items():
            answer = await call(client.channel, RPCS[rpc], request, metadata)
            assert isinstance(answer, Refusal)
            assert (reason, grpc.StatusCode.UNAUTHENTICATED) == (answer.reason, answer.code)


async def test_a_fault_of_ours_tells_nothing_but_where_to_look(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """With its tables gone every RPC is INTERNAL: a constant text and a request id, no more."""
    async with gateway(database_url, engines, tmp_path) as client:
        connection = await asyncpg.connect(database_url)
        await connection.execute(
            "DROP TABLE progress, steps, assets, agents, artifacts, templates, ratings,"
            " generations, conversations, messages, memories CASCADE"
        )
        await connection.close()
        for rpc in set(RPCS) - STORELESS:
            metadata = (("x-request-id", "find-me"),)
            answer = await call(client.channel, RPCS[rpc], VALID[rpc], metadata)
            assert isinstance(answer, Refusal)
            assert (grpc.StatusCode.INTERNAL, "INTERNAL") == (answer.code, answer.reason)
            assert "an internal error; the logs have it" == answer.text
            assert {"request_id": "find-me"} == dict(answer.info.metadata)
            _assert_discreet(answer, database_url)
    # Whoever begins then, with all that is looked after from time to time, serves all the same.
    async with gateway(database_url, engines, tmp_path) as client:
        await asyncio.sleep(1)
        answer = await call(
            client.channel, RPCS["AgentService.ListAgents"], VALID["AgentService.ListAgents"]
        )
        assert isinstance(answer, Refusal)
        assert "INTERNAL" == answer.reason


async def test_a_lost_store_is_unavailable_and_back_again(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """While Postgres cannot be reached every RPC says so; when it is back it is served again."""
    async with (
        proxied_database(database_url) as (url, proxy),
        gateway(url, engines, tmp_path) as client,
    ):
        proxy.cut()
        for rpc in set(RPCS) - STORELESS:
            answer = await call(client.channel, RPCS[rpc], VALID[rpc])
            assert isinstance(answer, Refusal)
            assert "STORE_UNAVAILABLE" == answer.reason
            assert grpc.StatusCode.UNAVAILABLE == answer.code
            _assert_discreet(answer, url)
        proxy.mend()
        await client.agents.ListAgents(agents.ListAgentsRequest())


async def test_an_engine_behind_a_dead_connection_is_asked_again(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Where the far side is gone and nobody was told, it takes a probe, and then another try."""
    host, _, port = engines.llm_target.partition(":")
    came = asyncio.Event()

    async def fall_silent(*_: Any) -> Any:
        came.set()
        await asyncio.Event().wait()

    engines.text = fall_silent
    async with proxy(host, int(port)) as link:
        behind = replace(engines, llm_target=f"{host}:{link.port}")
        async with gateway(database_url, behind, tmp_path) as client:
            name = await client.start()
            await came.wait()
            engines.text = write_persona
            link.leave_half_open()
            async with asyncio.timeout(15):
                events = assert_story(await client.watch(name))
    assert "step_retrying" in kinds(events)
    assert "completed" == kinds(events)[-1]


async def test_streams_end_as_unavailable_when_the_server_goes(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Every stream and every wait ends with SHUTTING_DOWN, so that its reader goes elsewhere."""

    async def endless(*_: Any) -> Any:
        await asyncio.Event().wait()

    engines.image = endless
    create = agents.CreateAgentRequest(description="x", request_id=str(uuid.uuid4()))
    async with AsyncExitStack() as stack:
        async with gateway(database_url, engines, tmp_path) as client:
            name = ""
            async for event in client.agents.CreateAgent(create):
                name = event.generation
                if event.step == "avatar":
                    break
            watch = generations.WatchGenerationRequest(name=name)
            wait = generations.WaitGenerationRequest(name=name)
            # The gateway's own channel is closed before it stops.
            channel = await stack.enter_async_context(grpc.aio.insecure_channel(client.target))
            waiting = [
                asyncio.ensure_future(call(channel, RPCS[rpc], request))
                for rpc, request in {
                    "AgentService.CreateAgent": create,
                    "GenerationService.WatchGeneration": watch,
                    "GenerationService.WaitGeneration": wait,
                }.items()
            ]
            # A call that came after those above is being answered, so they are, too.
            await Client(channel).generations.WatchGeneration(watch).read()
        for answer in await asyncio.gather(*waiting):
            assert isinstance(answer, Refusal)
            assert ("SHUTTING_DOWN", grpc.StatusCode.UNAVAILABLE) == (answer.reason, answer.code)


def _assert_discreet(answer: Refusal, url: str) -> None:
    """Neither an exception's text nor anything of the database's address is in the status."""
    told = str(answer.status) + answer.text
    password = url.partition("://")[2].partition("@")[0].partition(":")[2]
    for secret in (password, "postgresql", "asyncpg", "127.0.0.1", "Traceback", "relation"):
        assert secret not in told
