"""`memories`: what companions remember."""

import click
from hatchery.gateway.v1.conversation_service_pb2 import DeleteMemoryResponse

from clients.cli.chat import keeping
from clients.cli.chat.companions import companion
from clients.cli.commands.listing import json_option, listing_options
from clients.cli.names import memory_name
from clients.cli.server import Server, speaks_to_server
from clients.cli.show.tables import show_json, show_table, when
from clients.cli.wording import clean


@click.group()
def memories() -> None:
    """What companions remember of you."""


@memories.command(name="list")
@click.option("--query", default="", metavar="TEXT", help="Only what fits, the best first.")
@click.option("--agent", default="", metavar="COMPANION", help="Only what this one remembers.")
@listing_options
@speaks_to_server
def list_memories(server: Server, *, query: str, agent: str, limit: int, as_json: bool) -> None:
    """List what is remembered, the latest first."""
    name = companion(server, agent).name if agent else ""
    found = keeping.memories(server, name, query, limit)
    if as_json:
        show_json(found)
        return
    show_table(
        ("What", "Since", "Name"),
        ((each.text, when(each.create_time), each.name) for each in found),
        empty="Nothing that fits." if query else "Nothing yet.",
    )


@memories.command(name="delete")
@click.argument("name")
@json_option
@speaks_to_server
def delete_memory(server: Server, name: str, as_json: bool) -> None:
    """Let a companion forget."""
    keeping.forget(server, memory_name(name))
    if as_json:
        show_json([DeleteMemoryResponse()])
        return
    click.echo(f"Forgotten: {clean(memory_name(name))}.")
