"""What one owner asks for too much of is refused, and nobody else notices."""

import asyncio
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import generation_service_pb2 as pb
from structlog.testing import capture_logs

from services.gateway import limits
from tests.contract.gateway.requests import VALID
from tests.support.calls import RPCS, Refusal, call, refusal
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story
from tests.support.scripted import Engines, Gate
from tests.support.waiting import until

LIST = RPCS["AgentService.ListAgents"]


async def _list(client: Client) -> Refusal | None:
    answer = await call(client.channel, LIST, agents.ListAgentsRequest(), client.metadata)
    return answer if isinstance(answer, Refusal) else None


async def test_too_many_calls_are_told_when_to_come_again(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """RATE_LIMITED with RetryInfo; who waits that long is served, and others are all the while."""
    async with gateway(database_url, engines, tmp_path, owner_calls=5) as client:
        alice, bob = client.as_owner("alice"), client.as_owner("bob")
        answers = [await _list(alice) for _ in range(25)]
        refused = [answer for answer in answers if answer]
        assert 10 <= len(refused) <= 15
        assert {(grpc.StatusCode.RESOURCE_EXHAUSTED, "RATE_LIMITED")} == {
            (one.code, one.reason) for one in refused
        }
        assert None is await _list(bob)
        wait = refused[-1].retry_after
        assert 0 < wait < 0.5
        await asyncio.sleep(wait + 0.05)
        assert None is await _list(alice)
        assert refused[0].status is not None
        assert any(d.Is(error_details_pb2.RetryInfo.DESCRIPTOR) for d in refused[0].status.details)


async def test_who_is_refused_for_that_fills_no_log(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Not at INFO; what is refused for another reason has its line."""
    async with gateway(database_url, engines, tmp_path, owner_calls=1) as client:
        with capture_logs() as told:
            missing = pb.GetGenerationRequest(name=f"generations/{uuid.UUID(int=7)}")
            await call(client.channel, RPCS["GenerationService.GetGeneration"], missing, ())
            refused = [answer for answer in [await _list(client) for _ in range(20)] if answer]
    assert {"RATE_LIMITED"} == {one.reason for one in refused}
    lines = [one for one in told if one["event"] == "call refused" and one["log_level"] != "debug"]
    assert ["RESOURCE_NOT_FOUND"] == [one["reason"] for one in lines]


async def test_too_many_bytes_are_refused(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """What one message may have at most is taken at once, and then as much as there may be."""
    async with gateway(database_url, engines, tmp_path, owner_bytes=1024) as client:
        alice, bob = client.as_owner("alice"), client.as_owner("bob")
        large = agents.UpdateAgentRequest(agent=agents.Agent(name=f"agents/{uuid.UUID(int=7)}"))
        large.agent.persona.backstory = "x" * 9_000_000
        update = RPCS["AgentService.UpdateAgent"]
        reasons = []
        for _ in range(5):
            answer = await call(client.channel, update, large, alice.metadata)
            assert isinstance(answer, Refusal)
            reasons.append(answer.reason)
        assert ["INVALID_FIELD"] * 3 + ["RATE_LIMITED"] * 2 == reasons
        assert None is await _list(bob)


async def test_bytes_are_counted_as_they_come(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Also where they are no message, or say the same field again and again."""
    nothing = b"\x0a\xff" + bytes(9_000_000)
    again = (b"\x0a\xc0\x84\x3d" + b"x" * 1_000_000) * 9 + b"\x0a\x01y"
    async with gateway(database_url, engines, tmp_path, owner_bytes=1024) as client:
        for raw, reason in ((nothing, "MALFORMED_MESSAGE"), (again, "INVALID_FIELD")):
            owner = client.as_owner(reason)
            reasons = []
            for _ in range(5):
                answer = await call(
                    client.channel, RPCS["AgentService.GetAgent"], raw, owner.metadata
                )
                assert isinstance(answer, Refusal)
                reasons.append(answer.reason)
            assert [reason] * 3 + ["RATE_LIMITED"] * 2 == reasons


def _unsent(client: Client, metadata: Sequence[tuple[str, str]]) -> Any:
    """A call whose message never comes."""
    path = "/hatchery.gateway.v1.AgentService/ListAgents"
    return client.channel.stream_stream(path)(metadata=metadata)


async def test_nothing_is_read_of_who_may_not_call(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """They are told so before they have sent anything."""
    async with gateway(database_url, engines, tmp_path) as client, asyncio.timeout(10):
        assert (
            grpc.StatusCode.UNAUTHENTICATED
            == await _unsent(client, [("authorization", "Bearer a.b.c")]).code()
        )


async def _all_begun(client: Client, count: int) -> list[Any]:
    """Calls whose messages never come, each of which is waited for."""
    unsent = [_unsent(client, client.metadata) for _ in range(count)]
    for one in unsent:
        await one.initial_metadata()
    await asyncio.sleep(0.1)
    return unsent


async def test_messages_of_an_owner_come_a_few_at_once(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Six that never come hold up the owner's others, and nobody else's."""
    async with gateway(database_url, engines, tmp_path) as client:
        alice, bob = client.as_owner("alice"), client.as_owner("bob")
        unsent = await _all_begun(alice, 6)
        waits = asyncio.create_task(_list(alice))
        assert None is await _list(bob)
        done, _ = await asyncio.wait([waits], timeout=0.5)
        assert not done
        unsent[0].cancel()
        async with asyncio.timeout(10):
            assert None is await waits


async def test_whose_turn_does_not_come_is_told_to_come_again(
    database_url: str, engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind an owner's own, and behind everybody's."""
    monkeypatch.setattr(limits, "_SOON", 0.2)
    async with gateway(database_url, engines, tmp_path) as client:
        owners = [client.as_owner(name) for name in ("alice", "bob", "carol", "dan")]
        for number, owner in enumerate(owners[:3], 1):
            assert None is await _list(owners[-1])
            await _all_begun(owner, 6)
            refused = await _list(owner)
            assert refused, number
            assert ("RATE_LIMITED", 0.2) == (refused.reason, refused.retry_after)
        refused = await _list(owners[-1])
        assert refused
        assert "RATE_LIMITED" == refused.reason


async def test_a_message_that_does_not_come_is_refused(
    database_url: str, engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MALFORMED_MESSAGE after a while, and its turn is another's; the same without any."""
    monkeypatch.setattr(limits, "_PATIENCE", 0.3)
    async with gateway(database_url, engines, tmp_path) as client, asyncio.timeout(10):
        for one in await _all_begun(client, 6):
            assert grpc.StatusCode.INVALID_ARGUMENT == await one.code()
            assert "0 seconds" in await one.details()
        assert None is await _list(client)
        ended = _unsent(client, client.metadata)
        await ended.done_writing()
        assert grpc.StatusCode.INVALID_ARGUMENT == await ended.code()
        assert "no message" in await ended.details()


async def test_who_leaves_before_they_sent_anything_is_no_fault(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Nothing is refused, and nothing is logged of it."""
    async with gateway(database_url, engines, tmp_path) as client:
        with capture_logs() as told:
            for one in await _all_begun(client, 6):
                one.cancel()
            large = agents.ListAgentsRequest(page_token="x" * 11_000_000)
            refused = await call(client.channel, LIST, large, client.metadata)
            assert isinstance(refused, Refusal)
            assert grpc.StatusCode.RESOURCE_EXHAUSTED == refused.code
            await asyncio.sleep(0.3)
        assert None is await _list(client)
    assert not [one for one in told if one["event"] == "call refused"]


async def test_so_many_cards_of_an_owner_come_at_once(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """TOO_MANY_STREAMS beyond, and another owner's comes; calls of one message come meanwhile."""
    async with gateway(database_url, engines, tmp_path) as client:
        alice, bob = client.as_owner("alice"), client.as_owner("bob")
        coming = [alice.agents.ImportAgent(metadata=alice.metadata) for _ in range(6)]
        for one in coming:
            await one.write(agents.ImportAgentRequest(data=b"{"))
            await one.initial_metadata()
        imported = RPCS["AgentService.ImportAgent"]
        card = agents.ImportAgentRequest(data=b'{"name": "a dragon", "description": ""}')
        refused = await call(client.channel, imported, card, alice.metadata)
        assert isinstance(refused, Refusal)
        assert ("TOO_MANY_STREAMS", "6") == (refused.reason, refused.info.metadata["limit"])
        assert None is await _list(alice)
        assert not isinstance(await call(client.channel, imported, card, bob.metadata), Refusal)
        for one in coming:
            one.cancel()


async def test_calls_whose_messages_do_not_come_are_counted(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """TOO_MANY_STREAMS with their limit; those that end leave their places."""
    settings = {"owner_calls": 100, "owner_streams": 3}
    async with gateway(database_url, engines, tmp_path, **settings) as client:
        alice, bob = client.as_owner("alice"), client.as_owner("bob")
        unsent = []
        for _ in range(203):
            unsent.append(_unsent(alice, alice.metadata))
            await unsent[-1].initial_metadata()
            await asyncio.sleep(0.01)
        refused = await _list(alice)
        assert refused
        assert ("TOO_MANY_STREAMS", "203") == (refused.reason, refused.info.metadata["limit"])
        assert None is await _list(bob)
        for one in unsent:
            one.cancel()

        async def free() -> bool:
            return await _list(alice) is None

        await until(free)


async def test_calls_that_may_stay_open_are_counted(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Whatever streams, and a wait for an end."""
    async with gateway(database_url, engines, tmp_path, owner_streams=1) as client:
        alice = client.as_owner("alice")
        gate = Gate(engines)
        generation = await alice.start()
        await gate.came.wait()
        wait = asyncio.create_task(_wait(alice, generation))
        await asyncio.sleep(0.2)
        for rpc, request in (
            ("AssetService.DownloadAsset", VALID["AssetService.DownloadAsset"]),
            ("AgentService.ExportAgent", VALID["AgentService.ExportAgent"]),
            ("GenerationService.WaitGeneration", VALID["GenerationService.WaitGeneration"]),
            ("GenerationService.WatchGenerations", VALID["GenerationService.WatchGenerations"]),
        ):
            answer = await call(client.channel, RPCS[rpc], request, alice.metadata)
            assert isinstance(answer, Refusal)
            assert "TOO_MANY_STREAMS" == answer.reason, rpc
        gate.opened.set()
        await wait


async def _wait(client: Client, generation: str) -> None:
    request = pb.WaitGenerationRequest(name=generation)
    await client.generations.WaitGeneration(request, metadata=client.metadata)


async def test_too_many_creations_are_refused_sooner(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """After a hundred at once; whatever else is asked for is answered as ever."""
    settings = {"owner_creations": 0.1, "owner_unfinished": 10, "owner_streams": 1000}
    async with gateway(database_url, engines, tmp_path, **settings) as client:
        alice, bob = client.as_owner("alice"), client.as_owner("bob")
        Gate(engines)
        create = RPCS["AgentService.CreateAgent"]
        request = agents.CreateAgentRequest(description="a dragon")
        for _ in range(10):
            await alice.start()
        reasons = []
        for _ in range(95):
            answer = await call(client.channel, create, request, alice.metadata)
            assert isinstance(answer, Refusal)
            reasons.append(answer.reason)
        assert ["QUEUE_FULL"] * 90 + ["RATE_LIMITED"] * 5 == reasons
        card = agents.ImportAgentRequest(data=b'{"name": "a dragon", "description": ""}')
        imported = RPCS["AgentService.ImportAgent"]
        refused = await call(client.channel, imported, card, alice.metadata)
        assert isinstance(refused, Refusal)
        assert "RATE_LIMITED" == refused.reason
        assert None is await _list(alice)
        await bob.start()


async def test_too_many_streams_are_refused_and_a_place_that_is_left_is_free(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """TOO_MANY_STREAMS with the limit; calls that are no streams go on, and so do others'."""
    async with gateway(database_url, engines, tmp_path, owner_streams=3) as client:
        alice, bob = client.as_owner("alice"), client.as_owner("bob")
        gate = Gate(engines)
        generation = await alice.start()
        await gate.came.wait()
        request = pb.WatchGenerationRequest(name=generation)
        streams = [
            alice.generations.WatchGeneration(request, metadata=alice.metadata) for _ in range(3)
        ]
        for stream in streams:
            await stream.read()
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await alice.watch(generation)
        refused = refusal(error.value)
        assert "TOO_MANY_STREAMS" == refused.reason
        assert {"limit": "3"} == dict(refused.info.metadata)
        assert None is await _list(alice)
        begun = asyncio.create_task(bob.hatch("a bold fox"))
        streams.pop().cancel()
        await asyncio.sleep(0.2)
        gate.opened.set()
        assert_story(await alice.watch(generation))
        assert assert_story(await begun)[-1].HasField("completed")
