"""What is measured, as Prometheus reads it: over HTTP, in a thread of its own."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

import structlog
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import AlwaysOffExemplarFilter, MeterProvider
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

from services.runtime.errors import HatcheryError
from services.runtime.telemetry import Tallies, Telemetry

log = structlog.get_logger()

# How Prometheus calls the units of what counts for itself.
_UNITS = {"s": "seconds", "{event}": ""}


class MetricsListenFailed(HatcheryError):
    """The address for metrics cannot be listened on."""


@asynccontextmanager
async def serving(listen: str, service: str) -> AsyncIterator[Telemetry]:
    """Serves what a service measures at host:port; 0 takes a free port. Raises MetricsListenFailed.

    Instruments keep no examples of what they measured, which would take half of their time.
    """
    registry = CollectorRegistry()
    provider = MeterProvider(
        [PrometheusMetricReader(scope_info_enabled=False, registry=registry)],
        Resource({SERVICE_NAME: service}),
        shutdown_on_exit=False,
        exemplar_filter=AlwaysOffExemplarFilter(),
    )
    telemetry = Telemetry(provider.get_meter("hatchery"))
    registry.register(_Tallied(telemetry.tallied))
    host, _, port = listen.rpartition(":")
    try:
        server, thread = start_http_server(int(port), host.strip("[]"), registry)
    except (OSError, ValueError, OverflowError) as error:
        raise MetricsListenFailed(
            f"cannot serve metrics at {listen}: is that host:port, and free?"
        ) from error
    log.info("metrics are served", host=host, port=server.server_port)
    try:
        yield telemetry
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()
        thread.join()
        provider.shutdown()


class _Tallied(Collector):
    """The histograms that count for themselves."""

    def __init__(self, tallied: Sequence[Tallies]) -> None:
        self._tallied = tallied

    def collect(self) -> Iterable[HistogramMetricFamily]:
        """Each as it stands; what nobody has counted yet is left out, as OpenTelemetry does."""
        for tallies in self._tallied:
            metric, unit = tallies.metric, _UNITS[tallies.metric.unit]
            family = HistogramMetricFamily(
                metric.name.replace(".", "_"),
                metric.description,
                labels=[name.replace(".", "_") for name in metric.attributes],
                unit=unit,
            )
            for values, tally in tallies.items():
                total, buckets = 0, []
                for bound, count in zip([*metric.bounds, "+Inf"], tally.counts, strict=True):
                    total += count
                    buckets.append((str(bound), total))
                family.add_metric(values, buckets, tally.sum)
            if family.samples:
                yield family
