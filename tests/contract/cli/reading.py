"""What the command printed, read back."""

import asyncio
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


def parse_tables(output: str) -> dict[str, list[list[str]]]:
    """The rows of the tables of `stats`, by the third of their headings, which is theirs alone."""
    tables = (parse_table(block) for block in output.strip("\n").split("\n\n"))
    return {headings[2]: rows for headings, *rows in tables if len(headings) > 2}


async def heard(pipe: asyncio.StreamReader | None) -> None:
    """Wait until a command has said something into a pipe: it knows what it watches."""
    assert pipe is not None
    assert await asyncio.wait_for(pipe.readline(), 30)
