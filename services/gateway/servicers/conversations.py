"""ConversationService: talks with companions, and what they remember."""

import asyncio
import uuid
from typing import Any

import grpc
from hatchery.gateway.v1 import conversation_service_pb2 as pb
from hatchery.gateway.v1.conversation_service_pb2_grpc import ConversationServiceServicer
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1.progress_pb2 import Fallback
from hatchery.types.v1.thought_pb2 import Reply

from services.gateway.conversing import Forgetter, Sender
from services.gateway.identity.callers import caller
from services.gateway.names import (
    agent_id,
    agent_name,
    conversation_id,
    conversation_name,
    generation_name,
    memory_id,
    memory_name,
    message_name,
)
from services.gateway.recipes.reply.relevance import ranked
from services.gateway.servicers.pages import page_size, page_token, place, within
from services.gateway.servicers.streams import until_stopping
from services.gateway.store.conversations import ConversationRow, Conversations, MessageRow
from services.gateway.store.memories import Memories, MemoryRow
from services.gateway.watch.watcher import Watcher
from services.gateway.workers import Workers
from services.runtime.errors import EtagMismatch, InvalidField, ResourceNotFound

Context = grpc.aio.ServicerContext[Any, Any]

# How many memories are looked through for a query.
_SEARCHED = 2000
# No message has a number as high as this.
_END = 2**31 - 1


class ConversationServicer(ConversationServiceServicer):
    """The RPCs of conversations. `stopping` ends the streams."""

    def __init__(
        self,
        conversations: Conversations,
        memories: Memories,
        watcher: Watcher,
        *,
        sender: Sender,
        forgetter: Forgetter,
        work: Workers,
        stopping: asyncio.Event,
    ) -> None:
        self._conversations = conversations
        self._memories = memories
        self._watcher = watcher
        self._sender = sender
        self._forgetter = forgetter
        self._work = work
        self._stopping = stopping

    async def SendMessage(  # type: ignore[override]  # it writes, and yields nothing
        self, request: pb.SendMessageRequest, context: Context
    ) -> None:
        """Accepts the generation and streams it."""
        generation = await self._sender.send(caller(), request)
        await until_stopping(self._stopping, self._watcher.watch(generation, 0, context.write))

    async def GetConversation(
        self, request: pb.GetConversationRequest, context: Context
    ) -> pb.Conversation:
        """Reads one conversation."""
        return _conversation(await self._conversations.get(conversation_id(request.name), caller()))

    async def ListConversations(
        self, request: pb.ListConversationsRequest, context: Context
    ) -> pb.ListConversationsResponse:
        """Reads a page of conversations."""
        size = page_size(request.page_size)
        agent = agent_id(request.agent) if request.agent else None
        rows = await self._conversations.page(caller(), agent, place(request.page_token), size + 1)
        found = list(within([_conversation(row) for row in rows[:size]]))
        last = rows[len(found) - 1] if len(rows) > len(found) else None
        return pb.ListConversationsResponse(
            conversations=found,
            next_page_token=page_token(last.update_time, last.id) if last else "",
        )

    async def UpdateConversation(
        self, request: pb.UpdateConversationRequest, context: Context
    ) -> pb.Conversation:
        """Changes the title, the summary or both."""
        id_ = conversation_id(request.name)
        there = await self._conversations.get(id_, caller())
        if request.etag and request.etag != str(there.version):
            raise EtagMismatch("the conversation has changed; read it again")
        row = await self._conversations.change(
            id_,
            caller(),
            there.version if request.etag else None,
            " ".join(request.title.split()) if request.HasField("title") else None,
            request.summary.strip() if request.HasField("summary") else None,
        )
        if row is None:
            await self._conversations.get(id_, caller())
            raise EtagMismatch("the conversation has changed; read it again")
        return _conversation(row)

    async def DeleteConversation(
        self, request: pb.DeleteConversationRequest, context: Context
    ) -> pb.DeleteConversationResponse:
        """Deletes one for good, with what came of it."""
        await self._forgetter.delete(conversation_id(request.name), caller())
        return pb.DeleteConversationResponse()

    async def ListMessages(
        self, request: pb.ListMessagesRequest, context: Context
    ) -> pb.ListMessagesResponse:
        """Reads a page of messages."""
        size, before = page_size(request.page_size), place(request.page_token)
        if before is not None and before[1].int > _END:
            raise InvalidField({"page_token": "is not a next_page_token of this list"})
        conversation = await self._conversations.get(
            conversation_id(request.conversation), caller()
        )
        rows = await self._conversations.messages(
            conversation.id, before[1].int if before else _END, size + 1
        )
        messages = list(within([_message(row) for row in rows[:size]]))
        last = rows[len(messages) - 1] if len(rows) > len(messages) else None
        return pb.ListMessagesResponse(
            messages=messages,
            next_page_token=(
                page_token(last.create_time, uuid.UUID(int=last.number)) if last else ""
            ),
        )

    async def ListMemories(
        self, request: pb.ListMemoriesRequest, context: Context
    ) -> pb.ListMemoriesResponse:
        """Reads a page of memories; of a query, the best."""
        size = page_size(request.page_size)
        agent = agent_id(request.agent) if request.agent else None
        if request.query.strip():
            rows = await self._memories.page(caller(), agent, None, _SEARCHED)
            found = await self._work(lambda: ranked(request.query, rows, key=lambda row: row.text))
            return pb.ListMemoriesResponse(memories=[_memory(row) for row, _ in found[:size]])
        rows = await self._memories.page(caller(), agent, place(request.page_token), size + 1)
        more = page_token(rows[size - 1].create_time, rows[size - 1].id) if rows[size:] else ""
        return pb.ListMemoriesResponse(
            memories=[_memory(row) for row in rows[:size]], next_page_token=more
        )

    async def DeleteMemory(
        self, request: pb.DeleteMemoryRequest, context: Context
    ) -> pb.DeleteMemoryResponse:
        """Deletes one for good."""
        if not await self._memories.delete(memory_id(request.name), caller()):
            raise ResourceNotFound(request.name)
        return pb.DeleteMemoryResponse()


def _conversation(row: ConversationRow) -> pb.Conversation:
    conversation = pb.Conversation(
        name=conversation_name(row.id),
        agent=agent_name(row.agent),
        title=row.title,
        summary=row.summary,
        summarized_messages=row.summarized,
        messages=row.messages,
        latest=row.latest,
        etag=str(row.version),
    )
    conversation.create_time.FromDatetime(row.create_time)
    conversation.update_time.FromDatetime(row.update_time)
    return conversation


def _message(row: MessageRow) -> pb.Message:
    by_person = row.number % 2 == 1
    message = pb.Message(
        name=message_name(row.conversation, row.number),
        author=pb.Message.AUTHOR_PERSON if by_person else pb.Message.AUTHOR_COMPANION,
        text=row.text,
        generation=generation_name(row.generation),
        state=Generation.State.Value(f"STATE_{row.state}"),
        actions=Reply.FromString(row.reply).actions if row.reply else None,
        fallback=Fallback.FromString(row.fallback) if row.fallback is not None else None,
    )
    message.create_time.FromDatetime(row.create_time)
    return message


def _memory(row: MemoryRow) -> pb.Memory:
    memory = pb.Memory(
        name=memory_name(row.id),
        agent=agent_name(row.agent),
        text=row.text,
        message=message_name(row.conversation, row.message),
    )
    memory.create_time.FromDatetime(row.create_time)
    return memory
