"""`comparisons`: several models side by side."""

import click

from clients.cli.commands.listing import json_option, listing_options
from clients.cli.comparing import cut_off, every, get
from clients.cli.names import comparison_name
from clients.cli.server import Server, speaks_to_server
from clients.cli.show import comparison as shown
from clients.cli.show import telling
from clients.cli.show.tables import show_json, show_table, when
from clients.cli.wording import beginning, clean


@click.group()
def comparisons() -> None:
    """Several models side by side; `write` with more than one --model makes them."""


@comparisons.command(name="list")
@listing_options
@speaks_to_server
def list_comparisons(server: Server, limit: int, as_json: bool) -> None:
    """List comparisons, the newest first.

    As proto-JSON, the generations that each has.
    """
    found = every(server, limit)
    if as_json:
        show_json(one for each in found for one in each)
        return
    show_table(
        ("From", "Drafts", "States", "Begun", "Name"),
        (
            (
                each[0].description,
                str(len(each)),
                ", ".join(dict.fromkeys(telling.state(one.state) for one in each)),
                when(each[0].create_time),
                each[0].comparison,
            )
            for each in found
        ),
        empty='None yet: hatchery write "a poem" --model A --model B',
    )


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
    shown.show_entries(found, cut_off(server, found))
    click.echo(f"Begun: {when(found.create_time)}")
    click.echo(f"Name:  {clean(found.name)}")
