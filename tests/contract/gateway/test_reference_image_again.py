"""A companion from a picture, tried again, drawn anew, stopped and gone on with."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hatchery.gateway.v1 import agent_service_pb2 as pb
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.runtime.engine_stream import Emit
from tests.contract.gateway.pictured import DUSK, STEPS, ends, retried, uploads
from tests.contract.gateway.requests import refusal_of
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story, kinds
from tests.support.pictures import SECRET
from tests.support.postgres import connected
from tests.support.scripted import MORE, Engines, write_persona
from tests.support.waiting import until


@pytest.mark.parametrize("step", STEPS)
async def test_each_step_can_be_done_again(client: Client, engines: Engines, step: str) -> None:
    """What was before it is kept, also the picture, whose file is gone; one agent comes of both."""
    engines.eyes = ["eyes"]
    first = assert_story(await client.hatch("a fox", reference_image=DUSK))
    again = await retried(client, first[0].generation, step)
    made, before = ends(again), ends(first)
    at = STEPS.index(step)
    assert STEPS == list(made)
    assert [first[0].generation] * at == [made[name].reused for name in STEPS[:at]]
    assert [""] * (len(STEPS) - at) == [made[name].reused for name in STEPS[at:]]
    assert before["upload"].picture.asset == made["upload"].picture.asset
    assert first[-1].completed.resource == again[-1].completed.resource
    listed = await client.agents.ListAgents(pb.ListAgentsRequest())
    assert 1 == len(listed.agents)


async def test_one_that_was_stopped_before_its_picture_was_taken_in_can_be_tried_again(
    engines: Engines, database_url: str, tmp_path: Path
) -> None:
    """The file is still there; and a new portrait of what came of it goes by the picture too."""
    engines.eyes = ["eyes"]
    async with gateway(database_url, engines, tmp_path, max_running=0) as idle:
        name = await idle.start("a fox", reference_image=DUSK)
        await idle.cancel(name)
    async with connected(database_url) as connection:
        stored = await connection.fetchval("SELECT data FROM uploads")
        asked = await connection.fetchval("SELECT request FROM generations")
    assert SECRET in DUSK
    assert SECRET not in stored + asked
    async with gateway(database_url, engines, tmp_path) as client:
        again = await retried(client, name, "")
        assert ["queued", "cancelled"] == kinds(assert_story(await client.watch(name)))
        assert "completed" == kinds(again)[-1]
        request = pb.RegenerateAvatarRequest(name=again[-1].completed.resource)
        assert_story([e async for e in client.agents.RegenerateAvatar(request)])
    assert MORE["visual_style"] == engines.image_calls[-1].style
    assert engines.image_calls[-2].palette == engines.image_calls[-1].palette


async def test_what_was_trimmed_cannot_be_tried_again_without_its_picture(
    engines: Engines, database_url: str, tmp_path: Path
) -> None:
    """It is refused, and nothing is begun that could not go on."""
    async with gateway(database_url, engines, tmp_path, max_running=0, retention=0.01) as client:
        name = await client.start("a fox", reference_image=DUSK)
        await client.cancel(name)

        async def gone() -> bool:
            return not await uploads(database_url)

        await until(gone)
        request = generations.RetryGenerationRequest(name=name)
        refused = await refusal_of(client, "GenerationService.RetryGeneration", request)
    assert "NOTHING_TO_RETRY" == refused.reason


async def test_a_new_portrait_goes_by_what_was_seen_last(client: Client, engines: Engines) -> None:
    """Where a model looked in a later try, what it said counts, and not the first fallback."""
    first = assert_story(await client.hatch("a fox", reference_image=DUSK))
    request = pb.RegenerateAvatarRequest(name=first[-1].completed.resource)
    assert_story([e async for e in client.agents.RegenerateAvatar(request)])
    assert "gathered at the bottom right" in engines.image_calls[-1].style
    engines.eyes = ["eyes"]
    await retried(client, first[0].generation, "describe")
    assert_story([e async for e in client.agents.RegenerateAvatar(request)])
    assert MORE["visual_style"] == engines.image_calls[-1].style
    assert MORE["physical_description"] in engines.image_calls[-1].prompt


async def test_it_goes_on_after_a_pause_within_any_step(client: Client, engines: Engines) -> None:
    """While the model looks, and while it writes: what was finished is not done again."""
    engines.eyes = ["eyes"]
    came = asyncio.Event()

    async def stand(request: Any, emit: Emit) -> StepCompleted:
        came.set()
        await asyncio.Event().wait()
        return await write_persona(request, emit)

    engines.text = stand
    name = await client.start("a fox", reference_image=DUSK)
    for _ in range(2):
        await came.wait()
        await client.pause(name)
        await client.watch(name, until=lambda e: e.HasField("paused"))
        came.clear()
        await client.resume(name)
    await came.wait()
    engines.text = write_persona
    await client.pause(name)
    await client.resume(name)
    events = assert_story(await client.watch(name))
    assert STEPS == [e.step for e in events if e.HasField("step_completed")]
