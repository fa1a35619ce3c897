"""What a step has stored, in the transaction of its end: data alone."""

import hashlib
from dataclasses import dataclass

from hatchery.gateway.v1.artifact_service_pb2 import Artifact
from hatchery.progress.v1.progress_pb2 import Fallback
from hatchery.types.v1.cost_pb2 import Cost
from hatchery.types.v1.image_pb2 import ImageRef
from hatchery.types.v1.persona_pb2 import Persona
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


Effect = StoreAsset | StoreAgent | SetPortrait | DropUpload | StoreArtifact
