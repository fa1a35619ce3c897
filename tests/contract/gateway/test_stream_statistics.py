"""How streams reached their clients: how they ended, and how late live events came."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import grpc
import pytest
from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.gateway.v1.agent_service_pb2 import ExportAgentRequest
from hatchery.gateway.v1.artifact_service_pb2 import CreateArtifactRequest
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted, TextDelta

from tests.support.gateway import Client, gateway, token
from tests.support.oracle import assert_story
from tests.support.scripted import Engines, Gate, write_text
from tests.support.waiting import until


async def streams(client: Client) -> pb.StreamStats:
    """What is told now."""
    told = await client.generations.QueryGenerationStats(
        pb.QueryGenerationStatsRequest(), metadata=client.metadata
    )
    found: pb.StreamStats = told.streams
    return found


async def ended(client: Client, count: int) -> pb.StreamStats:
    """What is told once so many streams have ended, which is a few seconds later at most."""

    async def there() -> bool:
        return (await streams(client)).streams >= count

    await until(there, seconds=10)
    return await streams(client)


def reasons(told: pb.StreamStats) -> dict[str, int]:
    """How often each reason ended a stream."""
    return {one.reason: one.failures for one in told.failures}


async def test_live_events_are_counted_and_replayed_ones_are_not(client: Client) -> None:
    """Each numbered event that came while it happened, by how late it was; a replay adds none."""
    story = assert_story(await client.write())
    live = await ended(client, 1)
    assert (1, 0, {}, len(story)) == (live.streams, live.left, reasons(live), live.events)
    median, p99 = (d.ToNanoseconds() / 1e9 for d in (live.median_latency, live.p99_latency))
    assert 0 < median <= p99 < 5
    assert_story(await client.watch(story[0].generation))
    replayed = await ended(client, 2)
    assert (2, live.events) == (replayed.streams, replayed.events)


async def test_who_joins_late_is_handed_what_happens_from_then_on(
    client: Client, engines: Engines
) -> None:
    """Of a watch that begins in the middle, only what was still to happen is live."""
    gate = Gate(engines)
    name = await client.start()
    await gate.came.wait()
    before = await ended(client, 1)  # the one that was left

    async def draws() -> bool:
        return (await client.get(name)).latest.step == "avatar"

    await until(draws)
    reached = (await client.get(name)).last_sequence
    seen = list[Progress]()
    async for event in client.generations.WatchGeneration(pb.WatchGenerationRequest(name=name)):
        seen.append(event)
        if event.sequence == reached:
            gate.opened.set()
    story = assert_story(seen)
    told = await ended(client, 2)
    assert len(story) - reached == told.events - before.events
    assert 1 == before.left == told.left


async def test_a_slow_reader_is_seen_to_be_late(client: Client, engines: Engines) -> None:
    """What waits for a client's window counts until it was handed over."""
    large = "word " * 60_000

    async def write_much(request: Any, emit: Any) -> StepCompleted:
        for number in range(40):
            emit(Progress(text_delta=TextDelta(field=f"/{number}", text=large)))
            await asyncio.sleep(0.01)
        return await write_text(request, emit)

    engines.text = write_much
    narrow = [("grpc.http2.lookahead_bytes", 1024), ("grpc.http2.bdp_probe", 0)]
    async with grpc.aio.insecure_channel(client.target, options=narrow) as channel:
        slow = Client(channel)
        call = slow.artifacts.CreateArtifact(CreateArtifactRequest(prompt="a poem about tides"))
        story = []
        async for event in call:
            story.append(event)
            if len(story) == 2:
                await asyncio.sleep(1.5)
    assert_story(story)
    told = await ended(client, 1)
    assert told.p99_latency.ToNanoseconds() > 1e9


async def test_who_leaves_has_left(client: Client, engines: Engines) -> None:
    """A call that its client cancels, or whose deadline passes, has failed for nobody."""
    gate = Gate(engines)
    name = await client.start()
    request = pb.WatchGenerationRequest(name=name)
    with pytest.raises(grpc.aio.AioRpcError) as over:
        [_ async for _ in client.generations.WatchGeneration(request, timeout=3)]
    assert grpc.StatusCode.DEADLINE_EXCEEDED == over.value.code()
    told = await ended(client, 2)
    assert (2, 2, {}) == (told.streams, told.left, reasons(told))
    gate.opened.set()


async def test_errors_of_streams_are_told_by_their_reasons(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """A cursor that is refused, a token that expires, a replica that goes: each by its name."""
    gate = Gate(engines)
    async with (
        AsyncExitStack() as outside,
        gateway(database_url, engines, tmp_path) as local,
    ):
        # It outlives the gateway.
        channel = await outside.enter_async_context(grpc.aio.insecure_channel(local.target))
        client = Client(channel, "ada")
        name = await client.start()
        await ended(client, 1)

        async def refused(after: int, **call: Any) -> None:
            request = pb.WatchGenerationRequest(name=name, starting_after=after)
            with pytest.raises(grpc.aio.AioRpcError):
                [_ async for _ in client.generations.WatchGeneration(request, **call)]

        for _ in range(2):
            await refused(1000, metadata=client.metadata)
        brief = (("authorization", f"Bearer {token('ada', seconds=4)}"),)
        await refused(0, metadata=brief)
        last = asyncio.ensure_future(refused(0, metadata=client.metadata))
        await ended(client, 4)
        outside.push_async_callback(lambda: last)
    gate.opened.set()
    # What was counted at the very end was stored before the replica was gone.
    async with gateway(database_url, engines, tmp_path) as another:
        told = await streams(another.as_owner("ada"))
    assert (5, 1) == (told.streams, told.left)
    assert [("CURSOR_BEYOND_LOG", 2), ("SHUTTING_DOWN", 1), ("TOKEN_EXPIRED", 1)] == [
        (one.reason, one.failures) for one in told.failures
    ]


async def test_files_are_no_streams_of_events(client: Client) -> None:
    """A card that is exported in chunks is not counted, and nobody is told of another's streams."""
    story = await client.hatch()
    request = ExportAgentRequest(name=story[-1].completed.resource)
    assert [chunk async for chunk in client.agents.ExportAgent(request)]
    await ended(client, 1)
    await asyncio.sleep(2.5)
    assert 1 == (await streams(client)).streams
    assert pb.StreamStats() == await streams(client.as_owner("bob"))
