"""Companions as character cards, out and in, by the rules of other programs."""

import asyncio
import hashlib
import io
import json
import uuid
from typing import Any

import pytest
from hatchery.gateway.v1 import agent_service_pb2 as pb
from hatchery.gateway.v1.asset_service_pb2 import DownloadAssetRequest
from PIL import Image

from services.gateway.cards.card import LARGEST
from tests.contract.gateway.requests import refusal_of
from tests.support import cards
from tests.support.calls import Refusal, refusal
from tests.support.gateway import Client
from tests.support.oracle import assert_story
from tests.support.pictures import bomb

pytestmark = pytest.mark.asyncio(loop_scope="module")
_CHUNK = 1024


async def _import(owner: Client, data: bytes, request_id: str = "") -> pb.Agent:
    """Sends a card in as many messages as it takes."""
    parts = [data[at : at + _CHUNK] for at in range(0, max(len(data), 1), _CHUNK)]
    requests = [pb.ImportAgentRequest(data=part) for part in parts]
    requests[0].request_id = request_id
    agent: pb.Agent = await owner.agents.ImportAgent(iter(requests), metadata=owner.metadata)
    return agent


async def _export(owner: Client, name: str, form: Any = "FORMAT_PNG") -> tuple[bytes, Any]:
    """The card, and what its first chunk says of it."""
    request = pb.ExportAgentRequest(name=name, format=form)
    chunks = [c async for c in owner.agents.ExportAgent(request, metadata=owner.metadata)]
    data = b"".join(chunk.data for chunk in chunks)
    assert len(data) == chunks[0].size_bytes
    assert all(len(chunk.data) <= 64 * 1024 for chunk in chunks)
    return data, chunks[0]


async def _asset(owner: Client, agent: pb.Agent) -> bytes:
    request = DownloadAssetRequest(name=agent.portrait.asset)
    call = owner.assets.DownloadAsset(request, metadata=owner.metadata)
    return b"".join([chunk.data async for chunk in call])


async def test_a_card_of_another_program_becomes_a_companion(owner: Client) -> None:
    """With its words and its picture, without a generation; it is listed and found."""
    png = cards.as_png([("chara", cards.packed(cards.v2())), ("Comment", b"secret place")])
    agent = await _import(owner, png)
    assert ("Seraphina", "", "1") == (agent.persona.name, agent.generation, agent.etag)
    assert agent.description.startswith("Seraphina guards the glade.")
    assert not agent.HasField("portrait_fallback")
    picture = await _asset(owner, agent)
    assert hashlib.sha256(picture).hexdigest() == agent.portrait.asset.removeprefix("assets/")
    assert b"secret place" not in picture
    assert b"chara" not in picture
    assert (40, 60) == Image.open(io.BytesIO(picture)).size
    found = await owner.agents.ListAgents(
        pb.ListAgentsRequest(query="seraphina PROTECTIVE"), metadata=owner.metadata
    )
    assert [agent] == list(found.agents)


@pytest.mark.parametrize("card", [cards.v2(), cards.v3()], ids=["v2", "v3"])
async def test_a_card_goes_out_as_it_came_in(owner: Client, card: dict[str, Any]) -> None:
    """In a PNG and as JSON: every field of it, with the picture that it has now."""
    agent = await _import(owner, cards.as_png([("chara", cards.packed(card))]))
    png, first = await _export(owner, agent.name)
    assert ("image/png", f"Seraphina-{agent.name[7:15]}.png") == (first.media_type, first.file_name)
    told = cards.told(png)
    text, first = await _export(owner, agent.name, "FORMAT_JSON")
    assert ("application/json", True) == (first.media_type, first.file_name.endswith(".json"))
    for given in (*told.values(), json.loads(text)):
        for name, value in card["data"].items():
            assert value == given["data"][name]
    assert ("chara_card_v2", "chara_card_v3") == (told["chara"]["spec"], told["ccv3"]["spec"])
    assert told["ccv3"] == json.loads(text)


async def test_an_edited_one_goes_out_edited(owner: Client) -> None:
    """And nothing else of its card with it."""
    agent = await _import(owner, cards.as_json(cards.v3()))
    agent.persona.greeting = "Hush."
    await owner.agents.UpdateAgent(pb.UpdateAgentRequest(agent=agent), metadata=owner.metadata)
    data = json.loads((await _export(owner, agent.name, "FORMAT_JSON"))[0])["data"]
    assert "Hush." == data["first_mes"]
    for name in cards.DATA.keys() - {"first_mes", "extensions"}:
        assert cards.DATA[name] == data[name]


async def test_what_hatched_here_goes_out_and_comes_back(owner: Client) -> None:
    """The same companion, with its portrait, as another one."""
    name = (await owner.hatch())[-1].completed.resource
    get = pb.GetAgentRequest(name=name)
    before = await owner.agents.GetAgent(get, metadata=owner.metadata)
    after = await _import(owner, (await _export(owner, name))[0])
    assert before.name != after.name
    assert (before.persona, before.description) == (after.persona, after.description)
    pixels = [
        Image.open(io.BytesIO(await _asset(owner, agent))).convert("RGB").tobytes()
        for agent in (before, after)
    ]
    assert pixels[0] == pixels[1]


async def test_a_card_without_a_picture_says_so_and_can_be_drawn(owner: Client) -> None:
    """A placeholder until then, which also goes out as a picture."""
    agent = await _import(owner, cards.as_json(cards.v1()))
    assert "placeholder" == agent.portrait_fallback.substitute
    assert "the card came without a picture" == agent.portrait_fallback.error.message
    assert "Seraphina" == cards.told((await _export(owner, agent.name))[0])["ccv3"]["data"]["name"]
    request = pb.RegenerateAvatarRequest(name=agent.name)
    call = owner.agents.RegenerateAvatar(request, metadata=owner.metadata)
    assert_story([event async for event in call])
    get = pb.GetAgentRequest(name=agent.name)
    drawn = await owner.agents.GetAgent(get, metadata=owner.metadata)
    assert not drawn.HasField("portrait_fallback")
    assert agent.portrait.asset != drawn.portrait.asset


async def test_the_same_request_makes_one_companion(owner: Client) -> None:
    """However often and however many at once it comes."""
    request_id, card = str(uuid.uuid4()), cards.as_json(cards.v2())
    agents = await asyncio.gather(*(_import(owner, card, request_id) for _ in range(5)))
    assert 1 == len(made := {agent.name for agent in agents})
    listed = await owner.agents.ListAgents(pb.ListAgentsRequest(), metadata=owner.metadata)
    assert made == {agent.name for agent in listed.agents}


_GIF = io.BytesIO()
Image.new("P", (4, 4)).save(_GIF, "GIF")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "neither a PNG nor a card's JSON"),
        (_GIF.getvalue(), "neither a PNG nor a card's JSON"),
        (cards.as_png([]), "carries no card"),
        (cards.as_png([("chara", b"%")]), "not base64"),
        (b" " * (LARGEST + 1), "larger than"),
        (b'{"name": "' + b"x" * 5_000_000 + b'"}', "longer than"),
    ],
    ids=["nothing", "gif", "no card", "base64", "large", "long"],
)
async def test_what_is_no_card_is_refused_and_nothing_is_stored(
    owner: Client, data: bytes, why: str
) -> None:
    """INVALID_ARGUMENT, with the field and a reason for people."""
    with pytest.raises(Exception, match="data: ") as refused:
        await _import(owner, data)
    told = refusal(refused.value)  # type: ignore[arg-type]
    assert ("INVALID_FIELD", ["data"]) == (told.reason, told.fields)
    assert why in told.text
    listed = await owner.agents.ListAgents(pb.ListAgentsRequest(), metadata=owner.metadata)
    assert not listed.agents


async def test_a_bomb_behind_a_good_card_is_refused(owner: Client) -> None:
    """The picture is looked at before it is decoded."""
    card = cards.as_png([("chara", cards.packed(cards.v2()))])
    begin = card.index(b"tEXt") - 4
    end = begin + 12 + int.from_bytes(card[begin : begin + 4], "big")
    large = bomb(30_000, 30_000)
    request = pb.ImportAgentRequest(data=large[:33] + card[begin:end] + large[33:])
    told = await refusal_of(owner, "AgentService.ImportAgent", request)
    assert isinstance(told, Refusal)
    assert "has more than 40 million pixels" in told.text


async def test_a_deleted_one_is_not_exported(owner: Client) -> None:
    """It is not there until it is brought back."""
    name = (await _import(owner, cards.as_json(cards.v1()))).name
    await owner.agents.DeleteAgent(pb.DeleteAgentRequest(name=name), metadata=owner.metadata)
    told = await refusal_of(owner, "AgentService.ExportAgent", pb.ExportAgentRequest(name=name))
    assert "RESOURCE_NOT_FOUND" == told.reason


async def test_a_placeholder_comes_back_as_one(owner: Client) -> None:
    """Out as a picture and in again: it is no portrait because of that."""
    agent = await _import(owner, cards.as_json(cards.v1()))
    again = await _import(owner, (await _export(owner, agent.name))[0])
    assert agent.portrait == again.portrait
    assert "placeholder" == again.portrait_fallback.substitute


async def test_letters_of_every_alphabet_go_out_again(owner: Client) -> None:
    """Megabytes of them are no longer on the way out than they were."""
    card = cards.v3() | {"beside": "森" * 1_000_000}
    agent = await _import(owner, cards.as_json(card))
    data, _ = await _export(owner, agent.name, "FORMAT_JSON")
    assert len(data) < 3_100_000
    assert card["beside"] == json.loads(data)["beside"]
