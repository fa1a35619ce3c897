"""Metrics: OpenTelemetry's instruments, read by Prometheus from a port of its own.

Where no address is set, nothing listens, and the instruments do nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from opentelemetry.metrics import (
    CallbackOptions,
    Counter,
    Histogram,
    Meter,
    NoOpMeterProvider,
    Observation,
    UpDownCounter,
)

from services.runtime.tally import Tally

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600)


@dataclass(frozen=True, slots=True)
class Metric:
    """What is measured: its name and unit as OpenTelemetry writes them, and what divides it.

    `bounds` are those of the buckets of a histogram.
    """

    kind: Literal["counter", "gauge", "histogram"]
    name: str
    unit: str
    description: str
    attributes: Sequence[str] = ()
    bounds: Sequence[float] = ()


class Tallies:
    """A histogram that counts for itself: an instrument would take longer than what it measures."""

    def __init__(self, metric: Metric) -> None:
        self.metric = metric
        self._tallies: dict[tuple[str, ...], Tally] = {}

    def of(self, *values: str) -> Tally:
        """The tally for such values of the metric's attributes, in their order."""
        return self._tallies.setdefault(values, Tally(self.metric.bounds))

    def items(self) -> Sequence[tuple[tuple[str, ...], Tally]]:
        """All of them."""
        return list(self._tallies.items())


class Telemetry:
    """Makes instruments from a meter. Where it is not `on`, nobody reads what they measure."""

    def __init__(self, meter: Meter, *, on: bool = True) -> None:
        self.on = on
        self._meter = meter
        self.tallied: list[Tallies] = []

    def counter(self, metric: Metric) -> Counter:
        """What only rises."""
        return self._meter.create_counter(metric.name, metric.unit, metric.description)

    def level(self, metric: Metric) -> UpDownCounter:
        """What rises and falls."""
        return self._meter.create_up_down_counter(metric.name, metric.unit, metric.description)

    def histogram(self, metric: Metric) -> Histogram:
        """How values are spread."""
        return self._meter.create_histogram(
            metric.name,
            metric.unit,
            metric.description,
            explicit_bucket_boundaries_advisory=list(metric.bounds),
        )

    def gauge(self, metric: Metric, read: Callable[[], Mapping[tuple[str, ...], float]]) -> None:
        """What is read when somebody looks: by the values of its attributes, in their order.

        `read` is called in another thread.
        """
        self._meter.create_observable_gauge(
            metric.name, [partial(_observed, metric, read)], metric.unit, metric.description
        )

    def total(self, metric: Metric, read: Callable[[], Mapping[tuple[str, ...], int]]) -> None:
        """What only rises and counts itself: read as a gauge is."""
        self._meter.create_observable_counter(
            metric.name, [partial(_observed, metric, read)], metric.unit, metric.description
        )

    def tallies(self, metric: Metric) -> Tallies:
        """How values are spread, where adding one must cost next to nothing."""
        tallies = Tallies(metric)
        self.tallied.append(tallies)
        return tallies


def _observed(
    metric: Metric, read: Callable[[], Mapping[tuple[str, ...], float]], _: CallbackOptions
) -> Iterable[Observation]:
    for values, value in read().items():
        yield Observation(value, dict(zip(metric.attributes, values, strict=True)))


def silent() -> Telemetry:
    """Instruments that do nothing."""
    return Telemetry(NoOpMeterProvider().get_meter("hatchery"), on=False)
