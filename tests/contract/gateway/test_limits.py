"""What one owner asks for too much of is refused, and nobody else notices."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import grpc
import pytest
from google.rpc import error_details_pb2
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Progress
from structlog.testing import capture_logs

from tests.contract.gateway.requests import VALID, listed
from tests.support.calls import RPCS, Refusal, call, refusal
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story
from tests.support.scripted import Engines, Gate
from tests.support.waiting import turns, until


async def test_too_many_calls_are_told_when_to_come_again(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """RATE_LIMITED with RetryInfo; who waits that long is served, and others are all the while."""
    async with gateway(database_url, engines, tmp_path, owner_calls=1) as client:
        alice, bob = client.as_owner("alice"), client.as_owner("bob")
        answers = [await listed(alice) for _ in range(25)]
        refused = [answer for answer in answers if answer]
        # Two at once, and then one each second.
        assert 15 <= len(refused) <= 23
        assert {(grpc.StatusCode.RESOURCE_EXHAUSTED, "RATE_LIMITED")} == {
            (one.code, one.reason) for one in refused
        }
        assert None is await listed(bob)
        wait = refused[-1].retry_after
        assert 0 < wait <= 1.0
        await asyncio.sleep(wait + 0.05)
        assert None is await listed(alice)
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
            refused = [answer for answer in [await listed(client) for _ in range(20)] if answer]
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
        assert None is await listed(bob)


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


async def test_calls_that_may_stay_open_are_counted(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Whatever streams, and a wait for an end."""
    async with gateway(database_url, engines, tmp_path, owner_streams=1) as client:
        alice = client.as_owner("alice")
        gate = Gate(engines)
        generation = await alice.start()
        await gate.came.wait()
        waited_for = pb.WaitGenerationRequest(name=generation)
        wait = alice.generations.WaitGeneration(waited_for, metadata=alice.metadata)
        await turns()  # until it is counted, which nothing tells
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


async def test_too_many_creations_are_refused_sooner(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """After a hundred at once; whatever else is asked for is answered as ever."""
    settings = {"owner_creations": 0.001, "owner_unfinished": 10, "owner_streams": 1000}
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
        assert None is await listed(alice)
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
        assert None is await listed(alice)
        begun = asyncio.create_task(bob.hatch("a bold fox"))
        streams.pop().cancel()
        first, rest = await _let_in(alice, generation)
        gate.opened.set()
        assert_story([first, *[event async for event in rest]])
        assert assert_story(await begun)[-1].HasField("completed")


async def _let_in(client: Client, generation: str) -> tuple[Progress, AsyncIterator[Progress]]:
    """The first event and the rest of a story, as soon as one more stream may be open."""
    request = pb.WatchGenerationRequest(name=generation)
    begun = list[tuple[Progress, AsyncIterator[Progress]]]()

    async def is_let_in() -> bool:
        events = aiter(client.generations.WatchGeneration(request, metadata=client.metadata))
        with suppress(grpc.aio.AioRpcError):
            begun.append((await anext(events), events))
        return bool(begun)

    await until(is_let_in)
    return begun[0]
