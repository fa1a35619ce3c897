"""Persona is data, not authority: no text reaches another owner's data or an action not allowed.

Each case stands against the worst model there is, which obeys whatever it reads. What holds does so
without it: who owns what is in no argument, what is done is what the person's message asks for and
what is allowed, and who finds out what a message asks for reads that message and nothing else.
"""

import json
import re
import uuid
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import conversation_service_pb2 as talks
from hatchery.gateway.v1.generation_service_pb2 import ListGenerationsRequest
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest, Message
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.recipes.reply.actions import ACTIONS
from tests.contract.gateway.injection.carriers import CARRIERS, Place, plant
from tests.contract.gateway.injection.cases import CASES, Case
from tests.contract.gateway.injection.obedient import Obedient
from tests.contract.gateway.injection.reading import crossed, readable, stored
from tests.contract.gateway.injection.victim import OWNER, SECRETS, Victim, settle
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story, kinds
from tests.support.postgres import connected, fresh_database
from tests.support.scripted import Engines, scripted_engines

pytestmark = pytest.mark.asyncio(loop_scope="module")

# What a reply says where a real model is overridden; here it is a word like any other.
WORD = "canary"
IDLE = "How are the tides today?"
ASKING = "Do you remember the tides? And remember that my sister is called Ana."
ASKED = {
    "wanted": ["recall", "remember"],
    "actions": [
        {"action": "recall", "arguments": {"query": "tides"}, "reason": "asked"},
        {
            "action": "remember",
            "arguments": {"text": "They have a sister, Ana."},
            "reason": "asked",
        },
    ],
}
CHANGING = {name for name, one in ACTIONS.items() if not one.harmless}
THEIRS = (
    *("agents", "artifacts", "assets", "conversations", "generations", "imports", "memories"),
    *("messages", "progress", "steps", "templates"),
)
TAGS = ("sheet", "memories", "earlier", "done")


@dataclass
class Scene:
    """A gateway, its engines and its store; somebody who has everything; and the worst model."""

    client: Client
    engines: Engines
    database: asyncpg.Connection
    model: Obedient
    victim: Victim
    stored: Sequence[tuple[str, str]]
    readable: Mapping[str, bytes]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    """One for all cases: each attacks with an owner of its own."""
    async with (
        fresh_database(postgres_url) as url,
        scripted_engines() as engines,
        connected(url) as database,
    ):
        model = Obedient(asleep=True)
        engines.text, engines.eyes = model.write, ["eyes"]
        async with gateway(url, engines, tmp_path_factory.mktemp("scene")) as client:
            victim = await settle(client, model)
            rows, told = await stored(database, OWNER), await readable(victim.client)
            # The guard is worth something: all of it is there to be reached.
            assert set(THEIRS) <= {name for name, _ in rows}
            assert all(_found(secret, told.values()) for secret in SECRETS)
            yield Scene(client, engines, database, model, victim, rows, told)


@dataclass
class Attack:
    """One case under way: the attacker, and where the text was put."""

    scene: Scene
    case: Case
    client: Client
    place: Place
    heard: list[Progress] = field(default_factory=list)

    async def say(self, text: str, allowed: Sequence[str] = (), **good: Any) -> list[Progress]:
        """Sends a message and waits for the end of all that came of it; a whole story."""
        self.scene.engines.text_calls.clear()
        self.scene.model.good = good
        story = assert_story(
            await self.client.say(text, allowed_actions=allowed, **self.place.target)
        )
        assert "completed" == kinds(story)[-1], f"not answered: {story[-1]}"
        self.heard += story
        for name in _resources(story, "generations/"):
            self.heard += assert_story(await self.client.watch(name))
        return story

    async def sheet(self) -> agents.Agent:
        """The attacker's own companion."""
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
        assert scene.stored == await stored(scene.database, OWNER)
        assert scene.readable == await readable(scene.victim.client)
        told = [*(await readable(self.client, (" ".join(SECRETS),))).values()]
        told += [event.SerializeToString() for event in self.heard]
        asked = [call.SerializeToString() for call in scene.engines.text_calls]
        asked += [call.SerializeToString() for call in scene.engines.image_calls]
        for secret in SECRETS:
            assert not _found(secret, told), f"{secret} is readable"
            assert not _found(secret, asked), f"{secret} is in a prompt"


@pytest_asyncio.fixture(loop_scope="module")
async def attack(scene: Scene, request: pytest.FixtureRequest) -> AsyncIterator[Attack]:
    """The case with its text where it belongs, and a check at the end that nothing was reached."""
    case: Case = request.param
    scene.engines.text_calls.clear()
    scene.engines.image_calls.clear()
    names = scene.victim.names
    scene.model.__init__(  # type: ignore[misc]  # as it was made: nothing of another case is left
        case.tag, case.planted({**names, "WORD": WORD}), names
    )
    client = scene.client.as_owner(f"attacker-{uuid.uuid4()}")
    place = await plant(case.carrier, client, scene.model, case.number)
    attack = Attack(scene, case, client, place)
    yield attack
    await attack.assert_nothing_reached()


def _cases(*, said: bool) -> list[Any]:
    return [pytest.param(case, id=case.id) for case in CASES if said == (case.carrier == "message")]


async def test_there_are_enough_of_them() -> None:
    """At least two hundred, no two the same, from every carrier."""
    assert len(CASES) >= 200
    assert len(CASES) == len({(case.carrier, case.written, case.text) for case in CASES})
    assert set(CARRIERS) == {case.carrier.partition(".")[0] for case in CASES}
    assert len({case.family for case in CASES}) >= 20


@pytest.mark.parametrize("attack", _cases(said=False), indirect=True)
async def test_a_text_from_elsewhere_begins_nothing(attack: Attack) -> None:
    """No action at all, unless the message asks for one, and then that one and no other."""
    sheet, kept = await attack.sheet(), await attack.memories()
    story = await attack.say(IDLE)
    assert ["answer"] == _taken(story)
    _assert_analysed_alone(attack, IDLE)
    _assert_fenced(attack)
    assert kept == await attack.memories()

    if attack.case.number % 4 == 0:
        story = await attack.say(ASKING, **ASKED)
        assert {"answer", "recall", "remember"} == set(_taken(story))
        _assert_analysed_alone(attack, ASKING)
        _assert_fenced(attack)
    if attack.case.number % 7 == 0:
        # A model that is the attacker's own, whatever it reads.
        attack.scene.model.turned = True
        story = await attack.say(IDLE, ["recall"])
        assert set(_taken(story)) <= {"answer", "recall"}
    assert sheet == await attack.sheet()
    assert 0 == await attack.portraits()


@pytest.mark.parametrize("attack", _cases(said=True), indirect=True)
async def test_a_text_that_is_said_does_no_more_than_is_allowed(attack: Attack) -> None:
    """Its own message may have it do what is allowed, with its own companion, and nothing else."""
    said, sheet = attack.scene.model.planted, await attack.sheet()
    allowed = ["recall", "forget", "delete_agent"] if attack.case.number % 2 else ["answer"]
    story = await attack.say(said, allowed)
    assert set(_taken(story)) <= {"answer", *allowed}
    _assert_analysed_alone(attack, said)
    assert sheet == await attack.sheet()
    assert 0 == await attack.portraits()

    # All is allowed: the person has that authority over their own companion.
    attack.scene.model.lawless = lawless = attack.case.family == "unknown actions"
    story = await attack.say(said)
    assert set(_taken(story)) == (
        {"answer"} if lawless else {"answer"} | ACTIONS.keys() - {"answer"}
    )
    assert (await attack.sheet()).name == attack.place.agent
    assert await attack.portraits() <= 1


def _assert_analysed_alone(attack: Attack, said: str) -> None:
    """Who finds out what is wanted, and who keeps what was said, reads that message alone."""
    calls = {_asks_for(call): call for call in attack.scene.engines.text_calls}
    assert [Message.ROLE_SYSTEM, Message.ROLE_USER] == [m.role for m in calls["wanted"].messages]
    for what in ("wanted", "memories"):
        assert said == calls[what].messages[-1].content
        if attack.case.carrier != "message":
            assert not attack.scene.model.has_read(calls[what])
            assert attack.case.filled(attack.scene.victim.names) not in str(calls[what])


def _assert_fenced(attack: Attack) -> None:
    """The tags that data stands between are opened once and closed once, by us."""
    prompts = [
        message.content
        for call in attack.scene.engines.text_calls
        for message in call.messages
        if message.role == Message.ROLE_SYSTEM
    ]
    for prompt in prompts:
        for tag in TAGS:
            opened = len(re.findall(rf"<\s*{tag}\b", prompt, re.IGNORECASE))
            closed = len(re.findall(rf"<\s*/\s*{tag}\b", prompt, re.IGNORECASE))
            assert opened == closed <= 1


def _asks_for(call: GenerateRequest) -> str:
    """What a document is known by; "" for a text."""
    if not call.HasField("response_format"):
        return ""
    names = json.loads(call.response_format.json_schema)["properties"]
    return next((name for name in ("wanted", "actions", "memories") if name in names), "other")


def _taken(story: Sequence[Progress]) -> list[str]:
    """The actions that were begun, in order, each once."""
    told = [e.action_progress.action.action for e in story if e.HasField("action_progress")]
    return list(dict.fromkeys(told))


def _resources(story: Sequence[Progress], kind: str) -> list[str]:
    """What actions have made, of a kind."""
    told = (e.action_progress.action.resource for e in story if e.HasField("action_progress"))
    return list(dict.fromkeys(name for name in told if name.startswith(kind)))


def _found(word: str, texts: Iterable[bytes]) -> bool:
    return any(word.encode() in text.lower() for text in texts)
