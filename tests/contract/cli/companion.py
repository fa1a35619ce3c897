"""A gateway that plays one companion: its stories are a test's, kept, and told again on demand."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
from hatchery.gateway.v1 import (
    agent_service_pb2_grpc,
    conversation_service_pb2_grpc,
    generation_service_pb2_grpc,
)
from hatchery.gateway.v1 import conversation_service_pb2 as pb
from hatchery.gateway.v1.agent_service_pb2 import Agent, GetAgentRequest, ListAgentsResponse
from hatchery.gateway.v1.conversation_service_pb2 import Conversation, Memory, Message
from hatchery.gateway.v1.generation_service_pb2 import CancelGenerationResponse, Generation
from hatchery.progress.v1.progress_pb2 import Progress
from hatchery.types.v1.persona_pb2 import Persona

from tests.support.terminal import Terminal, terminal
from tests.unit.cli import events as e
from tests.unit.cli import talks as t

Story = Callable[[], list[Progress]]

MARI = Agent(
    name=e.AGENT,
    persona=Persona(name="Marisol", species="water dragon", greeting="Oh! You are here."),
)
OWL = Agent(name="agents/2b0f2c1e-8e0c-4a8e-9d3e-0123456789ab", persona=Persona(name="Olwen"))


class Companion:
    """What was asked of it, and what it does about it."""

    def __init__(self, story: Story = t.talking) -> None:
        self.story = story
        self.hold = 0  # stands still after so many events, until it is cancelled or let go
        self.drop = 0  # breaks the first stream off after so many events
        self.drops_with = grpc.StatusCode.UNAVAILABLE
        self.away = 0  # so many times, nobody can say what a generation is
        self.going = asyncio.Event()
        self.cancelled: list[str] = []
        self.said: list[pb.SendMessageRequest] = []
        self.retried: list[Any] = []
        self.watched: list[int] = []
        self.agents: Sequence[Agent] = [OWL, MARI]
        self.conversation = Conversation(
            name=t.CONVERSATION, agent=e.AGENT, title="Tea", summary="They like tea.",
            summarized_messages=12, etag="one",
        )  # fmt: skip
        self.messages = [
            Message(name=t.REPLY, author=Message.AUTHOR_COMPANION, text="With milk?",
                    generation=e.GENERATION),
            Message(name=t.MESSAGE, author=Message.AUTHOR_PERSON, text="I like tea."),
        ]  # fmt: skip
        self.memories = [Memory(name=f"memories/{n}", text=f"memory {n}") for n in range(3)]
        self.asked: list[Any] = []

    async def tell(self, context: Any, after: int = 0) -> None:
        """Tell the story after a sequence, until it is cancelled or broken off."""
        for event in self.story():
            if event.sequence <= after:
                continue
            if self.drop and event.sequence > self.drop:
                self.drop = 0
                await context.abort(self.drops_with, "gone")
            if self.hold and event.sequence > self.hold:
                await self.going.wait()
                if self.cancelled:
                    end = e.cancelled()
                    end.generation, end.sequence = e.GENERATION, self.hold + 1
                    await context.write(end)
                    return
            await context.write(event)


class _Conversations(conversation_service_pb2_grpc.ConversationServiceServicer):
    def __init__(self, companion: Companion) -> None:
        self._one = companion

    async def SendMessage(self, request: pb.SendMessageRequest, context: Any) -> None:
        self._one.said.append(request)
        await self._one.tell(context)

    async def GetConversation(self, request: Any, context: Any) -> Conversation:
        return self._one.conversation

    async def ListConversations(self, request: Any, context: Any) -> Any:
        return pb.ListConversationsResponse(conversations=[self._one.conversation])

    async def UpdateConversation(self, request: Any, context: Any) -> Conversation:
        self._one.asked.append(request)
        return self._one.conversation

    async def DeleteConversation(self, request: Any, context: Any) -> Any:
        self._one.asked.append(request)
        return pb.DeleteConversationResponse()

    async def ListMessages(self, request: Any, context: Any) -> Any:
        return pb.ListMessagesResponse(messages=self._one.messages)

    async def ListMemories(self, request: Any, context: Any) -> Any:
        self._one.asked.append(request)
        return pb.ListMemoriesResponse(memories=self._one.memories)

    async def DeleteMemory(self, request: Any, context: Any) -> Any:
        self._one.asked.append(request)
        return pb.DeleteMemoryResponse()


class _Generations(generation_service_pb2_grpc.GenerationServiceServicer):
    def __init__(self, companion: Companion) -> None:
        self._one = companion

    async def WatchGeneration(self, request: Any, context: Any) -> None:
        self._one.watched.append(request.starting_after)
        await self._one.tell(context, request.starting_after)

    async def RetryGeneration(self, request: Any, context: Any) -> None:
        self._one.retried.append(request)
        await self._one.tell(context)

    async def CancelGeneration(self, request: Any, context: Any) -> Any:
        self._one.cancelled.append(request.name)
        self._one.going.set()
        return CancelGenerationResponse()

    async def GetGeneration(self, request: Any, context: Any) -> Generation:
        if self._one.away:
            self._one.away -= 1
            await context.abort(grpc.StatusCode.UNAVAILABLE, "away")
        return Generation(name=request.name, conversation=t.CONVERSATION, message=t.MESSAGE)


class _Agents(agent_service_pb2_grpc.AgentServiceServicer):
    def __init__(self, companion: Companion) -> None:
        self._one = companion

    async def GetAgent(self, request: GetAgentRequest, context: Any) -> Agent:
        for agent in self._one.agents:
            if agent.name == request.name:
                return agent
        await context.abort(grpc.StatusCode.NOT_FOUND, "there is no such agent")
        raise AssertionError

    async def ListAgents(self, request: Any, context: Any) -> ListAgentsResponse:
        return ListAgentsResponse(agents=self._one.agents)


@asynccontextmanager
async def playing(companion: Companion) -> AsyncIterator[str]:
    """A server for it, at the address that is given."""
    server = grpc.aio.server()
    conversation_service_pb2_grpc.add_ConversationServiceServicer_to_server(
        _Conversations(companion), server
    )
    generation_service_pb2_grpc.add_GenerationServiceServicer_to_server(
        _Generations(companion), server
    )
    agent_service_pb2_grpc.add_AgentServiceServicer_to_server(_Agents(companion), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(0)


async def talk(address: str, tell: Callable[[Terminal], None], *arguments: str) -> Terminal:
    """The command in a terminal, and what a person does there."""
    program = str(Path(sys.executable).with_name("hatchery"))
    environment = {**os.environ, "HATCHERY_ADDRESS": address, "HATCHERY_TOKEN": ""}

    def sit() -> Terminal:
        with terminal([program, "chat", *arguments], environment) as screen:
            screen.until("You: ")
            tell(screen)
            assert 0 == screen.end()
            return screen

    return await asyncio.to_thread(sit)
