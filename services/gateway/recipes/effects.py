"""What a step has stored, in the transaction of its end: data alone."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from hatchery.gateway.v1.artifact_service_pb2 import Artifact
from hatchery.progress.v1.progress_pb2 import Fallback
from hatchery.types.v1.cost_pb2 import Cost
from hatchery.types.v1.image_pb2 import ImageRef
from hatchery.types.v1.persona_pb2 import Persona
from hatchery.types.v1.thought_pb2 import Reply
from hatchery.types.v1.usage_pb2 import Usage


@dataclass(frozen=True, slots=True)
class StoreAsset:
    """Keeps the bytes of a picture."""

    data: bytes
    media_type: str

    @property
    def digest(self) -> bytes:
        """The SHA-256 by which it is addressed."""
        return hashlib.sha256(self.data).digest()


@dataclass(frozen=True, slots=True)
class StoreAgent:
    """Keeps the agent that hatched.

    Where an earlier try has made it, it is changed; `keep_persona` leaves what its owner made of
    the persona since.
    """

    persona: Persona
    portrait: ImageRef
    fallback: Fallback | None
    keep_persona: bool


@dataclass(frozen=True, slots=True)
class SetPortrait:
    """Gives an agent another portrait."""

    portrait: ImageRef
    fallback: Fallback | None


@dataclass(frozen=True, slots=True)
class DropUpload:
    """Forgets the picture that came with the request, which is an asset now."""


@dataclass(frozen=True, slots=True)
class StoreArtifact:
    """Keeps what was written, in the place of what an earlier try has made."""

    kind: Artifact.Kind.ValueType
    title: str
    prompt: str
    content: str
    media_type: str
    usage: Usage | None
    cost: Cost | None
    fallback: Fallback | None


@dataclass(frozen=True, slots=True)
class StoreReply:
    """Keeps what a companion said and did, in the place of what an earlier try has said."""

    reply: Reply
    fallback: Fallback | None


@dataclass(frozen=True, slots=True)
class StoreMemory:
    """Has a companion remember something; what it remembers already is kept once."""

    id: uuid.UUID
    text: str

    @classmethod
    def of(cls, agent: uuid.UUID, text: str) -> "StoreMemory":
        """A memory of an agent: the same text is the same memory."""
        text = " ".join(text.replace("\0", "\ufffd").split())
        return cls(uuid.uuid5(agent, text.casefold()), text)


@dataclass(frozen=True, slots=True)
class DropMemories:
    """Forgets what an earlier try of the same message had remembered, but for what is named."""

    kept: Sequence[uuid.UUID]


@dataclass(frozen=True, slots=True)
class ChangeSheet:
    """Gives a field of the companion's sheet, by its name in words, another value."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class StoreSummary:
    """Keeps a summary of the messages up to a number, unless the one it was `read` from changed."""

    summary: str
    upto: int
    read: str


Effect = (
    StoreAsset
    | StoreAgent
    | SetPortrait
    | DropUpload
    | StoreArtifact
    | StoreReply
    | StoreMemory
    | DropMemories
    | ChangeSheet
    | StoreSummary
)
