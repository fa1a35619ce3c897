"""CreateAgent and what comes of it, over a real port and a real Postgres."""

import asyncio
from pathlib import Path
from typing import Any

from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import asset_service_pb2 as assets
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.runtime.engine_stream import Emit
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story, kinds
from tests.support.scripted import DOCUMENT, PNG, Engines, Gate, write_persona
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


async def test_cancelling_ends_at_once_and_stops_the_engine(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Cancel mid-step: `cancelled` once and last, the engine stops, and again is safe.

    That waits for nothing that comes now and then.
    """
    gate = Gate(engines)
    async with gateway(database_url, engines, tmp_path, lease=600.0, poll=600.0) as client:
        name = await client.start()
        watching = asyncio.ensure_future(client.watch(name))
        async with asyncio.timeout(20):
            await gate.came.wait()
            answer = await client.cancel(name)
            events = assert_story(await watching)
        assert generations.CancelGenerationResponse.OUTCOME_REQUESTED == answer.outcome
        assert "cancelled" == kinds(events)[-1]
        assert "local" == events[-1].cancelled.requested_by

        async def stopped() -> bool:
            return 1 == engines.stopped

        await until(stopped)
        again = await client.cancel(name)
        assert generations.Generation.STATE_CANCELLED == again.state
        assert events == await client.watch(name)


async def test_cancelling_what_has_ended_says_so(client: Client) -> None:
    """A completed generation cannot be cancelled, and its log does not change."""
    events = await client.hatch()
    answer = await client.cancel(events[0].generation)
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
