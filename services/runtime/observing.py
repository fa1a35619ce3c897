"""Metrics and traces of a service, where the settings ask for them.

Nobody else pays for what these import.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.runtime.telemetry import Telemetry, silent
from services.runtime.tracing import Tracing


@asynccontextmanager
async def metrics(listen: str, service: str) -> AsyncIterator[Telemetry]:
    """Serves what a service measures at `listen`, host:port, until the block is left.

    Where `listen` is empty, nothing is served or measured. Raises MetricsListenFailed.
    """
    if not listen:
        yield silent()
        return
    from services.runtime.prometheus import serving  # noqa: PLC0415

    async with serving(listen, service) as telemetry:
        yield telemetry


@asynccontextmanager
async def traces(endpoint: str, ratio: float, service: str) -> AsyncIterator[Tracing]:
    """Sends the spans of a service to an OTLP endpoint until the block is left.

    Where `endpoint` is empty there are none. `ratio` is how many of the traces that begin here are
    recorded.
    """
    if not endpoint:
        yield Tracing()
        return
    from services.runtime.otlp import exporting  # noqa: PLC0415

    async with exporting(endpoint, ratio, service) as tracing:
        yield tracing
