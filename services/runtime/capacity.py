"""How much an engine does at once, and what is measured of that."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.runtime.errors import EngineBusy
from services.runtime.telemetry import Metric, Telemetry

_ENGINE = ("gen_ai.provider.name",)
ACTIVE = Metric(
    "gauge", "hatchery.engine.active", "{call}", "calls that the engine works on", _ENGINE
)
CAPACITY = Metric(
    "gauge", "hatchery.engine.capacity", "{call}", "calls that the engine works on at once", _ENGINE
)
REFUSALS = Metric(
    "counter",
    "hatchery.engine.refusals",
    "{call}",
    "calls that were refused as it had all that it can do; their callers wait, and ask again",
    _ENGINE,
)
METRICS = (ACTIVE, CAPACITY, REFUSALS)


class Capacity:
    """How much an engine does at once. It does not queue: waiting is its callers' business."""

    def __init__(self, total: int, retry_after: float = 1.0) -> None:
        self.total = total
        self.taken = 0
        self.refused = 0
        self._retry_after = retry_after

    @contextmanager
    def take(self) -> Iterator[None]:
        """Holds one slot. Raises EngineBusy, with `retry_after` seconds, when all are taken."""
        if self.taken >= self.total:
            self.refused += 1
            raise EngineBusy(
                "the engine does all the work that it can do at once",
                retry_after=self._retry_after,
            )
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1

    def measure(self, telemetry: Telemetry, engine: str) -> None:
        """Has it measured, under the name of its engine."""
        telemetry.gauge(ACTIVE, lambda: {(engine,): self.taken})
        telemetry.gauge(CAPACITY, lambda: {(engine,): self.total})
        telemetry.total(REFUSALS, lambda: {(engine,): self.refused})
