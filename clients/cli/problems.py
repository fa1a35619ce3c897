"""How the command ends when something went wrong: one line, an exit code, never a traceback."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from deploy.local.errors import StackError

INTERRUPTED = 130  # as a shell says it of Ctrl-C
BUG = 70


class Problem(click.ClickException):
    """What went wrong, as one line."""

    def __init__(self, line: str, exit_code: int = 1) -> None:
        super().__init__(line)
        self.exit_code = exit_code  # type: ignore[misc]  # click reads it off the instance

    def show(self, file: Any = None) -> None:
        """Print the line."""
        click.echo(f"hatchery: {self.message}", file=file, err=file is None)


def of_system(error: OSError) -> str:
    """Say what the operating system refused, and where."""
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}"


@contextmanager
def explained(*, tracebacks: bool) -> Iterator[None]:
    """Turn whatever is raised into a Problem, or into the quiet end of Ctrl-C."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
        raise
    except KeyboardInterrupt:
        raise click.exceptions.Exit(INTERRUPTED) from None
    except StackError as error:
        raise Problem(str(error), error.exit_code) from error
    except OSError as error:
        raise Problem(of_system(error)) from error
    except Exception as error:
        if tracebacks:
            traceback.print_exc(file=sys.stderr)
        what = " ".join(f"{type(error).__name__}: {error}".split())
        hint = "" if tracebacks else "; `hatchery --traceback …` shows where"
        raise Problem(f"this is a bug in the command: {what}{hint}", BUG) from error
