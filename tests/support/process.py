"""Other processes that a test or a measurement runs for a while."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil


@contextmanager
def module_process(
    module: str, *arguments: str, **environment: str
) -> Iterator["subprocess.Popen[str]"]:
    """Runs a Python module until the block ends, with pipes to its standard input and output."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        env={"HATCHERY_LOG_LEVEL": "error", **os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be collected does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def line_with(words: str, output: asyncio.StreamReader) -> str:
    """The next line that contains `words`. Raises AssertionError, or TimeoutError after 20 s."""
    async with asyncio.timeout(20):
        async for line in output:
            if words in line.decode():
                return line.decode()
    raise AssertionError(f"the output ended without a line with {words!r}")
