"""The line on which a person says something."""

import contextlib
import importlib
import sys

import click

from clients.cli.show.display import in_terminal

LABEL = "You: "


class Left(Exception):
    """They said that they had said all."""


def prepare() -> None:
    """Let lines be edited and called back, where Python can."""
    with contextlib.suppress(ImportError):
        importlib.import_module("readline")


def ask() -> str:
    """Return the next line. Raises Left at its end, KeyboardInterrupt at Ctrl-C."""
    sys.stdout.flush()
    try:
        return input(_label())
    except EOFError:
        click.echo()
        raise Left from None


def _label() -> str:
    if not in_terminal() or "readline" not in sys.modules:
        return LABEL
    # What takes no room is marked as such, so that long lines are edited in the right place.
    styled = click.style("\0", bold=True, fg="cyan")
    start, _, end = styled.partition("\0")
    return f"\1{start}\2{LABEL}\1{end}\2"
