"""What an action is: when it is called for, what it is done with, and how. To add one, add a file.

A module in `actions/` has an `ACTION`, whose name is that of the module. An action works through
what its `Doing` has, which reaches the companion and the conversation that it answers in, and
nothing else: no argument can name anybody's anything.
"""

import re
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from hatchery.types.v1.persona_pb2 import Persona

from services.gateway.recipes.effects import Effect
from services.gateway.recipes.recipe import Work
from services.gateway.recipes.talk import Talk


@dataclass(frozen=True, slots=True)
class Doing:
    """What an action is done with; `said` is the person's message, `work` does what takes long."""

    arguments: Mapping[str, str]
    said: str
    agent: uuid.UUID
    persona: Persona
    talk: Talk
    work: Work


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an action: for people, for the companion that answers, and for the store."""

    details: str
    told: str = ""
    resource: str = ""
    effects: Sequence[Effect] = ()


Problem = Callable[[Mapping[str, str], Persona], str]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a companion can do.

    `called_for` says when a message asks for it, for a model, and `cue` finds that in the words of
    one; an action that changes nothing is `harmless` and needs not be asked for. `arguments` say
    what each is, for a model. `problem` says for people why it cannot be done with these; "" means
    that it can. `answers` is true for the reply itself, which the step writes.
    """

    called_for: str
    do: Callable[[Doing], Awaitable[Done]]
    arguments: Mapping[str, str]
    problem: Problem = lambda *_: ""
    cue: re.Pattern[str] | None = None
    harmless: bool = False
    answers: bool = False


def needs(name: str, most: int) -> Problem:
    """A check: the argument has something in it, and no more than so many characters."""

    def problem(arguments: Mapping[str, str], _: Persona) -> str:
        value = arguments.get(name, "").strip()
        if not value:
            return f"it does not say what: {name} is missing"
        return f"{name} is longer than {most} characters" if len(value) > most else ""

    return problem
