"""Durations that are expected, and what they rest on. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from hatchery.types.v1.estimate_pb2 import Estimate

# How far the true value may lie from a first guess and from a measured rate, as factors.
_GUESS = (0.3, 4.0)
_RATE = (0.6, 1.8)
# A few runs may all have been lucky, or not: the fewer, the wider.
_FEW = 0.5
# A smaller share of a sum says nothing of what the sum rests on.
_TRIFLE = 0.1


@dataclass(frozen=True, slots=True)
class Expected:
    """Seconds, and what they are seldom under and over. `runs` is 0 for a guess.

    `rate` says that the engine's own rate stands behind it.
    """

    seconds: float
    low: float
    high: float
    runs: int = 0
    rate: bool = False

    @classmethod
    def guess(cls, seconds: float) -> "Expected":
        """A first guess."""
        return cls(seconds, seconds * _GUESS[0], seconds * _GUESS[1])

    @classmethod
    def at_this_rate(cls, seconds: float) -> "Expected":
        """What is left when it goes on as it did."""
        return cls(seconds, seconds * _RATE[0], seconds * _RATE[1], rate=True)

    @classmethod
    def told(cls, estimate: Estimate) -> "Expected":
        """What an engine says of itself."""
        seconds, low, high = (
            part.ToTimedelta().total_seconds()
            for part in (estimate.expected, estimate.low, estimate.high)
        )
        return cls(seconds, low, high, estimate.runs, estimate.basis == Estimate.BASIS_RATE)

    @property
    def known(self) -> bool:
        """Whether it rests on anything."""
        return self.rate or self.runs > 0

    def after(self, seconds: float) -> "Expected":
        """What is left of it later."""
        return Expected(
            max(self.seconds - seconds, 0.0),
            max(self.low - seconds, 0.0),
            max(self.high - seconds, 0.0),
            self.runs,
            self.rate,
        )

    def times(self, factor: float) -> "Expected":
        """As often as that."""
        return Expected(
            self.seconds * factor, self.low * factor, self.high * factor, self.runs, self.rate
        )

    def mixed(self, other: "Expected", share: float) -> "Expected":
        """Between the two: this one where `share` is 0, the other where it is 1."""

        def between(mine: float, others: float) -> float:
            return mine + (others - mine) * share

        return Expected(
            between(self.seconds, other.seconds),
            between(self.low, other.low),
            between(self.high, other.high),
            *((other.runs, other.rate) if share >= 0.5 else (self.runs, self.rate)),
        )

    def estimate(self) -> Estimate:
        """The same on the wire, with what it rests on."""
        basis = Estimate.BASIS_HISTORY if self.runs else Estimate.BASIS_DEFAULT
        wider = 1 + _FEW / self.runs**0.5 if self.runs and not self.rate else 1.0
        told = Estimate(
            basis=Estimate.BASIS_RATE if self.rate else basis, runs=0 if self.rate else self.runs
        )
        told.low.FromNanoseconds(round(self.low / wider * 1e9))
        told.expected.FromNanoseconds(round(self.seconds * 1e9))
        told.high.FromNanoseconds(round(self.high * wider * 1e9))
        return told


NOTHING = Expected(0.0, 0.0, 0.0)


def together(parts: Iterable[Expected]) -> Expected:
    """One after another. It rests on the least that any of them rests on, but trifles."""
    counted = [part for part in parts if part.high > 0]
    seconds = sum(part.seconds for part in counted)
    weighty = [part for part in counted if part.seconds >= seconds * _TRIFLE]
    known = bool(weighty) and all(part.known for part in weighty)
    runs = [part.runs for part in weighty if part.runs]
    return Expected(
        seconds,
        sum(part.low for part in counted),
        sum(part.high for part in counted),
        min(runs) if known and runs else 0,
        known and any(part.rate for part in weighty),
    )
