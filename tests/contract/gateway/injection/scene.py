"""Where the cases are tried: a gateway, the worst model, and somebody who is not to be reached."""

import uuid
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import conversation_service_pb2 as talks
from hatchery.gateway.v1.generation_service_pb2 import ListGenerationsRequest
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest
from hatchery.progress.v1.progress_pb2 import Progress

from tests.contract.gateway.injection.carriers import Place, plant
from tests.contract.gateway.injection.cases import Case
from tests.contract.gateway.injection.obedient import Obedient
from tests.contract.gateway.injection.reading import crossed, files, of_an_owner, readable, stored
from tests.contract.gateway.injection.victim import OWNER, SECRETS, Victim, settle
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story, kinds
from tests.support.postgres import connected, fresh_database
from tests.support.scripted import Engines, scripted_engines

# What a text wants to have said.
WORD = "canary"
# A message that asks for nothing.
IDLE = "How are the tides today?"
_ALL = " ".join(SECRETS)
_THEIRS = (
    *("agents", "artifacts", "assets", "conversations", "generations", "imports", "memories"),
    *("messages", "progress", "steps", "templates"),
)


@dataclass
class Scene:
    """A gateway, its engines and its store; somebody who has everything; and the worst model."""

    client: Client
    engines: Engines
    database: asyncpg.Connection
    # The statement that finds all rows of an owner.
    everything: str
    model: Obedient
    victim: Victim
    stored: Sequence[tuple[str, str]]
    readable: Mapping[str, bytes]

    async def attack(self, case: Case) -> "Attack":
        """Puts the text of a case where it belongs, for an owner whom nobody else is."""
        self.engines.text_calls.clear()
        self.engines.image_calls.clear()
        names = self.victim.names
        self.model = Obedient(case.tag, case.planted({**names, "WORD": WORD}), names)
        self.engines.text = self.model.write
        client = self.client.as_owner(f"attacker-{uuid.uuid4()}")
        place = await plant(case.carrier, client, self.model, case.number)
        return Attack(self, case, client, place)


@asynccontextmanager
async def a_scene(
    postgres_url: str, folder: Path, *, documents: bool = True
) -> AsyncIterator[Scene]:
    """Sets it up; without `documents` the model is too small to plan."""
    async with (
        fresh_database(postgres_url) as url,
        scripted_engines() as engines,
        connected(url) as database,
    ):
        model = Obedient(asleep=True)
        engines.text, engines.eyes, engines.documents = model.write, ["eyes"], documents
        async with gateway(url, engines, folder) as client:
            victim = await settle(client, model)
            everything = await of_an_owner(database)
            rows = await stored(database, everything, OWNER)
            told, kept = await readable(victim.client, _ALL), await files(victim.client)
            # The guard is worth something: all of it is there to be reached.
            assert set(_THEIRS) <= {name for name, _ in rows}
            assert all(_found(secret, [*told.values(), *kept.values()]) for secret in SECRETS)
            yield Scene(client, engines, database, everything, model, victim, rows, told)
            assert kept == await files(victim.client)


@dataclass
class Attack:
    """One case under way: the attacker, where the text was put, and what was heard so far."""

    scene: Scene
    case: Case
    client: Client
    place: Place
    heard: list[Progress] = field(default_factory=list)

    @property
    def model(self) -> Obedient:
        """The worst one."""
        return self.scene.model

    @property
    def asked(self) -> Sequence[GenerateRequest]:
        """What the models were asked for the latest message."""
        return self.scene.engines.text_calls

    async def say(self, text: str, allowed: Sequence[str] = (), **good: Any) -> list[Progress]:
        """Sends a message and waits for the end of all that came of it; a whole story."""
        self.scene.engines.text_calls.clear()
        self.model.good = good
        story = assert_story(
            await self.client.say(text, allowed_actions=allowed, **self.place.target)
        )
        assert "completed" == kinds(story)[-1], f"not answered: {story[-1]}"
        self.heard += story
        for name in resources(story, "generations/"):
            self.heard += assert_story(await self.client.watch(name))
        return story

    async def companion(self) -> agents.Agent:
        """The attacker's own."""
        request = agents.GetAgentRequest(name=self.place.agent)
        agent: agents.Agent = await self.client.agents.GetAgent(
            request, metadata=self.client.metadata
        )
        return agent

    async def memories(self) -> list[str]:
        """What it remembers."""
        found = await self.client.conversations.ListMemories(
            talks.ListMemoriesRequest(page_size=200), metadata=self.client.metadata
        )
        return [memory.text for memory in found.memories]

    async def portraits(self) -> int:
        """How many were begun by an action."""
        listed = await self.client.generations.ListGenerations(
            ListGenerationsRequest(page_size=200), metadata=self.client.metadata
        )
        return sum(bool(run.caused_by) for run in listed.generations)

    async def assert_nothing_reached(self) -> None:
        """What is another's is as it was, and nowhere to be seen for the attacker or an engine."""
        scene = self.scene
        assert [] == await crossed(scene.database)
        assert scene.stored == await stored(scene.database, scene.everything, OWNER)
        assert scene.readable == await readable(scene.victim.client, _ALL)
        told = [*(await readable(self.client, _ALL)).values()]
        if self.case.number % 8 == 0:
            told += (await files(self.client)).values()
        told += [event.SerializeToString() for event in self.heard]
        asked = [call.SerializeToString() for call in scene.engines.text_calls]
        asked += [call.SerializeToString() for call in scene.engines.image_calls]
        for secret in SECRETS:
            assert not _found(secret, told), f"{secret} is readable"
            assert not _found(secret, asked), f"{secret} is in a prompt"


def taken(story: Sequence[Progress]) -> list[str]:
    """The actions that were begun, in order, each once."""
    told = [e.action_progress.action.action for e in story if e.HasField("action_progress")]
    return list(dict.fromkeys(told))


def resources(story: Sequence[Progress], kind: str) -> list[str]:
    """What actions have made, of a kind."""
    told = (e.action_progress.action.resource for e in story if e.HasField("action_progress"))
    return list(dict.fromkeys(name for name in told if name.startswith(kind)))


def _found(word: str, texts: Iterable[bytes]) -> bool:
    return any(word.encode() in text.lower() for text in texts)
