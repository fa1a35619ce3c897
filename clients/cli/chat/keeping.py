"""What is kept of conversations: asked for, put right, and forgotten. All of it raises Problem."""

from collections.abc import Iterator
from typing import Any

from hatchery.gateway.v1 import conversation_service_pb2 as pb
from hatchery.gateway.v1.conversation_service_pb2 import Conversation, Memory, Message

from clients.cli.commands.listing import pages
from clients.cli.server import Server
from clients.cli.wording import clean_lines, count


def messages(server: Server, conversation: str, limit: int = 0) -> Iterator[Message]:
    """Yield what was said, the latest first."""

    def page(size: int, token: str) -> Any:
        request = pb.ListMessagesRequest(
            conversation=conversation, page_size=size, page_token=token
        )
        return server.ask(server.conversations.ListMessages, request)

    return pages(page, lambda answer: answer.messages, limit)


def memories(server: Server, agent: str = "", query: str = "", limit: int = 0) -> Iterator[Memory]:
    """Yield what is remembered, the latest first; of a query, the best first."""

    def page(size: int, token: str) -> Any:
        request = pb.ListMemoriesRequest(agent=agent, query=query, page_size=size, page_token=token)
        return server.ask(server.conversations.ListMemories, request)

    return pages(page, lambda answer: answer.memories, limit)


def forget(server: Server, memory: str) -> None:
    """Delete a memory."""
    server.ask(server.conversations.DeleteMemory, pb.DeleteMemoryRequest(name=memory))


def correct_summary(server: Server, found: Conversation, text: str) -> Conversation:
    """Put a summary right, unless it has changed since it was read."""
    request = pb.UpdateConversationRequest(name=found.name, summary=text, etag=found.etag)
    changed: Conversation = server.ask(server.conversations.UpdateConversation, request)
    return changed


def summary_told(found: Conversation) -> str:
    """Return the summary, and how much it stands for."""
    if not found.summary:
        return "There is no summary: all that was said is read word by word."
    of = count(found.summarized_messages, "earliest messages")
    return f"Of the {of}:\n{clean_lines(found.summary)}"
