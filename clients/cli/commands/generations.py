"""`generations`: what is being made, and what was."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import click
from hatchery.gateway.v1 import generation_service_pb2 as pb

from clients.cli.commands.feedback import rate, rated
from clients.cli.commands.hatch import watching
from clients.cli.commands.listing import json_option, listing_options, pages
from clients.cli.commands.options import telling_options
from clients.cli.commands.steering import cancel, pause, resume, state_name
from clients.cli.names import generation_name
from clients.cli.sentences import of_status
from clients.cli.server import Server, speaks_to_server
from clients.cli.show import telling
from clients.cli.show.tables import show_json, show_table, when
from clients.cli.telling import Wishes, tell
from clients.cli.wording import FROM_PICTURE, beginning, clean, duration, joined, label, percent

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
            (each.description or FROM_PICTURE, _state(each), when(each.create_time), each.name)
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
    click.echo(beginning(found.description))
    spent = _seconds(found)
    click.echo(joined(_state(found), when(found.create_time), duration(spent) if spent else ""))
    for step in found.steps:
        told = pb.StepSnapshot.State.Name(step.state).removeprefix("STATE_").lower()
        tried = f"attempt {step.attempt}" if step.attempt > 1 else ""
        usage = telling.usage(step.usage, step.work.unit) if step.HasField("usage") else ""
        click.echo(f"  {clean(step.title or step.step)}: {joined(told, tried, usage)}")
        if step.HasField("error"):
            click.echo(f"    {of_status(step.error)}")
        if said := telling.made(step.result):
            click.echo(f"    {said}")
        if step.result.HasField("fallback"):
            click.echo(f"    {telling.fallback(step.result.fallback)}")
    for text in found.texts:
        click.echo(f"  {label(text.field)}: {clean(text.text)}")
    if found.HasField("error"):
        click.echo(f"Failed: {of_status(found.error)}")
    if found.resource:
        click.echo(f"Made:   {clean(found.resource)}")
    for rating in found.ratings:
        click.echo(f"Liked:  {rated(rating)}")
    click.echo(f"Name:   {clean(found.name)}, {found.last_sequence} events")


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


def _state(generation: pb.Generation) -> str:
    name = state_name(generation.state)
    if generation.state == pb.Generation.STATE_RUNNING and generation.HasField("latest"):
        return f"{name}, {percent(generation.latest.fraction)}"
    return name


def _seconds(generation: pb.Generation) -> float:
    """How long it has taken, or took; 0 where that is not known."""
    if not generation.HasField("end_time"):
        return 0.0
    begun, ended = generation.create_time, generation.end_time
    return (ended.ToNanoseconds() - begun.ToNanoseconds()) / 1e9
