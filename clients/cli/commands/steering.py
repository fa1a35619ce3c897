"""`generations cancel`, `pause` and `resume`: what was asked for, and whether it came true."""

import time
from collections.abc import Collection
from typing import TypeAlias

import click
from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.gateway.v1.generation_service_pb2 import Generation

from clients.cli.commands.listing import json_option
from clients.cli.names import generation_name
from clients.cli.problems import Problem
from clients.cli.server import Server, speaks_to_server
from clients.cli.show import telling
from clients.cli.show.tables import show_json

State: TypeAlias = Generation.State.ValueType

ENDED = (Generation.STATE_COMPLETED, Generation.STATE_FAILED, Generation.STATE_CANCELLED)
PATIENCE = 5.0  # seconds in which a wish comes true, where all is well
LOOK_EVERY = 0.1  # seconds


@click.command()
@click.argument("name")
@json_option
@speaks_to_server
def cancel(server: Server, name: str, as_json: bool) -> None:
    """Stop a generation. One that has ended stays as it is, which is no failure."""
    request = pb.CancelGenerationRequest(name=generation_name(name))
    answer: pb.CancelGenerationResponse = server.ask(server.generations.CancelGeneration, request)
    if as_json:
        show_json([answer])
    elif answer.outcome == pb.CancelGenerationResponse.OUTCOME_ALREADY_ENDED:
        click.echo(f"It had ended before: {telling.state(answer.state)}.")
    else:
        state = settled(server, request.name, ENDED)
        click.echo("Cancelled." if state == Generation.STATE_CANCELLED else _so_far("end", state))


@click.command()
@click.argument("name")
@json_option
@speaks_to_server
def pause(server: Server, name: str, as_json: bool) -> None:
    """Halt a generation; `resume` lets it go on.

    Steps that are finished are kept, and so is what is written of a text or an app: after `resume`
    the model goes on where it stopped. Any other step under way begins again.
    """
    request = pb.PauseGenerationRequest(name=generation_name(name))
    answer: pb.PauseGenerationResponse = server.ask(server.generations.PauseGeneration, request)
    if as_json:
        show_json([answer])
    if answer.outcome == pb.PauseGenerationResponse.OUTCOME_ALREADY_ENDED:
        raise _ended_before(answer.state)
    if as_json:
        return
    state = settled(server, request.name, (Generation.STATE_PAUSED, *ENDED))
    if state in ENDED:
        raise _ended_before(state)
    click.echo("Paused." if state == Generation.STATE_PAUSED else _so_far("halt", state))


@click.command()
@click.argument("name")
@json_option
@speaks_to_server
def resume(server: Server, name: str, as_json: bool) -> None:
    """Let a paused generation go on.

    Finished steps are kept, and so is what was written of a text or an app: the model goes on after
    it. Any other step that was under way begins again.
    """
    request = pb.ResumeGenerationRequest(name=generation_name(name))
    answer: pb.ResumeGenerationResponse = server.ask(server.generations.ResumeGeneration, request)
    if as_json:
        show_json([answer])
    if answer.outcome == pb.ResumeGenerationResponse.OUTCOME_ALREADY_ENDED:
        raise _ended_before(answer.state)
    if as_json:
        return
    was_paused = answer.outcome == pb.ResumeGenerationResponse.OUTCOME_RESUMED
    click.echo("It goes on." if was_paused else "It was not paused.")


def settled(
    server: Server, name: str, states: Collection[State], patience: float = PATIENCE
) -> State:
    """Return the first of `states` that it reaches, or where it stands after `patience` seconds."""
    give_up = time.monotonic() + patience
    while True:
        request = pb.GetGenerationRequest(name=name)
        found: Generation = server.ask(server.generations.GetGeneration, request)
        if found.state in states or time.monotonic() >= give_up:
            return found.state
        time.sleep(LOOK_EVERY)


def _so_far(wish: str, state: State) -> str:
    if state in ENDED:
        return f"It ended before that: {telling.state(state)}."
    return f"It is asked to {wish}, and is still {telling.state(state)}."


def _ended_before(state: State) -> Problem:
    return Problem(f"it had ended before: {telling.state(state)}")
