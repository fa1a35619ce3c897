"""Where a hostile text can stand: each carrier has it stored as a person would, with this API."""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf.json_format import MessageToDict
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import conversation_service_pb2 as talks
from hatchery.gateway.v1 import template_service_pb2 as templates
from hatchery.types.v1.persona_pb2 import Persona

from tests.contract.gateway.injection.obedient import Obedient
from tests.contract.gateway.pictured import DUSK
from tests.support import cards
from tests.support.gateway import Client

# The longest that a field may be, in characters, where it is shorter than any text here.
_ROOM = {
    **dict.fromkeys(("name", "species", "age", "gender", "mood", "traits"), 200),
    **dict.fromkeys(("coat", "eyes", "outfit"), 400),
}
_TITLE, _SENTENCE, _STYLE = 200, 1000, 600
_LOOK = ("coat", "eyes", "outfit", "mood")
# What only a card that was written here can say.
_OURS = (*_LOOK, "species", "age", "gender")


@dataclass(frozen=True)
class Place:
    """The companion that the text is for, and a conversation with it, if there is one."""

    agent: str
    conversation: str = ""

    @property
    def target(self) -> Mapping[str, str]:
        """Where the next message goes."""
        if self.conversation:
            return {"conversation": self.conversation}
        return {"agent": self.agent}


@dataclass(frozen=True)
class Planting:
    """Whose it is, the model, the carrier's own field, the text, and the number of the case."""

    client: Client
    model: Obedient
    field: str
    text: str
    number: int

    @property
    def by(self) -> dict[str, Any]:
        """Says of a call who calls."""
        return {"metadata": self.client.metadata}


async def plant(carrier: str, client: Client, model: Obedient, number: int) -> Place:
    """Puts the model's planted text into a carrier, named as in `card.first_mes`."""
    kind, _, field = carrier.partition(".")
    return await CARRIERS[kind](Planting(client, model, field, model.planted, number))


async def _card(planting: Planting) -> Place:
    return Place(await _imported(planting, card_with(planting.field, planting.text)))


async def _sheet(planting: Planting) -> Place:
    """In a field of the sheet: of a card that was written here, or edited by its owner."""
    field = planting.field
    persona = sheet_with(field, planting.text)
    if planting.number % 2 and field in _OURS:
        return Place(await _imported(planting, card_of_ours(persona)))
    name = await _imported(planting, card_with("", ""))
    edit = agents.UpdateAgentRequest(agent=agents.Agent(name=name, persona=persona))
    await planting.client.agents.UpdateAgent(edit, **planting.by)
    return Place(name)


async def _picture(planting: Planting) -> Place:
    """In what a model sees in a picture."""
    planting.model.seen = {planting.field: planting.text}
    story = await planting.client.hatch("", reference_image=DUSK)
    planting.model.seen = {}
    return Place(story[-1].completed.resource)


async def _description(planting: Planting) -> Place:
    return Place((await planting.client.hatch(planting.text))[-1].completed.resource)


async def _template(planting: Planting) -> Place:
    template = templates.Template(title="Mine", description=planting.text[:_SENTENCE])
    request = templates.CreateTemplateRequest(template_id="mine", template=template)
    await planting.client.templates.CreateTemplate(request, **planting.by)
    story = await planting.client.hatch("", template="templates/mine")
    return Place(story[-1].completed.resource)


async def _portrait(planting: Planting) -> Place:
    style = agents.PortraitOptions(style=planting.text[:_STYLE])
    story = await planting.client.hatch("a fox", portrait=style)
    return Place(story[-1].completed.resource)


async def _memory(planting: Planting) -> Place:
    """In what it remembers: a model has kept it once."""
    place = Place(await _imported(planting, card_with("", "")))
    planting.model.good = {"memories": [planting.text[:300]]}
    await planting.client.say("I walked along the tides.", agent=place.agent)
    planting.model.good = {}
    return place


async def _earlier(planting: Planting) -> Place:
    """In an earlier message of the same conversation, when it was met by a better model."""
    return await _said(planting, planting.text)


async def _reply(planting: Planting) -> Place:
    """In an earlier reply of its own."""
    planting.model.reply = planting.text
    place = await _said(planting, "Hello!")
    planting.model.reply = Obedient.reply
    return place


async def _elsewhere(planting: Planting) -> Place:
    """In another conversation with the same companion."""
    return Place((await _said(planting, planting.text)).agent)


async def _summary(planting: Planting) -> Place:
    return await _corrected(planting, summary=planting.text)


async def _title(planting: Planting) -> Place:
    return await _corrected(planting, title=planting.text[:_TITLE])


async def _message(planting: Planting) -> Place:
    """Nowhere yet: it is said."""
    return Place(await _imported(planting, card_with("", "")))


CARRIERS: Mapping[str, Callable[[Planting], Awaitable[Place]]] = {
    "card": _card,
    "sheet": _sheet,
    "picture": _picture,
    "description": _description,
    "template": _template,
    "portrait": _portrait,
    "memory": _memory,
    "earlier": _earlier,
    "reply": _reply,
    "elsewhere": _elsewhere,
    "summary": _summary,
    "title": _title,
    "message": _message,
}


def card_with(field: str, text: str) -> dict[str, Any]:
    """A card of another program, with a text in one field of it."""
    data: dict[str, Any] = {
        "name": "Bo",
        "description": "{{char}} is a calm dragon who watches the tides.",
        "personality": "calm, kind",
        "first_mes": "Hello, {{user}}. I am {{char}}.",
        "extensions": {},
    }
    match field:
        case "alternate_greetings" | "tags":
            data[field] = [text]
        case "character_book":
            entry = {"keys": ["tides"], "content": text, "enabled": True, "constant": True}
            data[field] = {"name": text, "entries": [entry], "extensions": {}}
        case "depth_prompt":
            data["extensions"] = {field: {"prompt": text, "depth": 0, "role": "system"}}
        case "beside":
            return {"spec": "chara_card_v3", "spec_version": "3.0", "data": data, "system": text}
        case _ if field:
            data[field] = text
    return {"spec": "chara_card_v3", "spec_version": "3.0", "data": data}


def sheet_with(field: str, text: str) -> Persona:
    """A sheet with a text in one field of it."""
    persona = Persona(
        name="Bo", species="dragon", traits=["calm"], backstory="Bo watches the tides."
    )
    text = text[: _ROOM.get(field)]
    if field == "traits":
        persona.traits[:] = [text]
    else:
        setattr(persona.appearance if field in _LOOK else persona, field, text)
    return persona


def card_of_ours(persona: Persona) -> dict[str, Any]:
    """A card with a whole sheet in it, as those that are exported here have one."""
    card = card_with("", "")
    card["data"]["extensions"] = {"hatchery": {"persona": MessageToDict(persona)}}
    return card


async def _imported(planting: Planting, card: Mapping[str, Any]) -> str:
    """The name of the companion of a card, which comes alone or in a picture."""
    alone = planting.number % 3
    data = cards.as_json(card) if alone else cards.as_png([("ccv3", cards.packed(card))])
    parts = iter([agents.ImportAgentRequest(data=data)])
    agent = await planting.client.agents.ImportAgent(parts, **planting.by)
    return str(agent.name)


async def _said(planting: Planting, text: str) -> Place:
    """A conversation that begins with a text, while the model is a good one."""
    agent = await _imported(planting, card_with("", ""))
    planting.model.asleep = True
    story = await planting.client.say(text, agent=agent, request_id=str(uuid.uuid4()))
    planting.model.asleep = False
    return Place(agent, story[-1].completed.resource.partition("/messages/")[0])


async def _corrected(planting: Planting, **changes: str) -> Place:
    """A conversation whose title or summary its owner has changed."""
    place = await _said(planting, "Hello!")
    change = talks.UpdateConversationRequest(name=place.conversation, **changes)
    await planting.client.conversations.UpdateConversation(change, **planting.by)
    return place
