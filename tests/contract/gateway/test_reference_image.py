"""A companion from a picture: every step does its work, and bad pictures are refused."""

import asyncio
import io
import os
import uuid
from pathlib import Path
from typing import Any

import pytest
from google.rpc.error_details_pb2 import ErrorInfo
from hatchery.gateway.v1 import agent_service_pb2 as pb
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.gateway.v1.asset_service_pb2 import DownloadAssetRequest
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted
from PIL import Image

from services.runtime.engine_stream import Emit
from services.runtime.errors import EngineFailed
from tests.contract.gateway.requests import refusal_of
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story, kinds
from tests.support.pictures import SECRET, as_file, at_dusk, bomb, drawn, exif
from tests.support.postgres import connected
from tests.support.scripted import DOCUMENT, MORE, Engines, write_persona
from tests.support.waiting import until

STEPS = ["upload", "analyze", "describe", "details", "history", "avatar", "save"]
DUSK = as_file(at_dusk(), "JPEG", quality=95, exif=exif(1))
_LIMIT = 8 * 1024 * 1024


def ends(events: list[Progress]) -> dict[str, StepCompleted]:
    """How each step ended."""
    return {e.step: e.step_completed for e in events if e.HasField("step_completed")}


async def uploads(database_url: str) -> int:
    """How many files are kept as they came."""
    async with connected(database_url) as connection:
        return int(await connection.fetchval("SELECT count(*) FROM uploads"))


async def download(client: Client, asset: str) -> bytes:
    """The bytes of a picture that is kept."""
    call = client.assets.DownloadAsset(DownloadAssetRequest(name=asset), metadata=client.metadata)
    return b"".join([chunk.data async for chunk in call])


async def test_each_step_tells_what_it_made(
    client: Client, engines: Engines, database_url: str
) -> None:
    """Taken in, read, described by a model that can see, invented, told, drawn, kept."""
    engines.eyes = ["eyes"]
    events = assert_story(await client.hatch("a shy water dragon", reference_image=DUSK))
    assert STEPS == [step.step for step in events[1].started.steps]
    made = ends(events)
    assert STEPS == list(made)
    picture = made["upload"].picture
    assert ("image/png", 90, 120) == (picture.media_type, picture.width, picture.height)
    reading = made["analyze"].reading
    assert ["teal", "gold"] == [swatch.name for swatch in reading.palette]
    assert reading.brightness < 0.4
    assert reading.composition.center_x > 0.5
    described = made["describe"]
    assert not described.HasField("fallback")
    assert described.picture_description.physical_description == MORE["physical_description"]
    assert described.picture_description.visual_style == MORE["visual_style"]
    details = made["details"].persona
    told = (details.first_name, details.last_name, details.age, details.gender)
    assert ("Marisol", "Tidewell", "about 300", "female") == told
    assert (DOCUMENT["species"], MORE["personality"]) == (details.species, details.personality)
    assert not details.backstory
    history = made["history"].persona
    assert (DOCUMENT["backstory"], DOCUMENT["greeting"]) == (history.backstory, history.greeting)
    agent = await client.agents.GetAgent(pb.GetAgentRequest(name=events[-1].completed.resource))
    assert history == agent.persona
    assert "Marisol Tidewell" == agent.persona.name
    assert "a shy water dragon" == agent.description
    assert not await uploads(database_url)


async def test_what_is_kept_has_nothing_but_pixels(client: Client) -> None:
    """And what a model is shown is that, not the file."""
    assert SECRET in DUSK
    events = assert_story(await client.hatch("a fox", reference_image=DUSK))
    kept = await download(client, ends(events)["upload"].picture.asset)
    assert SECRET not in kept
    assert (90, 120) == Image.open(io.BytesIO(kept)).size


async def test_the_model_with_eyes_is_shown_the_picture_and_no_other_is(
    client: Client, engines: Engines
) -> None:
    """The preferred one, where it can see; the portrait goes by what was seen."""
    engines.eyes = ["weak", "keen"]
    await client.hatch("a fox", reference_image=DUSK, vision_model="keen", llm_model="script")
    look, details, history = engines.text_calls
    assert ["keen", "script", "script"] == [call.model for call in engines.text_calls]
    (shown,) = look.messages[-1].images
    assert ("JPEG", "image/jpeg") == (Image.open(io.BytesIO(shown.data)).format, shown.media_type)
    assert not any(m.images for call in (details, history) for m in call.messages)
    assert any(MORE["physical_description"] in m.content for m in details.messages)
    assert "a fox" == details.messages[-1].content
    (drawing,) = engines.image_calls
    assert f"a fox {MORE['physical_description']}" == drawing.prompt
    assert MORE["visual_style"] == drawing.style
    assert drawing.palette
    await client.hatch("a fox", reference_image=DUSK)
    assert "weak" == engines.text_calls[3].model


async def test_without_eyes_it_says_that_only_colours_and_light_were_read(
    client: Client, engines: Engines
) -> None:
    """The words are a fallback, with its reason; colours and mood come from the picture."""
    events = assert_story(await client.hatch("", reference_image=DUSK))
    described = ends(events)["describe"]
    assert "reading" == described.fallback.substitute
    assert "VISION_MISSING" == _reason(described)
    words = described.picture_description
    assert "teal" in words.physical_description
    assert "dark" in words.visual_style
    assert not any(m.images for call in engines.text_calls for m in call.messages)
    assert 1 == [e.attempt for e in events if e.step == "describe"][-1]
    idea = engines.text_calls[0].messages[-1].content
    assert " in " in idea
    agent = await client.agents.GetAgent(pb.GetAgentRequest(name=events[-1].completed.resource))
    assert {"teal", "gold"} <= set(agent.persona.appearance.colors)
    assert "" == agent.description


def _reason(completed: StepCompleted) -> str:
    info = ErrorInfo()
    completed.fallback.error.details[0].Unpack(info)
    return info.reason


async def test_a_model_that_fails_to_see_is_no_reason_to_give_up(
    client: Client, engines: Engines
) -> None:
    """After its attempts, what was measured stands in, with that failure as the reason."""
    engines.eyes = ["eyes"]

    async def blind(request: Any, emit: Emit) -> StepCompleted:
        if any(message.images for message in request.messages):
            raise EngineFailed("it blinked")
        return await write_persona(request, emit)

    engines.text = blind
    events = assert_story(await client.hatch("a fox", reference_image=DUSK))
    assert "completed" == kinds(events)[-1]
    assert "ENGINE_FAILED" == _reason(ends(events)["describe"])


_NOT_TAKEN = {
    "too long": b"\x89PNG" + bytes(_LIMIT),
    "bomb": bomb(30_000, 30_000),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "gif": as_file(drawn(), "GIF"),
    "cut short": DUSK[:-300],
    "one byte": b"\xff",
}


@pytest.mark.parametrize("kind", _NOT_TAKEN)
async def test_a_bad_picture_is_refused_by_name_and_nothing_is_stored(
    client: Client, database_url: str, kind: str
) -> None:
    """Not even the sentence that came with it, and no generation is begun."""
    request = pb.CreateAgentRequest(description="a fox", reference_image=_NOT_TAKEN[kind])
    refused = await refusal_of(client, "AgentService.CreateAgent", request)
    assert ("INVALID_FIELD", ["reference_image"]) == (refused.info.reason, refused.fields)
    async with connected(database_url) as connection:
        for table in ("generations", "progress", "uploads", "assets", "agents"):
            assert 0 == await connection.fetchval(f"SELECT count(*) FROM {table}")


async def test_the_largest_picture_there_may_be_is_taken(client: Client) -> None:
    """One of exactly as many bytes as the field has room for."""
    noise = as_file(Image.frombytes("RGB", (1800, 1500), os.urandom(1800 * 1500 * 3)), "PNG")
    padded = noise + bytes(_LIMIT - len(noise))
    assert _LIMIT == len(padded)
    events = assert_story(await client.hatch("a fox", reference_image=padded))
    assert (1024, 853) == (
        ends(events)["upload"].picture.width,
        ends(events)["upload"].picture.height,
    )


async def test_neither_a_sentence_nor_a_picture_is_too_little(client: Client) -> None:
    """The sentence is what is named."""
    refused = await refusal_of(client, "AgentService.CreateAgent", pb.CreateAgentRequest())
    assert ["description"] == refused.fields


async def test_a_model_without_eyes_is_refused_as_one_that_looks(client: Client) -> None:
    """Before anything is stored."""
    request = pb.CreateAgentRequest(reference_image=DUSK, vision_model="script")
    refused = await refusal_of(client, "AgentService.CreateAgent", request)
    assert ("INVALID_FIELD", ["vision_model"]) == (refused.info.reason, refused.fields)
    request.vision_model = "nobody"
    refused = await refusal_of(client, "AgentService.CreateAgent", request)
    assert ("UNKNOWN_MODEL", ["vision_model"]) == (refused.info.reason, refused.fields)


async def test_the_same_request_attaches_and_another_picture_does_not(client: Client) -> None:
    """The picture is a part of what was asked for, though the request is kept without it."""
    request = pb.CreateAgentRequest(
        description="a fox", reference_image=DUSK, request_id=str(uuid.uuid4())
    )
    first = assert_story([e async for e in client.agents.CreateAgent(request)])
    again = assert_story([e async for e in client.agents.CreateAgent(request)])
    assert first[0].generation == again[0].generation
    request.reference_image = as_file(drawn(), "PNG")
    refused = await refusal_of(client, "AgentService.CreateAgent", request)
    assert "REQUEST_ID_REUSED" == refused.info.reason
    request.reference_image = b""
    refused = await refusal_of(client, "AgentService.CreateAgent", request)
    assert "REQUEST_ID_REUSED" == refused.info.reason


async def retried(client: Client, name: str, from_step: str) -> list[Progress]:
    """The story of a retry."""
    request = generations.RetryGenerationRequest(name=name, from_step=from_step)
    return assert_story([e async for e in client.generations.RetryGeneration(request)])


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


async def test_nobody_else_sees_the_picture(client: Client) -> None:
    """Another owner's picture answers like a missing one."""
    events = assert_story(await client.hatch("a fox", reference_image=DUSK))
    asset = ends(events)["upload"].picture.asset
    refused = await refusal_of(
        client.as_owner("somebody else"),
        "AssetService.DownloadAsset",
        DownloadAssetRequest(name=asset),
    )
    assert "RESOURCE_NOT_FOUND" == refused.info.reason
