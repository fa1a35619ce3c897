"""How far apart the events of a step come: what a watcher of it sees move.

Pure: numbered events come in, a step's pace comes out.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from hatchery.progress.v1.progress_pb2 import Progress


@dataclass(frozen=True, slots=True)
class Paced:
    """How many events a step had in the log, and the seconds between each two, the least first."""

    updates: int = 0
    gaps: Sequence[float] = ()

    @property
    def median_gap(self) -> float | None:
        """Half of its gaps are shorter; None where it has none."""
        return median(self.gaps) if self.gaps else None

    @property
    def max_gap(self) -> float | None:
        """Its longest silence; None where it has no gap."""
        return self.gaps[-1] if self.gaps else None


@dataclass(slots=True)
class Pace:
    """Hears the numbered events of one generation, and knows the pace of its latest step.

    Of a step that another runner began, it knows what it heard itself.
    """

    _step: str = ""
    _sequence: int = 0
    _updates: int = 0
    _at: float = 0.0
    _gaps: "array[float]" = field(default_factory=lambda: array("d"))

    def hear(self, event: Progress) -> None:
        """Takes an event in. A number that was refused and is given again counts once."""
        if not event.step or event.sequence <= self._sequence:
            return
        stamp = event.emit_time
        at = stamp.seconds + stamp.nanos / 1e9
        if event.step == self._step:
            # A clock may be set back.
            self._gaps.append(max(at - self._at, 0.0))
        else:
            self._step, self._updates, self._gaps = event.step, 0, array("d")
        self._updates += 1
        self._sequence, self._at = event.sequence, at

    def of(self, step: str) -> Paced:
        """The pace of a step, in all of its attempts; nothing where that is not the latest."""
        return Paced(self._updates, sorted(self._gaps)) if step == self._step else Paced()
