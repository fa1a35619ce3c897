"""`agents export` and `agents import`: companions as character cards."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
from hatchery.gateway.v1 import agent_service_pb2 as pb

from clients.cli.commands.listing import json_option
from clients.cli.commands.options import Destination
from clients.cli.names import agent_name
from clients.cli.server import DEADLINE, Server, speaks_to_server
from clients.cli.show.tables import show_json
from clients.cli.wording import clean

_FORMATS = {"png": pb.ExportAgentRequest.FORMAT_PNG, "json": pb.ExportAgentRequest.FORMAT_JSON}
_CHOICE = click.Choice(list(_FORMATS))
_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
_CHUNK = 256 * 1024


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
@click.argument("files", nargs=-1, required=True, type=_FILE)
@json_option
@speaks_to_server
def import_card(server: Server, files: tuple[Path, ...], as_json: bool) -> None:
    """Keep companions from character cards: PNG or JSON, of version 1, 2 or 3."""
    made = []
    for file in files:
        with server.refusals_explained():
            agent = server.agents.ImportAgent(
                _chunks(file), metadata=server.metadata, timeout=DEADLINE
            )
        if as_json:
            made.append(agent)
        else:
            click.echo(f"{clean(agent.persona.name)} is here: {agent.name}")
    if as_json:
        show_json(made)


def _chunks(file: Path) -> Iterator[pb.ImportAgentRequest]:
    """The file in pieces; an empty one is a piece as well, for the server to refuse."""
    data = file.read_bytes()
    for start in range(0, max(len(data), 1), _CHUNK):
        yield pb.ImportAgentRequest(data=data[start : start + _CHUNK])
