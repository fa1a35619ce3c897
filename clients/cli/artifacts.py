"""Texts and apps: fetched, kept in files, and shown as text."""

from dataclasses import dataclass
from pathlib import Path

from hatchery.gateway.v1.artifact_service_pb2 import Artifact, GetArtifactRequest
from hatchery.gateway.v1.generation_service_pb2 import Generation, GetGenerationRequest

from clients.cli import files
from clients.cli.names import short
from clients.cli.problems import of_system
from clients.cli.server import Server
from clients.cli.show import writing
from clients.cli.wording import to_do
from deploy.local.errors import StackError

FOLDER = "artifacts"  # in the state folder
_SUFFIXES = {"text/html": ".html"}


@dataclass(frozen=True)
class Written:
    """An artifact, how long it was worked on, and the file that it is kept in, if any.

    `lost` says why it is in none; `apart`, that standard output is for the content alone.
    """

    server: Server
    artifact: Artifact
    worked: float
    path: Path | None = None
    lost: str = ""
    apart: bool = False

    def show(self) -> None:
        """Print it: its text, unless a file has that, and what it took."""
        writing.show(self.artifact, self.worked, path=self.path, apart=self.apart)

    @property
    def trouble(self) -> str:
        """Why it is in no file, and what fetches it."""
        if not self.lost:
            return ""
        fetch = f"hatchery artifacts save {short(self.artifact.name)}{self.server.there} -o PATH"
        return f"it was not kept on this machine: {self.lost}" + to_do("to fetch it", fetch)


def fetch(server: Server, name: str, output: Path | None, *, apart: bool = False) -> Written:
    """Fetch an artifact; an app is kept in a file, a text where `output` says so. Raises Problem.

    It is there whatever happens to its file here.
    """
    artifact, worked = get(server, name)
    if output is None and artifact.kind != Artifact.KIND_APP:
        return Written(server, artifact, worked, apart=apart)
    try:
        return Written(server, artifact, worked, save(server, artifact, output), apart=apart)
    except OSError as error:
        return Written(server, artifact, worked, lost=of_system(error), apart=apart)
    except StackError as error:
        return Written(server, artifact, worked, lost=str(error), apart=apart)


def get(server: Server, name: str) -> tuple[Artifact, float]:
    """Return an artifact, and the seconds that were worked on it. Raises Problem."""
    artifact: Artifact = server.ask(server.artifacts.GetArtifact, GetArtifactRequest(name=name))
    request = GetGenerationRequest(name=artifact.generation)
    made: Generation = server.ask(server.generations.GetGeneration, request)
    return artifact, made.active_duration.ToNanoseconds() / 1e9


def save(server: Server, artifact: Artifact, output: Path | None) -> Path:
    """Write the content as it is and return where: `output`, or `artifacts` in the state folder.

    Raises OSError, StackError.
    """
    path = output if output is not None else files.kept_folder(server.home, FOLDER)
    if path.is_dir():
        path /= file_name(artifact)
    path.write_text(artifact.content, encoding="utf-8", newline="")
    return path.absolute()


def file_name(artifact: Artifact) -> str:
    """Return "a-todo-list-1a2b3c4d.html" for an artifact, whatever it is called."""
    name = files.file_name(artifact.title, artifact.name, "text")
    return name + _SUFFIXES.get(artifact.media_type, ".txt")
