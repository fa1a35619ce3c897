"""Other processes that a test or a measurement runs for a while."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def module_process(
    module: str, environment: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[str]"]:
    """Runs a Python module until the block ends, with pipes to its standard input and output."""
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        env={"HATCHERY_LOG_LEVEL": "error", **os.environ, **(environment or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)
