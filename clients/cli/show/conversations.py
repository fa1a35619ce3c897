"""Conversations, messages and memories as lines."""

from collections.abc import Iterable, Iterator

from hatchery.gateway.v1.conversation_service_pb2 import Memory, Message
from hatchery.gateway.v1.generation_service_pb2 import Generation

from clients.cli.show import telling
from clients.cli.show.tables import when
from clients.cli.wording import clean, clean_prose

YOU = "You"


def message_lines(message: Message, companion: str) -> Iterator[str]:
    """Yield what was said and by whom, and what a companion did besides."""
    is_reply = message.author == Message.AUTHOR_COMPANION
    first, *others = clean_prose(message.text).split("\n")
    yield f"{clean(companion) if is_reply else YOU}: {first}"
    yield from others
    if is_reply:
        for action in message.actions:
            if said := clean(action.details):
                yield f"  {said}"
    elif message.state not in (Generation.STATE_COMPLETED, Generation.STATE_UNSPECIFIED):
        yield f"  ({_unanswered(message)})"


def _unanswered(message: Message) -> str:
    match message.state:
        case Generation.STATE_FAILED | Generation.STATE_CANCELLED:
            return f"no reply: that {_ENDS[message.state]}"
    return f"no reply yet: {telling.state(message.state)}"


_ENDS = {Generation.STATE_FAILED: "failed", Generation.STATE_CANCELLED: "was stopped"}


def memory_lines(memories: Iterable[Memory]) -> Iterator[str]:
    """Yield numbered memories."""
    for number, memory in enumerate(memories, 1):
        yield f"{number:>3}  {clean(memory.text)}  ({when(memory.create_time)})"
