"""What can go wrong with the local stack, each as one line that says what, and what to do.

StackError
├── AlreadyRunning        another supervisor holds the state folder
├── BadSetting            a HATCHERY_* variable that cannot be read
├── DatabaseUnreachable   HATCHERY_DATABASE_URL does not answer
├── DiskFull              nothing more can be written
├── MissingPart           a binary or a shared library that is not there
├── PortTaken             somebody else listens where we would
├── ProcessFailed         a process ended, or was not ready in time
├── StateDamaged          the state folder's contents cannot be trusted
└── StateUnusable         the state folder cannot be reached or written
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StackError(Exception):
    """A problem of the stack in one line, with a hint what to do about it."""

    exit_code = 1
    passing = False  # whether it may be gone after a while, with nobody doing anything

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint

    def __str__(self) -> str:
        line = f"{self.problem}; {self.hint}" if self.hint else self.problem
        return " ".join(line.split())


class AlreadyRunning(StackError):
    """Another supervisor holds the state folder."""

    exit_code = 3


class BadSetting(StackError):
    """A setting that cannot be read."""


class DatabaseUnreachable(StackError):
    """The database of HATCHERY_DATABASE_URL does not answer."""

    passing = True


class DiskFull(StackError):
    """Nothing more can be written."""


class MissingPart(StackError):
    """A binary or a shared library is not there, or does not load."""


class PortTaken(StackError):
    """Somebody else listens on a port of ours."""

    passing = True


class ProcessFailed(StackError):
    """A process ended, or was not ready in time."""

    passing = True


class StateDamaged(StackError):
    """The contents of the state folder cannot be trusted."""


class StateUnusable(StackError):
    """The state folder cannot be reached or written."""


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn what the operating system says about `folder` into a StackError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full(folder) from error
        raise StateUnusable(
            f"cannot use the state folder: {error.filename or folder}: {error.strerror}",
            "set HATCHERY_STATE_DIR to a folder that you may write",
        ) from error


def disk_full(folder: Path) -> DiskFull:
    """Say that the disk under `folder` has no space left."""
    return DiskFull(
        f"the disk that holds {folder} is full",
        "free some space there, or set HATCHERY_STATE_DIR to a folder on another disk",
    )
