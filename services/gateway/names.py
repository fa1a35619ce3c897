"""Resource names as AIP writes them, `agents/{uuid}`, and the ids behind them."""

import uuid
from typing import NewType

AgentId = NewType("AgentId", uuid.UUID)
ArtifactId = NewType("ArtifactId", uuid.UUID)
ComparisonId = NewType("ComparisonId", uuid.UUID)
ConversationId = NewType("ConversationId", uuid.UUID)
GenerationId = NewType("GenerationId", uuid.UUID)
Owner = NewType("Owner", str)


def agent_name(agent: uuid.UUID) -> str:
    """The name of an agent."""
    return f"agents/{agent}"


def generation_name(generation: uuid.UUID) -> str:
    """The name of a generation."""
    return f"generations/{generation}"


def artifact_name(artifact: uuid.UUID) -> str:
    """The name of an artifact."""
    return f"artifacts/{artifact}"


def comparison_name(comparison: uuid.UUID) -> str:
    """The name of a comparison."""
    return f"comparisons/{comparison}"


def recipe_name(id_: str) -> str:
    """The name of a recipe that was installed."""
    return f"recipes/{id_}"


def asset_name(digest: bytes) -> str:
    """The name of an asset, from the SHA-256 of its bytes."""
    return f"assets/{digest.hex()}"


def agent_id(name: str) -> AgentId:
    """The id within a name that the proto's rules let pass."""
    return AgentId(uuid.UUID(name.removeprefix("agents/")))


def artifact_id(name: str) -> ArtifactId:
    """The id within a name that the proto's rules let pass."""
    return ArtifactId(uuid.UUID(name.removeprefix("artifacts/")))


def comparison_id(name: str) -> ComparisonId:
    """The id within a name that the proto's rules let pass."""
    return ComparisonId(uuid.UUID(name.removeprefix("comparisons/")))


def generation_id(name: str) -> GenerationId:
    """The id within a name that the proto's rules let pass."""
    return GenerationId(uuid.UUID(name.removeprefix("generations/")))


def asset_digest(name: str) -> bytes:
    """The digest within a name that the proto's rules let pass."""
    return bytes.fromhex(name.removeprefix("assets/"))


def template_name(id_: str, version: int = 0) -> str:
    """The name of a template; of one version of it, where one is given."""
    return f"templates/{id_}@{version}" if version else f"templates/{id_}"


def template_id(name: str) -> tuple[str, int]:
    """The id and the version, 0 for none, within a name that the proto's rules let pass."""
    id_, _, version = name.removeprefix("templates/").partition("@")
    return id_, int(version or 0)


def conversation_name(conversation: uuid.UUID) -> str:
    """The name of a conversation."""
    return f"conversations/{conversation}"


def conversation_id(name: str) -> ConversationId:
    """The id within a name that the proto's rules let pass."""
    return ConversationId(uuid.UUID(name.removeprefix("conversations/")))


def message_name(conversation: uuid.UUID, number: int) -> str:
    """The name of a message."""
    return f"{conversation_name(conversation)}/messages/{number}"


def memory_name(memory: uuid.UUID) -> str:
    """The name of a memory."""
    return f"memories/{memory}"


def memory_id(name: str) -> uuid.UUID:
    """The id within a name that the proto's rules let pass."""
    return uuid.UUID(name.removeprefix("memories/"))
