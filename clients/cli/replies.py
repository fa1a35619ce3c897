"""What a companion said, fetched and shown."""

from dataclasses import dataclass

import click
from hatchery.gateway.v1.conversation_service_pb2 import Message

from clients.cli.chat import keeping
from clients.cli.chat.companions import get_companion, get_conversation
from clients.cli.names import conversation_of
from clients.cli.server import Server
from clients.cli.show.conversations import message_lines


@dataclass(frozen=True)
class Said:
    """A reply, and who said it."""

    message: Message
    who: str
    trouble: str = ""

    def show(self) -> None:
        """Print it."""
        for line in message_lines(self.message, self.who):
            click.echo(line)


def fetch(server: Server, name: str) -> Said | None:
    """Fetch a reply; None where it is there no more. Raises Problem."""
    conversation = get_conversation(server, conversation_of(name))
    who = get_companion(server, conversation.agent).persona.name
    found = (one for one in keeping.messages(server, conversation.name) if one.name == name)
    message = next(found, None)
    return Said(message, who) if message is not None else None
