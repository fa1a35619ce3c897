"""Following a generation: from any cursor, from a snapshot, to its end, and through silence."""

import asyncio
from typing import Any

import grpc
import pytest
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.runtime.engine_stream import Emit
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_prefix, assert_story, kinds
from tests.support.scripted import DOCUMENT, Engines, Gate, draw_portrait


async def test_watching_replays_the_same_bytes(client: Client) -> None:
    """A later watch from any cursor gives exactly the rest of what the first watcher saw."""
    seen = assert_story(await client.hatch())
    for after in (0, 1, len(seen) // 2, len(seen) - 1):
        again = assert_prefix(await client.watch(seen[0].generation, after), after=after)
        assert seen[after:] == again
    assert [] == await client.watch(seen[0].generation, len(seen))


async def test_a_cursor_beyond_the_log_is_out_of_range(client: Client) -> None:
    """A cursor past the end is refused with its reason."""
    seen = await client.hatch()
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await client.watch(seen[0].generation, len(assert_story(seen)) + 1)
    assert grpc.StatusCode.OUT_OF_RANGE == refused.value.code()


async def test_leaving_changes_nothing(client: Client, engines: Engines) -> None:
    """A client that goes after the first event finds the whole story later."""
    name = await client.start()
    events = assert_story(await client.watch(name))
    assert "completed" == kinds(events)[-1]
    assert 1 == len(engines.text_calls)


async def test_snapshot_then_watch_misses_nothing(client: Client, engines: Engines) -> None:
    """GetGeneration and a watch from its last_sequence together are the whole log, at any time."""
    gate = Gate(engines)
    name = await client.start()
    await client.watch(name, until=lambda e: e.step == "avatar")
    snapshot = await client.get(name)
    texts = {t.field: t.text for t in snapshot.texts}
    assert DOCUMENT["backstory"] == texts["/backstory"]
    assert generations.Generation.STATE_RUNNING == snapshot.state
    gate.opened.set()
    rest = await client.watch(name, snapshot.last_sequence)
    assert_story(rest, after=snapshot.last_sequence)


async def test_waiting_without_a_stream(client: Client, engines: Engines) -> None:
    """WaitGeneration answers at the timeout with what is, and at the end with the end."""
    gate = Gate(engines)
    name = await client.start()
    await gate.came.wait()
    request = generations.WaitGenerationRequest(name=name)
    request.timeout.FromMilliseconds(200)
    early = await client.generations.WaitGeneration(request)
    assert generations.Generation.STATE_RUNNING == early.state
    gate.opened.set()
    late = await client.generations.WaitGeneration(generations.WaitGenerationRequest(name=name))
    assert generations.Generation.STATE_COMPLETED == late.state
    assert late.resource.startswith("agents/")
    assert late.HasField("end_time")


async def test_previews_reach_the_watcher_and_stay_out_of_the_log(
    client: Client, engines: Engines
) -> None:
    """A preview comes without a number, and a replay does not have it."""
    shown = asyncio.Event()

    async def patient(request: Any, emit: Emit) -> StepCompleted:
        result = await draw_portrait(request, emit)
        await asyncio.wait_for(shown.wait(), 5)
        return result

    engines.image = patient
    events = []
    call = client.agents.CreateAgent(agents.CreateAgentRequest(description="a dragon"))
    async for event in call:
        events.append(event)
        if event.WhichOneof("event") == "preview":
            shown.set()
    assert_story(events)
    assert any(e.WhichOneof("event") == "preview" for e in events)
    replay = await client.watch(events[0].generation)
    assert [e for e in events if e.sequence] == replay


async def test_a_silent_stream_says_that_it_lives(
    database_url: str, engines: Engines, tmp_path: Any
) -> None:
    """Heartbeats without a number fill a silence."""
    heard, events = asyncio.Event(), list[Progress]()

    async def quiet(request: Any, emit: Emit) -> StepCompleted:
        await heard.wait()
        return await draw_portrait(request, emit)

    engines.image = quiet
    request = agents.CreateAgentRequest(description="a dragon")
    async with gateway(database_url, engines, tmp_path, heartbeat=0.2) as client:
        async with asyncio.timeout(20):
            async for event in client.agents.CreateAgent(request):
                events.append(event)
                if 2 <= sum(e.HasField("heartbeat") for e in events):
                    heard.set()
    assert_story(events)
    assert heard.is_set()
