"""The few lines that the stack prints about its life."""

import os
from contextlib import suppress

STDOUT, STDERR = 1, 2


def say(line: str) -> None:
    """Print one line; a terminal that was closed is no reason to die."""
    _write(line, STDOUT)


def complain(error: object) -> None:
    """Print the one line that says why we end."""
    _write(f"hatchery: {error}", STDERR)


def _write(line: str, descriptor: int) -> None:
    # Unbuffered: lines of both kinds keep their order, and nothing is left to fail at the exit.
    with suppress(OSError):
        os.write(descriptor, f"{line}\n".encode())
