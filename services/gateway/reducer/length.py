"""How long a text will be: from what is known before it is begun, and from how far it is. Pure.

What was asked for is told by a few features, and the logarithm of a length is taken to be linear in
them, with a normal error: a first guess until there are runs, which then move it. Of what is being
written, only lengths above what stands there are still possible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np
from hatchery.progress.v1.progress_pb2 import Progress
from hatchery.types.v1.estimate_pb2 import Estimate, TokenEstimate

_NORMAL = NormalDist()
# As the ranges of durations: a tenth of the true values lie under the one, and over the other.
_LOW, _HIGH = 0.1, 0.9
# So many runs weigh as much as the first guess: of what the features mean, and of the error.
_TRUST, _TRUST_IN_ERROR = 1.0, 4.0
# No text is so sure that nothing else can come, and the quantiles need room at their ends.
_LEAST_ERROR, _SUREST = 0.05, 1 - 1e-9
# From so many tokens on a rate is one.
_RATE_FROM = 5
_ALMOST = 0.99
# How far the rate of the rest may lie from that so far, as factors.
_SLOWER, _FASTER = 1.2, 0.85


@dataclass(frozen=True, slots=True)
class Prior:
    """A first guess: what each feature adds to the logarithm of the tokens, and the error of it."""

    weights: Sequence[float]
    error: float


@dataclass(frozen=True, slots=True)
class Length:
    """A text of `median` tokens, with `error` as the deviation of the logarithm; `most` at most."""

    median: float
    error: float
    most: int
    runs: int = 0

    @classmethod
    def learned(
        cls,
        prior: Prior,
        runs: Sequence[tuple[Sequence[float], int]],
        now: Sequence[float],
        most: int,
    ) -> "Length":
        """What earlier runs, as features and tokens, let one expect of the features `now`."""
        guess = np.array(prior.weights)
        usable = [run for run in runs if len(run[0]) == len(guess)]
        told = np.array([features for features, _ in usable]).reshape(-1, len(guess))
        missed = np.array([log(max(tokens, 1)) for _, tokens in usable]) - told @ guess
        pull = _TRUST * np.eye(len(guess))
        weights = guess + np.linalg.solve(told.T @ told + pull, told.T @ missed)
        left = missed - told @ (weights - guess)
        spread = (_TRUST_IN_ERROR * prior.error**2 + left @ left) / (_TRUST_IN_ERROR + len(usable))
        return cls(
            exp(min(float(np.array(now) @ weights), log(most))),
            max(sqrt(float(spread)), _LEAST_ERROR),
            most,
            len(usable),
        )

    def tokens(self, share: float, written: int = 0) -> float:
        """The length that this share of the texts stay under that have so many tokens already."""
        under = _NORMAL.cdf((log(max(written, 1)) - log(self.median)) / self.error)
        place = min(under + share * (1 - under), _SUREST)
        length = exp(log(self.median) + self.error * _NORMAL.inv_cdf(max(place, 1 - _SUREST)))
        return max(min(length, self.most), written)

    def estimate(self) -> TokenEstimate:
        """The same on the wire, before anything is written."""
        return TokenEstimate(
            expected=round(self.tokens(0.5)),
            low=round(self.tokens(_LOW)),
            high=round(self.tokens(_HIGH)),
            basis=Estimate.BASIS_HISTORY if self.runs else Estimate.BASIS_DEFAULT,
            runs=self.runs,
        )

    def put_into(self, event: Progress) -> None:
        """Tells in a gauge how long the text will be, how far it is, and how long that takes."""
        gauge = event.token_progress
        total = self.tokens(0.5, gauge.tokens)
        gauge.estimated_total = round(total)
        event.fraction = max(event.fraction, min(gauge.tokens / max(total, 1), _ALMOST))
        rate = gauge.tokens_per_second
        if gauge.tokens < _RATE_FROM or rate <= 0:
            return
        left = event.remaining
        left.basis = Estimate.BASIS_RATE
        for part, share, factor in (
            (left.low, _LOW, _FASTER),
            (left.expected, 0.5, 1.0),
            (left.high, _HIGH, _SLOWER),
        ):
            ahead = self.tokens(share, gauge.tokens) - gauge.tokens
            part.FromNanoseconds(round(ahead / rate * factor * 1e9))
