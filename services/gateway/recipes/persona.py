"""A first version, to be replaced."""

from collections.abc import Mapping
from typing import Any

from hatchery.llm.v1.llm_service_pb2 import GenerateRequest, Message
from hatchery.types.v1.persona_pb2 import Appearance, Persona


def persona_request(description: str, *, model: str, seed: int | None) -> GenerateRequest:
    """What is asked of the llm service."""
    return GenerateRequest(
        model=model,
        messages=[Message(role=Message.ROLE_USER, content=description)],
        seed=seed,
    )


def persona_from(document: Mapping[str, Any], description: str) -> Persona:
    """The persona in a document."""
    return Persona(
        name=document["name"],
        species=document["species"],
        traits=document["traits"],
        backstory=document["backstory"],
        greeting=document["greeting"],
        appearance=Appearance(coat=document["coat"], eyes=document["eyes"]),
    )
