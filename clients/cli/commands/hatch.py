"""Commands that show a generation: `hatch`, `watch`, and a new portrait."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from hatchery.gateway.v1.agent_service_pb2 import (
    CreateAgentRequest,
    PortraitOptions,
    RegenerateAvatarRequest,
)
from hatchery.gateway.v1.generation_service_pb2 import WatchGenerationRequest

from clients.cli.commands.options import FILE, portrait_options, telling_options
from clients.cli.following import Connect
from clients.cli.names import agent_name, generation_name, template_name
from clients.cli.outcomes import Wishes
from clients.cli.server import Server, speaks_to_server
from clients.cli.telling import tell
from clients.cli.telling_all import tell_all
from clients.cli.wording import clean

# As the server has it.
_LARGEST = 8 * 2**20


@click.command()
@click.argument("sentence", nargs=-1)
@click.option(
    "--picture",
    type=FILE,
    metavar="FILE",
    help="A PNG, JPEG or WebP in whose spirit it is made; the SENTENCE may be left out.",
)
@click.option(
    "--template",
    default="",
    metavar="NAME",
    help="What to begin with: `hatchery templates list`; the SENTENCE says what is special.",
)
@click.option("--llm-model", default="", metavar="NAME", help="The text model.")
@click.option("--vision-model", default="", metavar="NAME", help="The one that looks at a picture.")
@portrait_options
@telling_options
@speaks_to_server
def hatch(
    server: Server,
    *,
    sentence: tuple[str, ...],
    picture: Path | None,
    template: str,
    llm_model: str,
    vision_model: str,
    avatar_model: str,
    style: str,
    size: tuple[int, int] | None,
    steps: int | None,
    seed: int | None,
    request_id: str,
    output: Path | None,
    as_json: bool,
) -> None:
    """Hatch a companion from a SENTENCE, a picture or both.

    Starts the local stack if it is not up. Ctrl-C leaves; the work goes on.
    """
    description = " ".join(sentence)
    if not (sentence or picture or template):
        raise click.UsageError("Missing argument 'SENTENCE...', a --picture or a --template.")
    try:
        description.encode()
    except UnicodeEncodeError:
        raise click.BadParameter("the sentence is not valid UTF-8") from None
    request = CreateAgentRequest(
        description=description,
        request_id=request_id or str(uuid.uuid4()),
        llm_model=llm_model,
        portrait=_portrait(avatar_model, size, steps, style),
        seed=seed,
        reference_image=_read(picture) if picture else b"",
        vision_model=vision_model,
        template=template_name(template) if template else "",
    )
    title = clean(description) or f"A companion from {clean(picture.name if picture else template)}"
    wishes = Wishes(title, as_json, output)
    call = lambda: server.agents.CreateAgent(request, metadata=server.metadata)  # noqa: E731
    raise SystemExit(tell(server, watching(server, call), wishes))


@click.command()
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.option("--after", type=click.IntRange(0, 2**63 - 1), default=0, metavar="N",
              help="Only what comes after event number N; 0 tells everything.")  # fmt: skip
@telling_options
@speaks_to_server
def watch(
    server: Server, names: tuple[str, ...], after: int, output: Path | None, as_json: bool
) -> None:
    """Follow a generation, from its beginning or from event N, to its end.

    Of several, each line begins with the first letters of whose it is, and the end is 0 where all
    of them completed.
    """
    name, *others = dict.fromkeys(map(generation_name, names))
    if others:
        if after or output is not None:
            raise click.UsageError("--after and --output go with one NAME only")
        raise SystemExit(tell_all(server, [name, *others], as_json=as_json))
    wishes = Wishes(clean(name), as_json, output)
    raise SystemExit(tell(server, watching(server), wishes, generation=name, after=after))


@click.command()
@click.argument("name")
@portrait_options
@telling_options
@speaks_to_server
def redraw(
    server: Server,
    *,
    name: str,
    avatar_model: str,
    style: str,
    size: tuple[int, int] | None,
    steps: int | None,
    seed: int | None,
    request_id: str,
    output: Path | None,
    as_json: bool,
) -> None:
    """Draw a new portrait of an agent."""
    request = RegenerateAvatarRequest(
        name=agent_name(name),
        request_id=request_id or str(uuid.uuid4()),
        portrait=_portrait(avatar_model, size, steps, style),
        seed=seed,
    )
    wishes = Wishes(f"A new portrait of {clean(request.name)}", as_json, output)
    call = lambda: server.agents.RegenerateAvatar(request, metadata=server.metadata)  # noqa: E731
    raise SystemExit(tell(server, watching(server, call), wishes))


def watching(server: Server, begin: Callable[[], Any] | None = None) -> Connect:
    """Return how to connect: by beginning, until there is a generation to watch."""

    def connect(generation: str, after: int) -> Any:
        if begin is not None and not generation:
            return begin()
        request = WatchGenerationRequest(name=generation, starting_after=after)
        return server.generations.WatchGeneration(request, metadata=server.metadata)

    return connect


def _read(picture: Path) -> bytes:
    """The file, unless it is larger than any that is taken. Raises click.BadParameter."""
    try:
        size = picture.stat().st_size
        data = picture.read_bytes() if 0 < size <= _LARGEST else b""
    except OSError as error:
        raise click.BadParameter(f"{picture}: {error.strerror}") from None
    if not data:
        what = f"is larger than {_LARGEST // 2**20} MiB" if size else "is empty"
        raise click.BadParameter(f"{picture} {what}", param_hint="--picture")
    return data


def _portrait(
    model: str, size: tuple[int, int] | None, steps: int | None, style: str
) -> PortraitOptions:
    width, height = size or (0, 0)
    return PortraitOptions(model=model, width=width, height=height, steps=steps or 0, style=style)
