"""Logs are written where that can be done, and stop nobody's work where not."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

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


_BROKEN = """
import sys
import asyncpg
import structlog
from services.runtime import logs
logs.configure("json", sys.argv[1], "test")
log = structlog.get_logger()

def refused():
    return asyncpg.PostgresError.new(
        {"S": "ERROR", "C": "23514", "M": "new row", "D": "Failing row contains (a private wish)."}
    )

def within():
    try:
        {}["a private wish"]
    except KeyError as error:
        error.add_note("a private wish")
        raise ExceptionGroup("a private wish", [refused(), OSError(28, "No space left")]) from error

try:
    within()
except ExceptionGroup:
    log.exception("it broke")
"""


def _broken(level: str) -> dict[str, Any]:
    worked = subprocess.run(
        [sys.executable, "-c", _BROKEN, level], capture_output=True, text=True, check=True
    )
    line: dict[str, Any] = json.loads(worked.stderr)
    return line


def test_what_an_exception_says_may_be_anybodys() -> None:
    """Of a row that is refused, a key that is missing: the class and the place, and no words."""
    line = _broken("info")
    assert "a private wish" not in json.dumps(line)
    whole, cause = line["exception"]
    assert ("ExceptionGroup", "KeyError") == (whole["exc_type"], cause["exc_type"])
    assert "within" in [frame["name"] for frame in cause["frames"]]
    refused, full = (one[0] for one in whole["exceptions"])
    assert "CheckViolationError" == refused["exc_type"]
    assert "[Errno 28] No space left" == full["exc_value"]


def test_whoever_debugs_is_told_all() -> None:
    """At DEBUG, prompts are logged as well."""
    whole, cause = _broken("debug")["exception"]
    assert "'a private wish'" == cause["exc_value"]
    assert "Failing row contains (a private wish)." in whole["exceptions"][0][0]["exc_value"]


_ASYNCIO = """
import asyncio
from services.runtime import logs
logs.configure("json", "info", "test")

async def forgets():
    asyncio.get_running_loop().call_exception_handler(
        {"message": "Exception in callback cb('a private wish')", "exception": ValueError("a wish")}
    )

def deep():
    error = None
    for number in range(3000):
        try:
            raise ValueError("a private wish") from error
        except ValueError as one:
            error = one
    return error

asyncio.run(forgets())
import structlog
try:
    raise deep()
except ValueError:
    structlog.get_logger().exception("it broke")
"""


def test_lines_of_asyncio_have_no_values_and_any_chain_can_be_told() -> None:
    """It writes calls and exceptions into its messages; a chain may have thousands."""
    worked = subprocess.run(
        [sys.executable, "-c", _ASYNCIO], capture_output=True, text=True, check=True
    )
    first, second = map(json.loads, worked.stderr.splitlines())
    assert "wish" not in worked.stderr
    assert ("Exception in callback cb", "it broke") == (first["event"], second["event"])
    assert 3000 == len(second["exception"])
