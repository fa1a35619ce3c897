"""Who calls: keys that change while it runs, tokens that end, and scopes."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from aiohttp import web
from google.protobuf.message import Message
from grpc_health.v1 import health_pb2, health_pb2_grpc
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Progress

from tests.contract.gateway.requests import VALID
from tests.support.calls import RPCS, Refusal, call, refusal
from tests.support.gateway import Client, gateway, token
from tests.support.issuer import SigningKey, key_set
from tests.support.oracle import assert_story
from tests.support.ports import free_port
from tests.support.scripted import Engines, Gate
from tests.support.waiting import until

LIST, WATCH = RPCS["AgentService.ListAgents"], RPCS["GenerationService.WatchGeneration"]
CANCEL = RPCS["GenerationService.CancelGeneration"]
STATS = RPCS["GenerationService.QueryGenerationStats"]


def bearing(told: str) -> tuple[tuple[str, str], ...]:
    """The metadata with a token."""
    return (("authorization", f"Bearer {told}"),)


async def reason_of(client: Client, told: str, method: Any = LIST, request: Any = None) -> str:
    """Why a call with a token is refused; empty where it is not."""
    request = request or agents.ListAgentsRequest()
    answer = await call(client.channel, method, request, bearing(told))
    return answer.reason if isinstance(answer, Refusal) else ""


@pytest.fixture
async def client(database_url: str, engines: Engines, tmp_path: Path) -> AsyncIterator[Client]:
    """A client of a gateway that asks for tokens."""
    async with gateway(database_url, engines, tmp_path, auth="jwt") as client:
        yield client


async def test_a_call_has_one_authorization(client: Client) -> None:
    """Whoever stands before the gateway may have looked at another one than it."""
    twice = bearing(token("alice")) + bearing(token("mallory"))
    answer = await call(client.channel, LIST, agents.ListAgentsRequest(), twice)
    assert isinstance(answer, Refusal)
    assert "TOKEN_INVALID" == answer.reason


async def test_engines_see_no_token(client: Client, engines: Engines) -> None:
    """Nor who is behind the gateway: a request id, and what is to be made."""
    await client.as_owner("alice").hatch()
    assert engines.text_calls
    assert engines.image_calls
    for seen in engines.metadata:
        known = {"x-request-id", "x-hatchery-generation", "user-agent"}
        assert known >= {name for name in seen if not name.startswith(":")}
        assert "alice" not in str(seen)
    for asked in (*engines.text_calls, *engines.image_calls):
        assert "alice" not in str(asked)


@pytest.mark.parametrize("scope", ["hatchery.read", "hatchery.create", "hatchery.operate"])
async def test_a_token_reaches_no_further_than_its_scope(client: Client, scope: str) -> None:
    """Every RPC needs one of its own; what is missing is named."""
    able = bearing(token("alice", scope=scope))
    for rpc, request in VALID.items():
        name = RPCS[rpc].name
        reads = name.startswith(("Get", "List", "Watch", "Wait", "Query", "Download", "Export"))
        needed = "hatchery.read" if reads else "hatchery.create"
        operates = name in ("CancelGeneration", "QueryGenerationStats")
        if scope == needed or (scope == "hatchery.operate" and operates):
            continue  # that it is answered is what all other tests are about
        answer = await call(client.channel, RPCS[rpc], request, able)
        assert isinstance(answer, Refusal)
        assert (grpc.StatusCode.PERMISSION_DENIED, "SCOPE_MISSING") == (answer.code, answer.reason)
        assert {"scope": needed} == dict(answer.info.metadata)


async def test_who_operates_cancels_anyones(client: Client, engines: Engines) -> None:
    """And is told who it was; for anybody else it is not there, as ever."""
    gate = Gate(engines)
    alice = client.as_owner("alice")
    generation = await alice.start()
    await gate.came.wait()
    request = pb.CancelGenerationRequest(name=generation)
    for scope in ("", "hatchery.create", "hatchery.read hatchery.create"):
        mallory = token("mallory", scope=scope)
        assert "RESOURCE_NOT_FOUND" == await reason_of(client, mallory, CANCEL, request)
    operator = token("olga", scope="hatchery.operate")
    assert "" == await reason_of(client, operator, CANCEL, request)
    end = assert_story(await alice.watch(generation))[-1]
    assert "olga" == end.cancelled.requested_by
    assert "" == await reason_of(client, operator, CANCEL, request)
    missing = pb.CancelGenerationRequest(name=f"generations/{uuid.uuid4()}")
    assert "RESOURCE_NOT_FOUND" == await reason_of(client, operator, CANCEL, missing)
    assert "SCOPE_MISSING" == await reason_of(
        client, operator, WATCH, pb.WatchGenerationRequest(name=generation)
    )


async def test_who_operates_sees_everybodys_statistics(client: Client) -> None:
    """In all and over time; nobody's budget."""
    for owner in ("alice", "bob"):
        await client.as_owner(owner).hatch()
    request = pb.QueryGenerationStatsRequest(all_owners=True)
    request.period.FromSeconds(3600)
    operator = bearing(token("olga", scope="hatchery.operate"))
    (answer,) = await _answers(client, STATS, request, operator)
    assert [2] == [recipe.generations for recipe in answer.recipes]
    assert 2 == sum(p.recipes[0].generations for p in answer.periods)
    assert {2} == {step.completed for step in answer.steps}
    assert not answer.HasField("budget")
    usual = token("alice")
    assert "SCOPE_MISSING" == await reason_of(client, usual, STATS, request)
    own = pb.QueryGenerationStatsRequest()
    assert "SCOPE_MISSING" == await reason_of(
        client, token("olga", scope="hatchery.operate"), STATS, own
    )
    (mine,) = await _answers(client, STATS, own, bearing(usual))
    assert [1] == [recipe.generations for recipe in mine.recipes]


async def _answers(client: Client, method: Any, request: Message, metadata: Any) -> list[Any]:
    answers = await call(client.channel, method, request, metadata)
    assert not isinstance(answers, Refusal)
    return answers


async def test_a_stream_that_ends_with_its_token_goes_on_with_another(
    client: Client, engines: Engines
) -> None:
    """The generation never notices: each token sees a part, and the parts are one story."""
    gate = Gate(engines)
    alice = client.as_owner("alice")
    generation = await alice.start()
    await gate.came.wait()
    seen: list[Progress] = []
    for turn in range(3):
        last = max((event.sequence for event in seen), default=0)
        watch = alice.generations.WatchGeneration(
            pb.WatchGenerationRequest(name=generation, starting_after=last),
            metadata=bearing(token("alice", seconds=2 if turn < 2 else 60)),
        )
        if turn == 2:
            gate.opened.set()
            seen += [event async for event in watch]
            continue
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await _read(watch, seen)
        refused = refusal(error.value)
        assert (grpc.StatusCode.UNAUTHENTICATED, "TOKEN_EXPIRED") == (refused.code, refused.reason)
    assert assert_story([event for event in seen if event.sequence])[-1].HasField("completed")


async def _read(watch: Any, seen: list[Progress]) -> None:
    async for event in watch:
        seen.append(event)  # noqa: PERF401  # what came before the end counts


@dataclass
class Issuer:
    """Where a key set is fetched from. `body` None: it answers with an error."""

    address: str
    body: bytes | None = None
    fetched: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, _: web.Request) -> web.Response:
        """The key set of this moment."""
        self.fetched += 1
        self.asked.set()
        return web.Response(body=self.body) if self.body else web.Response(status=503)


@asynccontextmanager
async def serving(issuer: Issuer) -> AsyncIterator[None]:
    """Runs it."""
    app = web.Application()
    app.router.add_get("/keys", issuer.answer)
    app.router.add_get("/elsewhere", _elsewhere)
    runner = web.AppRunner(app)
    await runner.setup()
    port = int(issuer.address.rpartition(":")[2].partition("/")[0])
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def _elsewhere(_: web.Request) -> web.Response:
    raise web.HTTPFound("/keys")


async def serves(client: Client) -> bool:
    """Whether the gateway says that it is ready."""
    stub = health_pb2_grpc.HealthStub(client.channel)
    told = await stub.Check(health_pb2.HealthCheckRequest())
    return bool(told.status == health_pb2.HealthCheckResponse.SERVING)


async def test_keys_in_a_file_change_while_it_runs(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """A new key counts, an old one no more; a file that is broken meanwhile changes nothing."""
    old, new = SigningKey("old", "RS256"), SigningKey("new", "EdDSA")
    path = tmp_path / "keys.json"
    path.write_bytes(key_set(old))
    settings = {"auth": "jwt", "token_key_file": None, "token_key_set": str(path)}
    async with gateway(database_url, engines, tmp_path, **settings, token_refresh=0.1) as client:
        assert "" == await reason_of(client, old.token("alice"))
        assert "TOKEN_INVALID" == await reason_of(client, new.token("alice"))
        assert "TOKEN_INVALID" == await reason_of(client, token("alice"))
        path.write_bytes(key_set(old, new))
        await until(lambda: _is(client, new.token("alice"), ""))
        assert "" == await reason_of(client, old.token("alice"))
        path.write_bytes(b"{")
        await asyncio.sleep(0.4)
        assert "" == await reason_of(client, old.token("alice"))
        path.write_bytes(key_set(new))
        await until(lambda: _is(client, old.token("alice"), "TOKEN_INVALID"))
        assert "" == await reason_of(client, new.token("alice"))


async def _is(client: Client, told: str, reason: str) -> bool:
    return await reason_of(client, told) == reason


async def test_keys_are_fetched_as_soon_as_they_can_be(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Until then it is not ready and says why; once it has them, a lost issuer is no matter."""
    key = SigningKey("k", "ES256")
    issuer = Issuer(f"http://127.0.0.1:{free_port()}/keys")
    settings = {"auth": "jwt", "token_key_file": None, "token_key_set": issuer.address}
    async with gateway(database_url, engines, tmp_path, **settings, token_refresh=0.2) as client:
        await asyncio.sleep(0.5)
        assert not await serves(client)
        assert "KEYS_UNAVAILABLE" == await reason_of(client, key.token("alice"))
        async with serving(issuer):
            await issuer.asked.wait()
            assert not await serves(client)
            issuer.body = key_set(key)
            await until(lambda: serves(client))
            assert "" == await reason_of(client, key.token("alice"))
            issuer.body = None
            issuer.asked.clear()
            await issuer.asked.wait()
            assert "" == await reason_of(client, key.token("alice"))
        await asyncio.sleep(0.5)
        assert await serves(client)
        assert "" == await reason_of(client, key.token("alice"))


async def test_an_address_leads_nowhere_else(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """A redirect is not followed: keys come from where an operator said, or not at all."""
    key = SigningKey("k", "ES256")
    issuer = Issuer(f"http://127.0.0.1:{free_port()}/elsewhere", key_set(key))
    settings = {"auth": "jwt", "token_key_file": None, "token_key_set": issuer.address}
    async with serving(issuer), gateway(database_url, engines, tmp_path, **settings) as client:
        assert "KEYS_UNAVAILABLE" == await reason_of(client, key.token("alice"))
        assert 0 == issuer.fetched
