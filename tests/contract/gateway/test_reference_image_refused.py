"""Pictures that are none, too large or costly, and what else is refused beside one."""

import os
import uuid
from pathlib import Path

import pytest
from hatchery.gateway.v1 import agent_service_pb2 as pb
from PIL import Image

from tests.contract.gateway.pictured import DUSK, ends
from tests.contract.gateway.requests import refusal_of
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story
from tests.support.pictures import as_file, bomb, drawn
from tests.support.postgres import connected
from tests.support.scripted import Engines

_LIMIT = 8 * 1024 * 1024

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


async def test_who_has_too_much_under_way_is_told_so_before_a_picture_is_looked_at(
    engines: Engines, database_url: str, tmp_path: Path
) -> None:
    """Decoding costs more than counting: even what is no picture is not looked at."""
    async with gateway(
        database_url, engines, tmp_path, max_running=0, owner_unfinished=1
    ) as client:
        await client.start("a fox")
        request = pb.CreateAgentRequest(description="a fox", reference_image=_NOT_TAKEN["svg"])
        refused = await refusal_of(client, "AgentService.CreateAgent", request)
        assert "QUEUE_FULL" == refused.reason


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
