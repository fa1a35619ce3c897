"""`generations rate` and `stats`: how satisfied one is, and where that shows."""

import click
from hatchery.gateway.v1 import generation_service_pb2 as pb

from clients.cli.commands.listing import json_option
from clients.cli.names import generation_name
from clients.cli.server import Server, speaks_to_server
from clients.cli.show.tables import show_json, show_table
from clients.cli.wording import clean, count, duration


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


@click.command()
@json_option
@speaks_to_server
def stats(server: Server, as_json: bool) -> None:
    """Show how often things were made, how long they took, and how they were liked."""
    request = pb.QueryGenerationStatsRequest()
    told: pb.QueryGenerationStatsResponse = server.ask(
        server.generations.QueryGenerationStats, request
    )
    if as_json:
        show_json([told])
        return
    show_table(
        ("Recipe", "Begun", "Completed", "Failed", "Stopped", "Liked"),
        (
            (
                one.recipe,
                str(one.generations),
                str(one.completed),
                str(one.failed),
                str(one.cancelled),
                _liked(one.satisfaction),
            )
            for one in told.recipes
        ),
        empty="Nothing has been made yet.",
    )
    if not told.steps:
        return
    click.echo()
    show_table(
        ("Step", "By", "Done", "Half within", "9 in 10 within", "Liked"),
        (
            (
                one.step,
                f"{one.model} ({one.engine})" if one.engine else "",
                str(one.completed),
                duration(one.median_duration.ToNanoseconds() / 1e9),
                duration(one.p90_duration.ToNanoseconds() / 1e9),
                _liked(one.satisfaction),
            )
            for one in told.steps
        ),
        empty="",
    )


def rated(rating: pb.Rating) -> str:
    """Return "avatar: 4 of 5, a fine tail"."""
    said = f", {clean(rating.comment)}" if rating.comment else ""
    return f"{clean(rating.step) or 'all'}: {rating.stars} of 5{said}"


def _liked(satisfaction: pb.Satisfaction) -> str:
    if not satisfaction.ratings:
        return ""
    return f"{satisfaction.mean_stars:.1f} of {count(satisfaction.ratings, 'ratings')}"
