"""`write`: a text or an app, by one model or by several side by side."""

import datetime as dt
import sys
import uuid
from pathlib import Path

import click
from google.protobuf.duration_pb2 import Duration
from hatchery.gateway.v1.artifact_service_pb2 import (
    Artifact,
    CreateArtifactRequest,
    CreateComparisonRequest,
)

from clients.cli.commands.hatch import watching
from clients.cli.commands.options import Destination
from clients.cli.commands.times import Span
from clients.cli.comparing import compare
from clients.cli.outcomes import Wishes
from clients.cli.server import Server, speaks_to_server
from clients.cli.telling import tell
from clients.cli.wording import clean

_LONGEST = 2**20  # bytes of a prompt that are read; far more than any server takes


@click.command()
@click.argument("prompt", nargs=-1, required=True)
@click.option("--app", is_flag=True, help="A single-page app instead of a text.")
@click.option("--model", "models", multiple=True, metavar="NAME",
              help="The text model. Several are compared; one twice is two drafts.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), metavar="N",
              help="Makes the result repeatable, where the engine can.")  # fmt: skip
@click.option("--max-tokens", type=click.IntRange(1, 32768), metavar="N",
              help="The most that is written; the server's own limit by default.")  # fmt: skip
@click.option("--temperature", type=click.FloatRange(0, 2), metavar="T",
              help="From 0, the likeliest words, to 2; the engine's own by default.")  # fmt: skip
@click.option("--time-limit", type=Span(), metavar="TIME",
              help="How long it may work, as in 90s or 5m; waits do not count.")  # fmt: skip
@click.option("--request-id", default="", metavar="UUID",
              help="Repeating a call with it attaches to the same.")  # fmt: skip
@click.option("--output", "-o", type=Destination(), metavar="PATH",
              help="Where it is kept, a folder where there are several; by default a text is only "
              "shown, and an app goes to `artifacts` in the state folder.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Each Progress as one line of proto-JSON.")
@speaks_to_server
def write(
    server: Server,
    *,
    prompt: tuple[str, ...],
    app: bool,
    models: tuple[str, ...],
    seed: int | None,
    max_tokens: int | None,
    temperature: float | None,
    time_limit: dt.timedelta | None,
    request_id: str,
    output: Path | None,
    as_json: bool,
) -> None:
    """Write a text or an app from a PROMPT; `-` reads it.

    With `-` the PROMPT is what standard input has. Several --model write side by side, and are
    compared at the end.

    In a pipe, standard output has the text and nothing else, once it is whole, or the path of the
    file that it is kept in; its story goes to standard error. Ctrl-C leaves; the work goes on.
    """
    request = CreateArtifactRequest(
        prompt=_said(prompt),
        kind=Artifact.KIND_APP if app else Artifact.KIND_TEXT,
        seed=seed,
        max_tokens=max_tokens or 0,
        temperature=temperature,
        time_limit=_duration(time_limit),
    )
    wishes = Wishes(clean(request.prompt), as_json, output, writes=True, apart=True)
    request_id = request_id or str(uuid.uuid4())
    if len(models) > 1:
        if output is not None and not output.is_dir():
            raise click.UsageError("Of several models, --output names a folder that is there.")
        several = CreateComparisonRequest(artifact=request, models=models, request_id=request_id)
        raise SystemExit(compare(server, several, wishes))
    request.request_id, request.model = request_id, "".join(models)
    call = lambda: server.artifacts.CreateArtifact(request, metadata=server.metadata)  # noqa: E731
    raise SystemExit(tell(server, watching(server, call), wishes))


def _said(prompt: tuple[str, ...]) -> str:
    """Return the prompt, from standard input where that is meant. Raises click.BadParameter."""
    if prompt == ("-",):
        return read_standard_input()
    return utf8(" ".join(prompt), "the prompt")


def utf8(text: str, what: str) -> str:
    """Return the text. Raises click.BadParameter where it is none that can be sent."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise click.BadParameter(f"{what} is not valid UTF-8") from None
    return text


def read_standard_input() -> str:
    """Return all that standard input has. Raises click.BadParameter."""
    given: bytes = sys.stdin.buffer.read(_LONGEST)
    try:
        return given.decode().strip()
    except UnicodeDecodeError:
        raise click.BadParameter("what standard input has is not UTF-8") from None


def _duration(time: dt.timedelta | None) -> Duration | None:
    if time is None:
        return None
    told = Duration()
    told.FromTimedelta(time)
    return told
