"""A text engine that thinks what a test says, and what tests ask of a conversation."""

import asyncio
from collections.abc import Mapping
from typing import Any

from google.protobuf.struct_pb2 import Struct
from hatchery.gateway.v1 import conversation_service_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted
from hatchery.types.v1.usage_pb2 import Usage

from services.runtime.engine_stream import Emit
from tests.support.gateway import Client
from tests.support.scripted import Engines, document_for, write_persona

STEPS = (
    "start",
    "context",
    "analyzing",
    "planning",
    "validation",
    "execution",
    "memory",
    "completion",
)


def thinks(engines: Engines, **thoughts: Any) -> None:
    """Has the text engine think so of every message; else it writes as it does."""

    async def write(request: Any, emit: Emit) -> StepCompleted:
        if not request.HasField("response_format"):
            return await write_persona(request, emit)
        wanted = {name: thoughts.get(name, value) for name, value in document_for(request).items()}
        document = Struct()
        document.update(wanted)
        return StepCompleted(document=document, usage=Usage(engine="scripted", model="script"))

    engines.text = write


class Held:
    """A text engine that holds its replies until it is let go."""

    def __init__(self, engines: Engines) -> None:
        self.came = asyncio.Event()
        self.go = asyncio.Event()
        engines.text = self.write

    async def write(self, request: Any, emit: Emit) -> StepCompleted:
        """Writes, a reply only when it may."""
        if not request.HasField("response_format"):
            self.came.set()
            await self.go.wait()
        return await write_persona(request, emit)


def planned(action: str, **arguments: str) -> Mapping[str, Any]:
    """An action as a model plans it."""
    return {"action": action, "arguments": arguments, "reason": "they asked"}


def result(story: list[Progress], step: str) -> StepCompleted:
    """The latest end of a step."""
    return [e.step_completed for e in story if e.step == step and e.HasField("step_completed")][-1]


async def companion(client: Client) -> str:
    """Hatches one; its name."""
    return (await client.hatch())[-1].completed.resource


def conversation_of(story: list[Progress]) -> str:
    """The conversation of an answer that was completed."""
    return story[-1].completed.resource.partition("/messages/")[0]


async def found_conversation(client: Client, name: str) -> pb.Conversation:
    """The conversation of that name, as it is now."""
    found: pb.Conversation = await client.conversations.GetConversation(
        pb.GetConversationRequest(name=name), metadata=client.metadata
    )
    return found


async def messages(client: Client, conversation: str) -> list[pb.Message]:
    """What was said, in order."""
    request = pb.ListMessagesRequest(conversation=conversation)
    response = await client.conversations.ListMessages(request, metadata=client.metadata)
    return list(response.messages)[::-1]


async def memories(client: Client, agent: str = "", query: str = "") -> list[pb.Memory]:
    """What is remembered."""
    request = pb.ListMemoriesRequest(agent=agent, query=query)
    response = await client.conversations.ListMemories(request, metadata=client.metadata)
    return list(response.memories)
