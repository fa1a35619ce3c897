"""`generations rate`: how satisfied one is."""

import click
from hatchery.gateway.v1 import generation_service_pb2 as pb

from clients.cli.commands.listing import json_option
from clients.cli.names import generation_name
from clients.cli.server import Server, speaks_to_server
from clients.cli.show.snapshot import rated
from clients.cli.show.tables import show_json


@click.command()
@click.argument("name")
@click.argument("stars", type=click.IntRange(0, 5))
@click.option("--step", default="", metavar="STEP", help="What is rated, such as avatar; else all.")
@click.option("--comment", default="", metavar="TEXT", help="Why.")
@json_option
@speaks_to_server
def rate(server: Server, *, name: str, stars: int, step: str, comment: str, as_json: bool) -> None:
    """Say how you like what came of a generation: 1 (not at all) to 5 (very); 0 takes it back."""
    request = pb.RateGenerationRequest(
        name=generation_name(name), stars=stars, step=step, comment=comment
    )
    found: pb.Generation = server.ask(server.generations.RateGeneration, request)
    if as_json:
        show_json([found])
        return
    for rating in found.ratings:
        click.echo(rated(rating))
