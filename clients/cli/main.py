"""The `hatchery` command: one place that knows every subcommand, and none before it is called."""

import importlib
import signal
import sys
from types import FrameType
from typing import Any, NoReturn, cast

import click

from clients.cli.home import Home
from clients.cli.problems import explained

# Loaded when they are called: what is not needed must not be waited for.
COMMANDS = {
    "hatch": "hatch:hatch",
    "chat": "chat:chat",
    "write": "write:write",
    "watch": "hatch:watch",
    "agents": "agents:agents",
    "conversations": "conversations:conversations",
    "memories": "memories:memories",
    "artifacts": "artifacts:artifacts",
    "comparisons": "comparisons:comparisons",
    "generations": "generations:generations",
    "templates": "templates:templates",
    "recipes": "recipes:recipes",
    "stats": "stats:stats",
    "models": "models:models",
    "up": "stack:up",
    "down": "stack:down",
    "doctor": "doctor:doctor",
    "token": "token:token",
}


class Commands(click.Group):
    """The subcommands, and the one place where whatever goes wrong becomes a line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name them, in the order of their use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        loaded = importlib.import_module(f"clients.cli.commands.{module}")
        return cast("click.Command", getattr(loaded, name))

    def invoke(self, ctx: click.Context) -> Any:
        """Run one."""
        with explained(tracebacks=ctx.params["traceback"]):
            return super().invoke(ctx)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hatchery")
@click.option("--traceback", is_flag=True, help="Say where a bug of the command lies.")
@click.pass_context
def hatchery(ctx: click.Context, /, **_: bool) -> None:
    """Describe a companion in a sentence, and watch it hatch.

    All of it runs on this machine: a command that needs the local stack starts it, one that only
    lists too, and it stays up until `hatchery down`. --address uses another Hatchery instead.
    """
    ctx.ensure_object(Home)


def main() -> None:
    """Run the command."""
    for stream in (sys.stdout, sys.stderr):
        # A letter that a terminal cannot write must not end a story.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    signal.signal(signal.SIGTERM, _leave)  # so that a terminal gets its cursor back
    hatchery(prog_name="hatchery")


def _leave(number: int, _: FrameType | None) -> NoReturn:
    sys.exit(128 + number)
