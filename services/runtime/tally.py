"""Values counted in buckets: what is always cheap to add to, and tells medians well enough."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence


class Tally:
    """Counts values by the least bound that they do not exceed; what exceeds all has its own."""

    def __init__(self, bounds: Sequence[float], counts: Sequence[int] = ()) -> None:
        """`bounds` rise; `counts` are those of a tally with the same bounds."""
        self.bounds = bounds
        self.counts = [*counts, *[0] * (len(bounds) + 1 - len(counts))]
        self.sum = 0.0

    def add(self, value: float) -> None:
        """Counts one value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value

    def add_sorted(self, values: Sequence[float]) -> None:
        """Counts many, the least first."""
        before = 0
        for place, bound in enumerate(self.bounds):
            within = bisect_right(values, bound, before)
            self.counts[place] += within - before
            before = within
        self.counts[-1] += len(values) - before
        self.sum += sum(values)

    def add_all(self, other: "Tally") -> None:
        """Counts what another tally with the same bounds did."""
        self.counts = [here + more for here, more in zip(self.counts, other.counts, strict=True)]
        self.sum += other.sum

    @property
    def total(self) -> int:
        """How many were counted."""
        return sum(self.counts)

    def quantile(self, share: float) -> float:
        """What `share` of the values do not exceed, as if they lay evenly in their bucket."""
        wanted, before = self.total * share, 0
        for place, count in enumerate(self.counts):
            if count and before + count >= wanted:
                low = self.bounds[place - 1] if place else 0.0
                high = self.bounds[min(place, len(self.bounds) - 1)]
                return low + (high - low) * max(wanted - before, 0) / count
            before += count
        return 0.0
