"""CreateAgent and everything that follows a generation, over a real port and a real Postgres."""

import asyncio
import uuid
from pathlib import Path
from typing import Any

import grpc
import pytest
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import asset_service_pb2 as assets
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.runtime.engine_stream import Emit
from services.runtime.errors import EngineBusy, EngineFailed, OutputInvalid, UnknownModel
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_prefix, assert_story, kinds
from tests.support.ports import free_port
from tests.support.scripted import DOCUMENT, PNG, Engines, Gate, draw_portrait, write_persona
from tests.support.waiting import until


async def test_one_call_tells_the_whole_story(client: Client) -> None:
    """One CreateAgent streams queued, started, the three steps in order, and completed."""
    events = assert_story(await client.hatch())
    told = kinds(events)
    assert ["queued", "started"] == told[:2]
    assert "completed" == told[-1]
    steps = [e.step for e in events if e.WhichOneof("event") == "step_completed"]
    assert ["persona", "avatar", "save"] == steps
    assert 1.0 == events[-1].fraction
    assert all(e.generation == events[0].generation for e in events)


async def test_the_agent_is_kept(client: Client) -> None:
    """What `completed` names is there: persona, portrait, and the bytes of the portrait."""
    events = await client.hatch("a shy water dragon")
    name = events[-1].completed.resource
    agent = await client.agents.GetAgent(agents.GetAgentRequest(name=name))
    assert DOCUMENT["name"] == agent.persona.name
    assert DOCUMENT["species"] == agent.persona.species
    assert "a shy water dragon" == agent.description
    assert events[0].generation == agent.generation
    assert not agent.HasField("portrait_fallback")
    chunks = [
        chunk
        async for chunk in client.assets.DownloadAsset(
            assets.DownloadAssetRequest(name=agent.portrait.asset)
        )
    ]
    assert PNG == b"".join(chunk.data for chunk in chunks)
    assert ("image/png", len(PNG)) == (chunks[0].media_type, chunks[0].size_bytes)


async def test_text_streams_field_by_field(client: Client) -> None:
    """The text deltas of each field put together are what the engine wrote."""
    written: dict[str, str] = {}
    for event in await client.hatch():
        if event.WhichOneof("event") == "text_delta":
            field = event.text_delta.field
            written[field] = written.get(field, "") + event.text_delta.text
    expected = {f"/{k}": ", ".join(v) if isinstance(v, list) else v for k, v in DOCUMENT.items()}
    assert expected == written


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
    going = asyncio.Event()

    async def slow(request: Any, emit: Emit) -> StepCompleted:
        await going.wait()
        return await draw_portrait(request, emit)

    engines.image = slow
    name = await client.start()
    while True:
        snapshot = await client.generations.GetGeneration(
            generations.GetGenerationRequest(name=name)
        )
        if any(s.step == "avatar" and s.attempt for s in snapshot.steps):
            break
        await asyncio.sleep(0.02)
    texts = {t.field: t.text for t in snapshot.texts}
    assert DOCUMENT["backstory"] == texts["/backstory"]
    assert generations.Generation.STATE_RUNNING == snapshot.state
    going.set()
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


async def test_a_step_that_is_tried_again_has_another_seed(
    client: Client, engines: Engines
) -> None:
    """The seed that was asked for would only repeat what went wrong."""

    async def cut_off(request: Any, emit: Emit) -> StepCompleted:
        raise OutputInvalid("cut off")

    engines.text = cut_off
    story = assert_story(await client.hatch(seed=2**32 - 1))
    assert "failed" == kinds(story)[-1]
    assert [2**32 - 1, 0, 1] == [call.seed for call in engines.text_calls]


async def test_who_waits_is_told_how_many_are_before(client: Client, engines: Engines) -> None:
    """The first event of the fourth says three, though all were claimed at once."""
    going = asyncio.Event()

    async def slow(request: Any, emit: Emit) -> StepCompleted:
        await going.wait()
        return await write_persona(request, emit)

    engines.text = slow
    names = [await client.start()]

    async def begun() -> bool:
        return bool(engines.text_calls)

    await until(begun)
    names += [await client.start() for _ in range(4)]
    going.set()
    positions = [(await client.watch(name))[0].queued.position for name in names]
    assert [0, 0, 1, 2, 3] == positions


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


async def test_a_retryable_failure_is_tried_again(client: Client, engines: Engines) -> None:
    """A step that fails once is told as step_retrying, and its next attempt finishes."""
    attempts = 0

    async def flaky(request: Any, emit: Emit) -> StepCompleted:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            emit(Progress(fraction=0.5))
            await write_persona(request, emit)
            raise OutputInvalid("the document has no name")
        return await write_persona(request, emit)

    engines.text = flaky
    events = assert_story(await client.hatch())
    retrying = [e for e in events if e.WhichOneof("event") == "step_retrying"]
    assert [2] == [e.step_retrying.next_attempt for e in retrying]
    assert [2] == [
        e.attempt
        for e in events
        if e.WhichOneof("event") == "step_completed" and e.step == "persona"
    ]
    assert "completed" == kinds(events)[-1]


async def test_a_failure_is_data_and_the_call_is_ok(client: Client, engines: Engines) -> None:
    """What cannot be retried ends as `failed` with a typed error; the RPC itself succeeds."""

    async def unknown(request: Any, emit: Emit) -> StepCompleted:
        raise UnknownModel("gone")

    engines.text = unknown
    events = assert_story(await client.hatch())
    assert "failed" == kinds(events)[-1]
    assert grpc.StatusCode.INVALID_ARGUMENT.value[0] == events[-1].failed.error.code
    listed = await client.agents.ListAgents(agents.ListAgentsRequest())
    assert [] == list(listed.agents)


async def test_a_portrait_that_cannot_be_drawn_falls_back(client: Client, engines: Engines) -> None:
    """After the last attempt the agent still hatches, with a placeholder that says it is one."""

    async def broken(request: Any, emit: Emit) -> StepCompleted:
        raise EngineFailed("the brush broke")

    engines.image = broken
    events = assert_story(await client.hatch())
    assert "completed" == kinds(events)[-1]
    drawn = next(
        e for e in events if e.WhichOneof("event") == "step_completed" and e.step == "avatar"
    )
    assert "placeholder" == drawn.step_completed.fallback.substitute
    assert "image/svg+xml" == drawn.step_completed.portrait.media_type
    agent = await client.agents.GetAgent(agents.GetAgentRequest(name=events[-1].completed.resource))
    assert "placeholder" == agent.portrait_fallback.substitute


async def test_a_busy_engine_is_waited_for(client: Client, engines: Engines) -> None:
    """A busy engine costs no attempt: the story has no step_retrying in it."""
    refused = 0

    async def busy(request: Any, emit: Emit) -> StepCompleted:
        nonlocal refused
        if refused < 2:
            refused += 1
            raise EngineBusy("busy", retry_after=0.05)
        return await draw_portrait(request, emit)

    engines.image = busy
    events = await client.hatch()
    assert_story(events)
    assert "step_retrying" not in kinds(events)
    assert any(e.WhichOneof("event") == "queued" and e.sequence == 0 for e in events)


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

    async def slow(request: Any, emit: Emit) -> StepCompleted:
        await asyncio.sleep(0.7)
        return await draw_portrait(request, emit)

    engines.image = slow
    async with gateway(database_url, engines, tmp_path, heartbeat=0.2) as client:
        events = await client.hatch()
    assert_story(events)
    assert 2 <= sum(e.WhichOneof("event") == "heartbeat" for e in events)


async def test_cancelling_ends_within_a_second_and_stops_the_engine(
    client: Client, engines: Engines
) -> None:
    """Cancel mid-step: `cancelled` once and last, the engine stops, and again is safe."""
    came = asyncio.Event()

    async def endless(request: Any, emit: Emit) -> StepCompleted:
        came.set()
        await asyncio.Event().wait()
        raise AssertionError

    engines.image = endless
    name = await client.start()
    watching = asyncio.ensure_future(client.watch(name))
    async with asyncio.timeout(10):
        await came.wait()
    request = generations.CancelGenerationRequest(name=name)
    async with asyncio.timeout(1):
        answer = await client.generations.CancelGeneration(request)
        events = assert_story(await watching)
    assert generations.CancelGenerationResponse.OUTCOME_REQUESTED == answer.outcome
    assert "cancelled" == kinds(events)[-1]
    assert "local" == events[-1].cancelled.requested_by
    assert 1 == engines.stopped
    again = await client.generations.CancelGeneration(request)
    assert generations.Generation.STATE_CANCELLED == again.state
    assert events == await client.watch(name)


async def test_cancelling_what_has_ended_says_so(client: Client) -> None:
    """A completed generation cannot be cancelled, and its log does not change."""
    events = await client.hatch()
    answer = await client.generations.CancelGeneration(
        generations.CancelGenerationRequest(name=events[0].generation)
    )
    assert generations.CancelGenerationResponse.OUTCOME_ALREADY_ENDED == answer.outcome
    assert generations.Generation.STATE_COMPLETED == answer.state
    assert assert_story(events) == await client.watch(events[0].generation)


async def test_a_new_portrait_keeps_the_persona(client: Client, engines: Engines) -> None:
    """RegenerateAvatar draws and saves, and does not write a persona again."""
    name = (await client.hatch())[-1].completed.resource
    call = client.agents.RegenerateAvatar(agents.RegenerateAvatarRequest(name=name))
    events = assert_story([e async for e in call])
    steps = [e.step for e in events if e.WhichOneof("event") == "step_completed"]
    assert ["avatar", "save"] == steps
    assert name == events[-1].completed.resource
    assert 1 == len(engines.text_calls)
    assert 2 == len(engines.image_calls)
    agent = await client.agents.GetAgent(agents.GetAgentRequest(name=name))
    assert "2" == agent.etag


async def test_many_at_once_all_hatch(client: Client) -> None:
    """Thirty generations at once each tell their own whole story."""
    streams = await asyncio.gather(*(client.hatch(f"dragon number {n}") for n in range(30)))
    for stream in streams:
        assert "completed" == kinds(assert_story(stream))[-1]
    assert 30 == len({stream[0].generation for stream in streams})


async def test_the_request_id_crosses_services(client: Client, engines: Engines) -> None:
    """Engine calls carry an x-request-id, the one that the generation was asked for with."""
    request_id = str(uuid.uuid4())
    await client.hatch(request_id=request_id)
    assert [request_id] * 2 == [m["x-request-id"] for m in engines.metadata]
