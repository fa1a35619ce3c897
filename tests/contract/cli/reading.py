"""What the command printed, read back."""

from pathlib import Path

from google.protobuf import json_format
from hatchery.progress.v1.progress_pb2 import Progress


def parsed(output: str) -> list[Progress]:
    """The events of --json."""
    return [json_format.Parse(line, Progress()) for line in output.splitlines()]


def portrait_of(output: str) -> Path:
    """Where the output says that the portrait lies."""
    line = next(line for line in output.splitlines() if line.startswith("Portrait: "))
    return Path(line.removeprefix("Portrait: "))


def path_of(output: str) -> Path:
    """The path that the output is, and nothing else."""
    (line,) = output.splitlines()
    return Path(line)


def parse_table(output: str) -> list[list[str]]:
    """The cells of a table that was printed without a terminal."""
    return [line.split("\t") for line in output.splitlines()]
