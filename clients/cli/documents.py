"""What a recipe from a package made: the document of its last step, fetched and shown."""

from dataclasses import dataclass

import click
from google.protobuf.struct_pb2 import Struct
from hatchery.gateway.v1.generation_service_pb2 import Generation, GetGenerationRequest

from clients.cli.server import Server
from clients.cli.show.display import in_terminal
from clients.cli.show.documents import as_json
from clients.cli.wording import clean


@dataclass(frozen=True)
class Document:
    """A document, and the generation that made it; `apart` leaves a pipe nothing but that."""

    content: Struct
    generation: str
    apart: bool = False
    trouble: str = ""

    def show(self) -> None:
        """Print it."""
        click.echo(as_json(self.content, indent=2))
        click.echo(f"Name: {clean(self.generation)}", err=self.apart and not in_terminal())


def fetch(server: Server, generation: str, *, apart: bool) -> Document | None:
    """Fetch the last document that a generation made; None where it made none. Raises Problem."""
    request = GetGenerationRequest(name=generation)
    found: Generation = server.ask(server.generations.GetGeneration, request)
    made = [step.result.document for step in found.steps if step.result.HasField("document")]
    return Document(made[-1], found.name, apart) if made else None
