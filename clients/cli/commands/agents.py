"""`agents`: the companions that are kept."""

from collections.abc import Iterator
from pathlib import Path

import click
from hatchery.gateway.v1 import agent_service_pb2 as pb

from clients.cli import portraits
from clients.cli.commands.cards import export_card, import_card
from clients.cli.commands.hatch import redraw
from clients.cli.commands.listing import json_option, listing_options, pages
from clients.cli.commands.options import output_option
from clients.cli.names import agent_name, short
from clients.cli.problems import Problem
from clients.cli.server import Server, speaks_to_server
from clients.cli.show.card import show
from clients.cli.show.tables import show_json, show_table, when
from clients.cli.wording import beginning, clean, to_do


@click.group()
def agents() -> None:
    """The companions that are kept."""


@agents.command(name="list")
@click.option("--deleted", is_flag=True, help="Also the deleted ones.")
@listing_options
@speaks_to_server
def list_agents(server: Server, deleted: bool, limit: int, as_json: bool) -> None:
    """List companions, the newest first."""

    def page(size: int, token: str) -> pb.ListAgentsResponse:
        request = pb.ListAgentsRequest(page_size=size, page_token=token, show_deleted=deleted)
        answer: pb.ListAgentsResponse = server.ask(server.agents.ListAgents, request)
        return answer

    found: Iterator[pb.Agent] = pages(page, lambda answer: answer.agents, limit)
    if as_json:
        show_json(found)
        return
    show_table(
        ("Who", "Species", "Hatched", "Name"),
        (
            (
                agent.persona.name,
                agent.persona.species,
                when(agent.create_time) + (" deleted" if agent.HasField("delete_time") else ""),
                agent.name,
            )
            for agent in found
        ),
        empty='None yet: hatchery hatch "a shy water dragon who loves books"',
    )


@agents.command(name="show")
@click.argument("name")
@json_option
@speaks_to_server
def show_agent(server: Server, name: str, as_json: bool) -> None:
    """Show a companion's card."""
    agent = _get(server, name)
    if as_json:
        show_json([agent])
        return
    show(agent, data=portraits.download(server, agent), house=server.house)
    if agent.HasField("delete_time"):
        click.echo(f"Deleted:  {when(agent.delete_time)}")
    click.echo(f"From:     {beginning(agent.description)}")
    since = when(agent.create_time)
    if agent.generation:
        click.echo(f"Hatched:  {since} in {clean(agent.generation)}")
    else:
        click.echo(f"Imported: {since}")


@agents.command()
@click.argument("name")
@json_option
@speaks_to_server
def delete(server: Server, name: str, as_json: bool) -> None:
    """Delete a companion; `undelete` brings it back. To delete it again is no failure."""
    request, again = pb.DeleteAgentRequest(name=agent_name(name)), False
    try:
        agent = server.ask(server.agents.DeleteAgent, request)
    except Problem as refusal:
        agent, again = _get(server, name), True  # which finds deleted ones too
        if not agent.HasField("delete_time"):
            raise refusal from None
    if as_json:
        show_json([agent])
        return
    who = clean(agent.persona.name)
    done = f"{who} was deleted already." if again else f"Deleted {who}."
    back = f"hatchery agents undelete {short(agent.name)}{server.there}"
    click.echo(done + to_do("to bring it back", back))


@agents.command()
@click.argument("name")
@json_option
@speaks_to_server
def undelete(server: Server, name: str, as_json: bool) -> None:
    """Bring a deleted companion back."""
    request = pb.UndeleteAgentRequest(name=agent_name(name))
    agent = server.ask(server.agents.UndeleteAgent, request)
    if as_json:
        show_json([agent])
        return
    click.echo(f"{clean(agent.persona.name)} is back.")


@agents.command()
@click.argument("name")
@output_option()
@speaks_to_server
def portrait(server: Server, name: str, output: Path | None) -> None:
    """Download a companion's portrait, and print where it lies."""
    agent = _get(server, name)
    click.echo(portraits.save(server, agent, portraits.download(server, agent), output))


for command in (redraw, export_card, import_card):
    agents.add_command(command)


def _get(server: Server, name: str) -> pb.Agent:
    request = pb.GetAgentRequest(name=agent_name(name))
    agent: pb.Agent = server.ask(server.agents.GetAgent, request)
    return agent
