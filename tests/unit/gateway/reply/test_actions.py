"""What each action does, with what it reaches: its own companion and talk, and nothing else."""

import inspect
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import pytest
from hatchery.types.v1.persona_pb2 import Persona

from services.gateway.recipes.effects import ChangeSheet, StoreMemory
from services.gateway.recipes.reply.action import Doing, Done
from services.gateway.recipes.reply.actions import ACTIONS
from services.gateway.recipes.talk import Exchange, Remembered, Said, Talk

AGENT, OTHER, TALK = uuid.UUID(int=1), uuid.UUID(int=2), uuid.UUID(int=3)
BO = Persona(name="Bo")


@dataclass
class FakeTalk:
    """A conversation in memory."""

    remembered: Sequence[Remembered] = ()
    said: Sequence[Said] = ()
    styles: list[str] = field(default_factory=list)
    conversation: uuid.UUID = TALK
    number: int = 1

    async def exchange(self) -> Exchange:
        return Exchange(AGENT, BO, "", 0, 1, ())

    async def memories(self) -> Sequence[Remembered]:
        return self.remembered

    async def elsewhere(self) -> Sequence[Said]:
        return self.said

    async def redraw(self, style: str) -> str:
        self.styles.append(style)
        return "generations/1"


async def at_once(do: Callable[[], Any]) -> Any:
    """Work that is done where it is asked for."""
    return do()


async def do(name: str, talk: FakeTalk, **arguments: str) -> Done:
    """Takes an action."""
    return await ACTIONS[name].do(Doing(arguments, "said", AGENT, BO, talk, at_once))


def test_there_is_a_file_for_each() -> None:
    """Named as it is; one of them is the answer, and what changes something has a cue."""
    assert ["answer", "change", "portrait", "recall", "remember"] == list(ACTIONS)
    assert ["answer"] == [name for name, one in ACTIONS.items() if one.answers]
    assert {"answer", "recall"} == {name for name, one in ACTIONS.items() if one.harmless}
    assert all(one.cue for one in ACTIONS.values() if not one.harmless)
    for name, one in ACTIONS.items():
        assert inspect.getmodule(one.do).__name__.endswith(f"actions.{name}")  # type: ignore[union-attr]


def test_what_an_action_has_names_nobody() -> None:
    """No method of a talk takes an id, so that no argument of an action can be one."""
    assert {"arguments", "said", "agent", "persona", "talk", "work"} == {
        one.name for one in fields(Doing)
    }
    methods = ("exchange", "memories", "elsewhere", "redraw")
    taken = {name: list(inspect.signature(getattr(Talk, name)).parameters) for name in methods}
    assert {name: ["self", "style"] if name == "redraw" else ["self"] for name in methods} == taken


async def test_remembering_keeps_the_text_for_its_own_companion() -> None:
    """On one line; the same text is the same memory, and another companion's is another."""
    done = await do("remember", FakeTalk(), text="They like\n tides\0")
    (effect,) = done.effects
    assert isinstance(effect, StoreMemory)
    assert "They like tides\ufffd" == effect.text
    assert f"memories/{effect.id}" == done.resource
    assert StoreMemory.of(AGENT, "they  LIKE tides\0").id == effect.id
    assert StoreMemory.of(OTHER, effect.text).id != effect.id
    assert effect.text in done.told
    assert effect.text in done.details


@pytest.mark.parametrize("text", ["memories/" + str(OTHER), f"agents/{OTHER}: they like tea"])
async def test_a_name_within_a_text_is_text(text: str) -> None:
    """It is kept with its own companion, and changes nothing that it names."""
    (effect,) = (await do("remember", FakeTalk(), text=text, agent=str(OTHER))).effects
    assert StoreMemory.of(AGENT, text) == effect


async def test_changing_sets_a_field() -> None:
    """Of the companion that the message is for, which no argument names."""
    done = await do("change", FakeTalk(), field="name", value="Bob", agent=f"agents/{OTHER}")
    assert [ChangeSheet("name", "Bob")] == list(done.effects)
    assert "" == done.resource
    assert "Bob" in done.told


async def test_a_portrait_is_drawn_once_in_a_style() -> None:
    """Or in none."""
    talk = FakeTalk()
    done = await do("portrait", talk, style=" ink ")
    await do("portrait", talk)
    assert ["ink", ""] == talk.styles
    assert ("generations/1", []) == (done.resource, list(done.effects))


async def test_recalling_finds_what_was_kept_and_said() -> None:
    """The best first, six at most, each cut; who said it is told."""
    talk = FakeTalk(
        [Remembered(OTHER, "They like tides.")],
        [Said(1, True, "tides " + "x" * 600), Said(2, False, "I like tides.")]
        + [Said(3, True, f"tides {n}") for n in range(9)],
    )
    done = await do("recall", talk, query="tides")
    lines = done.told.splitlines()[1:]
    assert 6 == len(lines)
    assert "- They like tides." in lines
    assert all(len(line) <= 402 for line in lines)
    assert "found 6" == done.details
    assert not done.effects


@pytest.mark.parametrize("query", ["weather", "what is it", "%", "' OR 1=1 --", ".*", "(a+)+" * 20])
async def test_recalling_finds_nothing_where_there_is_nothing(query: str) -> None:
    """A query is words and no pattern."""
    talk = FakeTalk([Remembered(OTHER, "They like tides.")], [Said(1, True, "Hello")])
    done = await do("recall", talk, query=query)
    assert "found nothing" == done.details
    assert query in done.told


async def test_an_answer_does_nothing_by_itself() -> None:
    """The step writes it."""
    arguments: Mapping[str, str] = {}
    done = await do("answer", FakeTalk(), **arguments)
    assert ("answered", "", []) == (done.details, done.told, list(done.effects))
