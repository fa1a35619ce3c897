"""What a step that answers may use of a conversation: its owner's, and of one companion alone."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hatchery.types.v1.persona_pb2 import Persona


@dataclass(frozen=True, slots=True)
class Said:
    """A message: its number, who said it, and what."""

    number: int
    by_person: bool
    text: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """A memory: its id, and what it says."""

    id: uuid.UUID
    text: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """A conversation up to the message that is answered.

    `messages` are those after the ones that the summary stands for, which end at number
    `summarized`.
    """

    agent: uuid.UUID
    persona: Persona
    summary: str
    summarized: int
    messages: Sequence[Said]


class Talk(Protocol):
    """One message of a conversation, and what belongs to it. No argument names anybody else's."""

    @property
    def conversation(self) -> uuid.UUID:
        """The conversation."""
        ...

    @property
    def number(self) -> int:
        """The number of the message that is answered."""
        ...

    async def exchange(self) -> Exchange:
        """The conversation as it stands. Raises ResourceNotFound where it or the agent is gone."""
        ...

    async def memories(self) -> Sequence[Remembered]:
        """What the companion remembers, the latest first."""
        ...

    async def elsewhere(self) -> Sequence[Said]:
        """The latest messages of its other conversations with the same person."""
        ...

    async def redraw(self, style: str) -> str:
        """Begins a new portrait, once however often it is called; the name of its generation.

        Raises what RegenerateAvatar documents.
        """
        ...
