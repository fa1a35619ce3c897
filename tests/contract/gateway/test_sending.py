"""What calls send: read of whom it is known who they are, a little at once, and in its time."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import grpc
import pytest
from hatchery.gateway.v1 import agent_service_pb2 as agents
from structlog.testing import capture_logs

from services.gateway import limits
from tests.contract.gateway.requests import listed, refusal_of
from tests.support.calls import RPCS, Refusal, call
from tests.support.gateway import Client, gateway
from tests.support.scripted import Engines
from tests.support.waiting import until


def _unsent(
    client: Client, metadata: Sequence[tuple[str, str]], rpc: str = "AgentService/ListAgents"
) -> Any:
    """A call whose message never comes."""
    return client.channel.stream_stream(f"/hatchery.gateway.v1.{rpc}")(metadata=metadata)


async def test_nothing_is_read_of_who_may_not_call(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """They are told so before they have sent anything."""
    async with gateway(database_url, engines, tmp_path) as client, asyncio.timeout(10):
        assert (
            grpc.StatusCode.UNAUTHENTICATED
            == await _unsent(client, [("authorization", "Bearer a.b.c")]).code()
        )


async def _all_begun(client: Client, count: int, rpc: str = "AgentService/ListAgents") -> list[Any]:
    """Calls whose messages never come, each of which is waited for."""
    unsent = [_unsent(client, client.metadata, rpc) for _ in range(count)]
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
        waits = asyncio.create_task(listed(alice))
        assert None is await listed(bob)
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
            assert None is await listed(owners[-1])
            await _all_begun(owner, 6)
            refused = await listed(owner)
            assert refused, number
            assert ("RATE_LIMITED", 0.2) == (refused.reason, refused.retry_after)
        refused = await listed(owners[-1])
        assert refused
        assert "RATE_LIMITED" == refused.reason


async def test_pictures_that_take_long_hold_no_other_call_up(
    database_url: str, engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As from telephones: calls that cannot have one are answered, those of the same people too."""
    monkeypatch.setattr(limits, "_SOON", 0.2)
    async with gateway(database_url, engines, tmp_path) as client:
        owners = [client.as_owner(name) for name in ("alice", "bob", "carol", "dan")]
        for owner in owners[:3]:
            await _all_begun(owner, 6, "AgentService/CreateAgent")
        for owner in owners:
            assert None is await listed(owner)
        request = agents.CreateAgentRequest(description="a dragon")
        refused = await refusal_of(owners[-1], "AgentService.CreateAgent", request)
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
        assert None is await listed(client)
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
            refused = await refusal_of(client, "AgentService.ListAgents", large)
            assert grpc.StatusCode.RESOURCE_EXHAUSTED == refused.code
            await asyncio.sleep(0.3)
        assert None is await listed(client)
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
        assert None is await listed(alice)
        assert not isinstance(await call(client.channel, imported, card, bob.metadata), Refusal)
        for one in coming:
            one.cancel()


async def test_calls_whose_messages_do_not_come_are_counted(
    database_url: str, engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TOO_MANY_STREAMS with their limit; those that end leave their places."""
    monkeypatch.setattr(limits, "_SOON", 60.0)
    settings = {"owner_calls": 100, "owner_streams": 3}
    async with gateway(database_url, engines, tmp_path, **settings) as client:
        alice, bob = client.as_owner("alice"), client.as_owner("bob")
        unsent = []
        for _ in range(203):
            unsent.append(_unsent(alice, alice.metadata))
            await unsent[-1].initial_metadata()
            await asyncio.sleep(0.01)
        refused = await listed(alice)
        assert refused
        assert ("TOO_MANY_STREAMS", "203") == (refused.reason, refused.info.metadata["limit"])
        assert None is await listed(bob)
        for one in unsent:
            one.cancel()

        async def free() -> bool:
            return await listed(alice) is None

        await until(free)
