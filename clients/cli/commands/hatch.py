"""Commands that show a generation: `hatch`, `watch`, and a new portrait."""

import re
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

from clients.cli.following import Connect
from clients.cli.names import agent_name, generation_name
from clients.cli.server import Server, speaks_to_server
from clients.cli.telling import Wishes, tell
from clients.cli.wording import clean


class Size(click.ParamType[tuple[int, int]]):
    """WIDTHxHEIGHT in pixels, or one number for a square."""

    name = "size"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[int, int]:
        """Return width and height."""
        if isinstance(value, tuple):
            return value
        if not (found := re.fullmatch(r"(\d{1,5})(?:[x×*](\d{1,5}))?", value.strip())):
            self.fail("a size looks like 512x512", param, ctx)
        return int(found[1]), int(found[2] or found[1])


def portrait_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of how a portrait is drawn."""
    for option in (
        click.option("--seed", type=click.IntRange(0, 2**32 - 1), metavar="N",
                     help="Makes the result repeatable, where the engines can."),
        click.option("--steps", type=click.IntRange(1, 100), metavar="N", default=None,
                     help="Denoising steps, where the image model makes any."),
        click.option("--size", type=Size(), metavar="WxH", help="In pixels; 512x512 by default."),
        click.option("--avatar-model", default="", metavar="NAME", help="The image model."),
        click.option("--request-id", default="", metavar="UUID",
                     help="Repeating a call with it attaches to the same generation."),
    ):  # fmt: skip
        command = option(command)
    return command


def telling_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of how its story is told."""
    command = click.option(
        "--output", "-o", type=click.Path(path_type=Path), metavar="PATH",
        help="Where the portrait goes; `portraits` in the state folder by default.",
    )(command)  # fmt: skip
    return click.option(
        "--json", "as_json", is_flag=True, help="Each Progress as one line of proto-JSON."
    )(command)


@click.command()
@click.argument("sentence", nargs=-1, required=True)
@click.option("--llm-model", default="", metavar="NAME", help="The text model.")
@portrait_options
@telling_options
@speaks_to_server
def hatch(
    server: Server,
    *,
    sentence: tuple[str, ...],
    llm_model: str,
    avatar_model: str,
    size: tuple[int, int] | None,
    steps: int | None,
    seed: int | None,
    request_id: str,
    output: Path | None,
    as_json: bool,
) -> None:
    """Hatch a companion from a SENTENCE.

    Starts the local stack if it is not up. Ctrl-C leaves; the work goes on.
    """
    description = " ".join(sentence)
    try:
        description.encode()
    except UnicodeEncodeError:
        raise click.BadParameter("the sentence is not valid UTF-8") from None
    request = CreateAgentRequest(
        description=description,
        request_id=request_id or str(uuid.uuid4()),
        llm_model=llm_model,
        portrait=_portrait(avatar_model, size, steps),
        seed=seed,
    )
    wishes = Wishes(clean(description), as_json, output)
    call = lambda: server.agents.CreateAgent(request, metadata=server.metadata)  # noqa: E731
    raise SystemExit(tell(server, watching(server, call), wishes))


@click.command()
@click.argument("name")
@click.option("--after", type=click.IntRange(0, 2**63 - 1), default=0, metavar="N",
              help="Only what comes after event number N; 0 tells everything.")  # fmt: skip
@telling_options
@speaks_to_server
def watch(server: Server, name: str, after: int, output: Path | None, as_json: bool) -> None:
    """Follow a generation, from its beginning or from event N, to its end."""
    name = generation_name(name)
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
        portrait=_portrait(avatar_model, size, steps),
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


def _portrait(model: str, size: tuple[int, int] | None, steps: int | None) -> PortraitOptions:
    width, height = size or (0, 0)
    return PortraitOptions(model=model, width=width, height=height, steps=steps or 0)
