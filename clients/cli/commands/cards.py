"""`agents export` and `agents import`: companions as character cards."""

import re
import uuid
from pathlib import Path

import click
from hatchery.gateway.v1 import agent_service_pb2 as pb

from clients.cli.commands.listing import json_option
from clients.cli.commands.options import FILE, Destination
from clients.cli.names import agent_name
from clients.cli.problems import Problem
from clients.cli.server import DEADLINE, Server, speaks_to_server
from clients.cli.show.tables import show_json
from clients.cli.wording import clean

_FORMATS = {"png": pb.ExportAgentRequest.FORMAT_PNG, "json": pb.ExportAgentRequest.FORMAT_JSON}
_CHOICE = click.Choice(list(_FORMATS))
_CHUNK = 256 * 1024
# As the server has it; what is larger is not even read.
_LARGEST = 16 * 2**20
_PATIENCE = 120.0  # seconds for all of a card, over a slow line


@click.command(name="export")
@click.argument("name")
@click.option("--format", "form", type=_CHOICE, default="png", show_default=True,
              help="The portrait with the card in it, or the card alone.")  # fmt: skip
@click.option("--output", "-o", type=Destination(), metavar="PATH", default=Path(),
              help="A file, or the folder for it; this one by default.")  # fmt: skip
@speaks_to_server
def export_card(server: Server, name: str, form: str, output: Path) -> None:
    """Write a companion as a character card, which other programs read."""
    request = pb.ExportAgentRequest(name=agent_name(name), format=_FORMATS[form])
    with server.refusals_explained():
        call = server.agents.ExportAgent(request, metadata=server.metadata, timeout=DEADLINE)
        chunks = list(call)
    named = chunks[0].file_name
    # The name of a file is not for a server to choose freely.
    usual = named if re.fullmatch(r"[A-Za-z0-9-]{1,80}\.[a-z]{3,4}", named) else f"companion.{form}"
    path = output / usual if output.is_dir() else output
    path.write_bytes(b"".join(chunk.data for chunk in chunks))
    click.echo(path.absolute())


@click.command(name="import")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--request-id", default="", metavar="UUID",
              help="Importing a card with it again makes no second companion.")  # fmt: skip
@json_option
@speaks_to_server
def import_card(server: Server, files: tuple[Path, ...], request_id: str, as_json: bool) -> None:
    """Keep companions from character cards: PNG or JSON, of version 1, 2 or 3."""
    if request_id and len(files) > 1:
        raise click.UsageError("--request-id is for one card")
    refused = 0
    for file in files:
        try:
            agent = _keep(server, file, request_id)
        except (Problem, OSError) as problem:
            why = problem.message if isinstance(problem, Problem) else problem.strerror
            click.echo(f"hatchery: {clean(str(file))}: {why}", err=True)
            refused += 1
            continue
        if as_json:
            show_json([agent])
        else:
            click.echo(f"{clean(agent.persona.name)} is here: {agent.name}")
    if refused:
        raise SystemExit(1)


def _keep(server: Server, file: Path, request_id: str) -> pb.Agent:
    """Send one card. Raises Problem, OSError."""
    if file.stat().st_size > _LARGEST:
        raise Problem(f"a card has {_LARGEST // 2**20} MiB at most")
    data = file.read_bytes()
    pieces = [data[start : start + _CHUNK] for start in range(0, max(len(data), 1), _CHUNK)]
    requests = [pb.ImportAgentRequest(data=piece) for piece in pieces]
    requests[0].request_id = request_id or str(uuid.uuid4())
    with server.refusals_explained():
        agent: pb.Agent = server.agents.ImportAgent(
            iter(requests), metadata=server.metadata, timeout=_PATIENCE
        )
    return agent
