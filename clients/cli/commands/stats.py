"""`stats`: how often things were made, how well that went, and how it was liked."""

import datetime as dt

import click
from hatchery.gateway.v1 import generation_service_pb2 as pb

from clients.cli.commands.listing import json_option
from clients.cli.commands.times import Since
from clients.cli.server import Server, speaks_to_server
from clients.cli.show import periods
from clients.cli.show.display import in_terminal
from clients.cli.show.periods import LENGTHS
from clients.cli.show.statistics import budget, show_periods, show_tables
from clients.cli.show.tables import show_json


@click.command()
@click.option("--since", type=Since(), metavar="TIME",
              help="Only what was begun since then: 24h, 7d or 2026-11-01.")  # fmt: skip
@click.option("--by", "period", type=click.Choice(list(LENGTHS)),
              help="Also over time; in a terminal as plots.")  # fmt: skip
@json_option
@speaks_to_server
def stats(server: Server, since: dt.datetime | None, period: str | None, as_json: bool) -> None:
    """Show how often things were made, how long they took, and how they were liked.

    "Half within" and "9 in 10 within" are of what went well. What was expected is off by less than
    is said for half of the steps. Then where the time goes, how far apart the updates of each step
    come, and how soon they reach a client. With a budget, what is left of it.
    """
    request = pb.QueryGenerationStatsRequest()
    if since is not None:
        request.start_time.FromDatetime(since.astimezone(dt.UTC))
    if period is not None:
        request.period.FromTimedelta(LENGTHS[period])
    told: pb.QueryGenerationStatsResponse = server.ask(
        server.generations.QueryGenerationStats, request
    )
    if as_json:
        show_json([told])
        return
    if in_terminal():
        _draw(told, period)
        return
    show_tables(told)
    if period is not None and told.periods:
        show_periods(periods.told(told.periods), period)
    if told.HasField("budget"):
        click.echo(f"\nBudget\t{budget(told.budget)}")


def _draw(told: pb.QueryGenerationStatsResponse, period: str | None) -> None:
    from rich.console import Console  # noqa: PLC0415  # rich takes a while

    from clients.cli.show.overview import budget_bar, most_stretches, overview  # noqa: PLC0415

    console = Console(highlight=False, markup=False, emoji=False)
    if period is not None and told.periods:
        most = most_stretches(console)
        shown = periods.stretches(told.periods, LENGTHS[period], dt.datetime.now(dt.UTC), most)
        console.print(*overview(shown, period, console), sep="\n")
    show_tables(told)
    if told.HasField("budget"):
        console.print(*budget_bar(told.budget, console), sep="\n")
