"""`conversations`: what was said, and what stands for it."""

import click
from hatchery.gateway.v1 import conversation_service_pb2 as pb

from clients.cli.chat import keeping
from clients.cli.chat.companions import companion, conversation, get_companion
from clients.cli.chat.companions import conversations as found_all
from clients.cli.commands.listing import json_option, listing_options
from clients.cli.server import Server, speaks_to_server
from clients.cli.show.conversations import message_lines
from clients.cli.show.tables import show_json, show_table, when
from clients.cli.wording import clean


@click.group()
def conversations() -> None:
    """What was said with companions; `chat` says more.

    A conversation is named by its id, or by a part of that or of its title.
    """


@conversations.command(name="list")
@click.option("--agent", default="", metavar="COMPANION", help="Only those with this one.")
@listing_options
@speaks_to_server
def list_conversations(server: Server, agent: str, limit: int, as_json: bool) -> None:
    """List conversations, the one with the latest message first."""
    found = found_all(server, companion(server, agent).name if agent else "", limit)
    if as_json:
        show_json(found)
        return
    show_table(
        ("Title", "Messages", "Latest", "Name"),
        ((each.title, str(each.messages), when(each.update_time), each.name) for each in found),
        empty="None yet: hatchery chat",
    )


@conversations.command(name="show")
@click.argument("name")
@listing_options
@speaks_to_server
def show_conversation(server: Server, name: str, limit: int, as_json: bool) -> None:
    """Show what was said; with --limit, the latest N messages.

    As proto-JSON, the conversation and then its messages, in their order.
    """
    found = conversation(server, name)
    said = list(keeping.messages(server, found.name, limit))[::-1]
    if as_json:
        show_json([found, *said])
        return
    who = get_companion(server, found.agent).persona.name
    click.echo(clean(found.title))
    for message in said:
        for line in message_lines(message, who):
            click.echo(line)
    click.echo(f"With:  {clean(who)}, {clean(found.agent)}")
    click.echo(f"Begun: {when(found.create_time)}")
    click.echo(f"Name:  {clean(found.name)}")


@conversations.command(name="rename")
@click.argument("name")
@click.argument("title", nargs=-1, required=True)
@json_option
@speaks_to_server
def rename_conversation(server: Server, name: str, title: tuple[str, ...], as_json: bool) -> None:
    """Give a conversation another title."""
    found = conversation(server, name)
    request = pb.UpdateConversationRequest(name=found.name, title=" ".join(title), etag=found.etag)
    changed: pb.Conversation = server.ask(server.conversations.UpdateConversation, request)
    if as_json:
        show_json([changed])
        return
    click.echo(f"It is called {clean(changed.title)} now.")


@conversations.command(name="summary")
@click.argument("name")
@click.argument("text", nargs=-1)
@click.option("--clear", is_flag=True, help="Leave nothing of it.")
@json_option
@speaks_to_server
def summarize(
    server: Server, *, name: str, text: tuple[str, ...], clear: bool, as_json: bool
) -> None:
    """Show what stands for what was said long ago; with a TEXT, put it right.

    The companion reads it in place of the earliest messages.
    """
    if clear and text:
        raise click.UsageError("--clear and a TEXT exclude one another")
    found = conversation(server, name)
    if clear or text:
        found = keeping.correct_summary(server, found, " ".join(text))
    if as_json:
        show_json([found])
        return
    click.echo(keeping.summary_told(found))


@conversations.command(name="delete")
@click.argument("name")
@json_option
@speaks_to_server
def delete_conversation(server: Server, name: str, as_json: bool) -> None:
    """Delete a conversation for good, with its messages, its memories and their generations."""
    found = conversation(server, name)
    request = pb.DeleteConversationRequest(name=found.name)
    answer: pb.DeleteConversationResponse = server.ask(
        server.conversations.DeleteConversation, request
    )
    if as_json:
        show_json([answer])
        return
    click.echo(f"Deleted {clean(found.title)}, and what was remembered of it.")
