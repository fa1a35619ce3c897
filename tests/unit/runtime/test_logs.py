"""Logs are written where that can be done, and stop nobody's work where not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_LOGS = """
import sys
import structlog
from services.runtime import logs
logs.configure(sys.argv[1], "info", "test")
log = structlog.get_logger()
for number in range(10000):
    log.info("told", number=number)
log.warning("mended")
print("worked")
"""


def _said(log_format: str, stream: int) -> str:
    worked = subprocess.run(
        [sys.executable, "-c", _LOGS, log_format],
        stdout=subprocess.PIPE,
        stderr=stream,
        text=True,
        check=False,
    )
    return worked.stdout


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_logs_that_nobody_takes_stop_nobody(log_format: str) -> None:
    """What logs to a pipe whose reader is gone goes on working, as on a disk that is full."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer) as stream:
        assert "worked\n" == _said(log_format, stream.fileno())


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_every_line_is_there_at_once(log_format: str, tmp_path: Path) -> None:
    """Where there is room, nothing is left out, in order."""
    log = tmp_path / "log"
    with log.open("w") as stream:
        assert "worked\n" == _said(log_format, stream.fileno())
    lines = log.read_text().splitlines()
    assert 10001 == len(lines)
    assert "mended" in lines[-1]


_LIBRARY = """
import logging
from services.runtime import logs
logs.configure("json", "info", "test")
library = logging.getLogger("a.library")
library.info("nobody wants to know")
library.warning("a line\\n%s", '{"event": "forged"}')
try:
    1 / 0
except ZeroDivisionError:
    library.exception("it broke")
"""


def test_what_libraries_log_is_json_as_well() -> None:
    """One object a line, whatever is in it, from warnings up."""
    worked = subprocess.run(
        [sys.executable, "-c", _LIBRARY], capture_output=True, text=True, check=True
    )
    first, second = map(json.loads, worked.stderr.splitlines())
    assert ("a.library", "warning", "test") == (first["logger"], first["level"], first["service"])
    assert 'a line\n{"event": "forged"}' == first["event"]
    assert ("it broke", "ZeroDivisionError") == (
        second["event"],
        second["exception"][0]["exc_type"],
    )
