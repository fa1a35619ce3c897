"""`generations`: what is being made, and what was."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import click
from hatchery.gateway.v1 import generation_service_pb2 as pb

from clients.cli.commands.feedback import rate
from clients.cli.commands.hatch import watching
from clients.cli.commands.listing import json_option, listing_options, pages
from clients.cli.commands.options import telling_options
from clients.cli.commands.steering import cancel, pause, resume
from clients.cli.names import generation_name
from clients.cli.outcomes import Wishes
from clients.cli.server import Server, speaks_to_server
from clients.cli.show.snapshot import lines, state
from clients.cli.show.tables import show_json, show_table, when
from clients.cli.telling import tell
from clients.cli.tries import earlier
from clients.cli.wording import FROM_PICTURE, clean

STATES = tuple(
    name.removeprefix("STATE_").lower() for name, number in pb.Generation.State.items() if number
)


@click.group()
def generations() -> None:
    """What is being made, and what was.

    cancel, pause, resume and retry end with 0 where it then is as was asked for, and with 1 where
    that cannot be: what has ended is neither paused nor resumed, what has not is not retried.
    """


@generations.command(name="list")
@click.option("--state", "states", multiple=True, type=click.Choice(STATES),
              help="Only those in this state; may be given several times.")  # fmt: skip
@listing_options
@speaks_to_server
def list_generations(server: Server, states: tuple[str, ...], limit: int, as_json: bool) -> None:
    """List generations, the newest first."""
    wanted = [pb.Generation.State.Value(f"STATE_{state.upper()}") for state in states]

    def page(size: int, token: str) -> pb.ListGenerationsResponse:
        request = pb.ListGenerationsRequest(page_size=size, page_token=token, states=wanted)
        answer: pb.ListGenerationsResponse = server.ask(server.generations.ListGenerations, request)
        return answer

    found: Iterator[pb.Generation] = pages(page, lambda answer: answer.generations, limit)
    if as_json:
        show_json(found)
        return
    show_table(
        ("From", "State", "Begun", "Name"),
        (
            (each.description or FROM_PICTURE, state(each), when(each.create_time), each.name)
            for each in found
        ),
        empty='None yet: hatchery hatch "a shy water dragon who loves books"',
    )


@generations.command(name="show")
@click.argument("name")
@json_option
@speaks_to_server
def show_generation(server: Server, name: str, as_json: bool) -> None:
    """Show where a generation stands: its steps, its texts, its end."""
    request = pb.GetGenerationRequest(name=generation_name(name))
    found: pb.Generation = server.ask(server.generations.GetGeneration, request)
    if as_json:
        show_json([found])
        return
    for line in lines(found, earlier(server, found)):
        click.echo(line)


@generations.command()
@click.argument("name")
@click.option(
    "--from-step",
    default="",
    metavar="STEP",
    help="The step to begin at, such as avatar; by default the first unfinished one.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    metavar="N",
    help="Another seed than the first time.",
)
@telling_options
@speaks_to_server
def retry(
    server: Server,
    *,
    name: str,
    from_step: str,
    seed: int | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Try again what has ended; what it had finished is kept."""
    request = pb.RetryGenerationRequest(
        name=generation_name(name), request_id=str(uuid.uuid4()), from_step=from_step, seed=seed
    )
    wishes = Wishes(f"{clean(request.name)} again", as_json, output)
    call = lambda: server.generations.RetryGeneration(request, metadata=server.metadata)  # noqa: E731
    raise SystemExit(tell(server, watching(server, call), wishes))


for command in (cancel, pause, resume, rate):
    generations.add_command(command)
