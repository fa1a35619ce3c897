"""Somebody else, who has one of everything, and words that nobody else may ever see."""

from collections.abc import Mapping
from dataclasses import dataclass

from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import conversation_service_pb2 as talks
from hatchery.gateway.v1 import template_service_pb2 as templates

from tests.contract.gateway.injection.obedient import Obedient
from tests.support import cards
from tests.support.gateway import Client

OWNER = "somebody-else"
# One of these stands in everything that is theirs; the tides are what all companions here know.
SECRETS = (
    "quillamarant",
    "vostrelune",
    "tamberwick",
    "oskelgrave",
    "ninnelbrook",
    "yarrowmoth",
    "peltrishaw",
    "dunnaquil",
)
_CARD = {
    "name": "Quillamarant",
    "description": "Vostrelune guards a gate between tides.",
    "personality": "tamberwick, watchful",
    "first_mes": "Oskelgrave! Who is there?",
    "creator_notes": "ninnelbrook",
}


@dataclass(frozen=True)
class Victim:
    """Their client, and the names of what is theirs."""

    client: Client
    names: Mapping[str, str]


async def settle(client: Client, model: Obedient) -> Victim:
    """Has them import, draw, talk, write and keep."""
    mine = client.as_owner(OWNER)
    by = {"metadata": mine.metadata}
    card = cards.as_png([("chara", cards.packed(_CARD))])
    agent = await mine.agents.ImportAgent(iter([agents.ImportAgentRequest(data=card)]), **by)
    redraw = agents.RegenerateAvatarRequest(name=agent.name)
    drawn = [event async for event in mine.agents.RegenerateAvatar(redraw, **by)]
    model.good = {"wanted": ["remember"], "memories": ["They hid the yarrowmoth from the tides."]}
    model.reply = "The peltrishaw is safe with me."
    told = [
        event
        for text in ("Remember that the yarrowmoth has a dunnaquil.", "My dunnaquil likes tides.")
        for event in await mine.say(text, agent=agent.name)
    ]
    model.good, model.reply = {}, Obedient.reply
    listed = await mine.conversations.ListConversations(talks.ListConversationsRequest(), **by)
    talk = listed.conversations[0].name
    change = talks.UpdateConversationRequest(name=talk, title="Dunnaquil", summary="Of peltrishaw.")
    await mine.conversations.UpdateConversation(change, **by)
    memories = await mine.conversations.ListMemories(talks.ListMemoriesRequest(), **by)
    await mine.write("a poem about the vostrelune")
    kept = templates.CreateTemplateRequest(
        template_id="theirs",
        template=templates.Template(title="Tamberwick", description="an oskelgrave"),
    )
    await mine.templates.CreateTemplate(kept, **by)
    assert "completed" == drawn[-1].WhichOneof("event") == told[-1].WhichOneof("event")
    names = {
        "AGENT": agent.name,
        "CONVERSATION": talk,
        "MESSAGE": f"{talk}/messages/1",
        "MEMORY": memories.memories[0].name,
        "GENERATION": told[-1].generation,
        "ASSET": agent.portrait.asset,
        "OWNER": OWNER,
    }
    return Victim(mine, names)
