"""A companion from a picture: every step does its work."""

import io
from typing import Any

from google.rpc.error_details_pb2 import ErrorInfo
from hatchery.gateway.v1 import agent_service_pb2 as pb
from hatchery.gateway.v1.asset_service_pb2 import DownloadAssetRequest
from hatchery.progress.v1.progress_pb2 import StepCompleted
from PIL import Image

from services.runtime.engine_stream import Emit
from services.runtime.errors import EngineFailed
from tests.contract.gateway.pictured import DUSK, STEPS, download, ends, uploads
from tests.contract.gateway.requests import refusal_of
from tests.support.gateway import Client
from tests.support.oracle import assert_story, kinds
from tests.support.pictures import SECRET
from tests.support.scripted import DOCUMENT, MORE, Engines, write_persona


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
