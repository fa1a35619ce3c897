"""`comparisons`: several models side by side."""

import click

from clients.cli.commands.listing import json_option
from clients.cli.comparing import get
from clients.cli.names import comparison_name
from clients.cli.server import Server, speaks_to_server
from clients.cli.show import comparison as shown
from clients.cli.show.tables import show_json, when
from clients.cli.wording import beginning, clean


@click.group()
def comparisons() -> None:
    """Several models side by side; `write` with more than one --model makes them."""


@comparisons.command(name="show")
@click.argument("name")
@json_option
@speaks_to_server
def show_comparison(server: Server, name: str, as_json: bool) -> None:
    """Show how far each model is, how fast it writes, and what came of it."""
    found = get(server, comparison_name(name))
    if as_json:
        show_json([found])
        return
    click.echo(beginning(found.prompt))
    shown.show_entries(found)
    click.echo(f"Begun: {when(found.create_time)}")
    click.echo(f"Name:  {clean(found.name)}")
