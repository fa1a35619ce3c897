"""Tells a generation as Progress: which step, which attempt, how far, how long to go.

Pure: what happened and when come in, an event comes out. It knows no store, no wire and no clock.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from google.rpc import status_pb2
from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress
from hatchery.types.v1.estimate_pb2 import Estimate

# How far the true value may lie from a first guess and from a measured rate, as factors.
_GUESS = (0.3, 4.0)
_RATE = (0.6, 1.8)
# Below this share of a step its own rate says nothing yet.
_RATE_FROM = 0.1


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step of the plan. `expected` is its usual duration in seconds."""

    name: str
    title: str
    expected: float


@dataclass(slots=True)
class Narrator:
    """The state of one telling. Every method returns the next event, stamped."""

    generation: str
    plan: Sequence[PlannedStep]
    finished: set[str] = field(default_factory=set)
    attempts: dict[str, int] = field(default_factory=dict)
    fraction: float = 0.0
    _step: PlannedStep | None = None
    _share: float = 0.0
    _began: dt.datetime | None = None
    # When the share of the step first rose, and to what: before, an engine loads and prepares.
    _rose: tuple[dt.datetime, float] | None = None
    # The engine's own estimate for the step, and when it was told.
    _own: tuple[dt.datetime, Estimate] | None = None

    def queued(self, now: dt.datetime, position: int, size: int) -> Progress:
        """It waits, with `position` others ahead of `size` in all."""
        waiting = progress.Queued(position=position, queue_size=size)
        if position:
            seconds = position * sum(step.expected for step in self.plan)
            waiting.estimated_wait.CopyFrom(_estimate(seconds, _GUESS, Estimate.BASIS_DEFAULT))
        return self._tell(now, Progress(queued=waiting))

    def started(self, now: dt.datetime) -> Progress:
        """Work begins."""
        steps = [progress.PlannedStep(step=s.name, title=s.title) for s in self.plan]
        return self._tell(now, Progress(started=progress.Started(steps=steps)))

    def recovered(self, now: dt.datetime, epoch: int) -> Progress:
        """Another runner goes on."""
        return self._tell(now, Progress(recovered=progress.Recovered(epoch=epoch)))

    def step_started(self, now: dt.datetime, name: str, details: str = "") -> Progress:
        """A step begins, or begins anew: then its attempt rises and the fraction goes back."""
        index, step = next((i, s) for i, s in enumerate(self.plan, 1) if s.name == name)
        again = self.attempts.get(name, 0) > 0
        self.attempts[name] = self.attempts.get(name, 0) + 1
        self._step, self._share, self._began = step, 0.0, now
        self._rose = self._own = None
        if again:
            self.fraction = self._so_far()
        return self._tell(
            now,
            Progress(
                step_started=progress.StepStarted(
                    title=step.title,
                    index=index,
                    total=len(self.plan),
                    expected=_estimate(step.expected, _GUESS, Estimate.BASIS_DEFAULT),
                    details=details,
                )
            ),
        )

    def engine_said(self, now: dt.datetime, event: Progress) -> Progress:
        """An engine reports from within the step; its fraction is that of the step alone."""
        self._share = max(self._share, min(event.fraction, 1.0))
        if self._share and self._rose is None:
            self._rose = (now, self._share)
        if event.HasField("remaining"):
            self._own = (now, event.remaining)
        told = Progress()
        told.CopyFrom(event)
        return self._tell(now, told)

    def step_completed(self, now: dt.datetime, result: progress.StepCompleted) -> Progress:
        """The step ended well."""
        assert self._step is not None
        self._share = 1.0
        event = self._tell(now, Progress(step_completed=result))
        self.finished.add(self._step.name)
        self._step = None
        return event

    def step_reused(self, now: dt.datetime, name: str, result: progress.StepCompleted) -> Progress:
        """The step was done by the generation that this one tries again."""
        self._step, self._share = next(s for s in self.plan if s.name == name), 1.0
        self.attempts[name] = 1
        return self.step_completed(now, result)

    def step_retrying(self, now: dt.datetime, error: status_pb2.Status, backoff: float) -> Progress:
        """The step failed and is tried again after `backoff` seconds."""
        assert self._step is not None
        retrying = progress.StepRetrying(
            error=error, next_attempt=self.attempts[self._step.name] + 1
        )
        retrying.backoff.FromTimedelta(dt.timedelta(seconds=backoff))
        return self._tell(now, Progress(step_retrying=retrying))

    def completed(self, now: dt.datetime, resource: str) -> Progress:
        """All is done."""
        self.fraction = 1.0
        return self._tell(now, Progress(completed=progress.Completed(resource=resource)))

    def failed(self, now: dt.datetime, error: status_pb2.Status) -> Progress:
        """It could not be done."""
        return self._tell(now, Progress(failed=progress.Failed(error=error)))

    def cancelled(self, now: dt.datetime, by: str) -> Progress:
        """Somebody asked to stop it."""
        return self._tell(now, Progress(cancelled=progress.Cancelled(requested_by=by)))

    def paused(self, now: dt.datetime, by: str) -> Progress:
        """Somebody halted it; the step under way will begin anew."""
        self._step = None
        return self._tell(now, Progress(paused=progress.Paused(requested_by=by)))

    def resumed(self, now: dt.datetime, by: str) -> Progress:
        """It goes on."""
        return self._tell(now, Progress(resumed=progress.Resumed(requested_by=by)))

    def resume(self, finished: set[str], attempts: Mapping[str, int], fraction: float) -> None:
        """Goes on where a log that was folded ends."""
        self.finished, self.attempts, self.fraction = set(finished), dict(attempts), fraction

    def _tell(self, now: dt.datetime, event: Progress) -> Progress:
        ending = event.WhichOneof("event") in ("completed", "failed", "cancelled")
        event.generation = self.generation
        event.sequence = 0
        event.emit_time.FromDatetime(now)
        if self._step is not None and not ending:
            event.step = self._step.name
            event.attempt = self.attempts[self._step.name]
        self.fraction = event.fraction = min(max(self.fraction, self._so_far()), 1.0)
        event.ClearField("remaining")
        if not ending and (left := self._remaining(now)) is not None:
            event.remaining.CopyFrom(left)
        return event

    def _so_far(self) -> float:
        total = sum(step.expected for step in self.plan)
        done = sum(step.expected for step in self.plan if step.name in self.finished)
        if self._step is not None and self._step.name not in self.finished:
            done += self._step.expected * self._share
        return done / total if total else 0.0

    def _remaining(self, now: dt.datetime) -> Estimate | None:
        """The time left: the engine's word for its step, else the step's rate, else its usual time.

        None when nothing is known, as for a step that takes longer than ever and does not say.
        """
        if not self.plan:
            return None
        later = sum(
            s.expected for s in self.plan if s.name not in self.finished and s is not self._step
        )
        if self._step is None or self._began is None:
            return _estimate(later, _GUESS, Estimate.BASIS_DEFAULT)
        if self._own is not None:
            told, own = self._own
            since = (now - told).total_seconds()
            low, left, high = (
                max(part.ToTimedelta().total_seconds() - since, 0.0)
                for part in (own.low, own.expected, own.high)
            )
            return _between(
                low + later * _RATE[0], left + later, high + later * _RATE[1], own.basis
            )
        if self._rose is not None and (done := self._share - self._rose[1]) >= _RATE_FROM:
            left = (now - self._rose[0]).total_seconds() / done * (1 - self._share)
            return _estimate(left + later, _RATE, Estimate.BASIS_RATE)
        left = self._step.expected - (now - self._began).total_seconds()
        return _estimate(left + later, _GUESS, Estimate.BASIS_DEFAULT) if left > 0 else None


def _estimate(
    seconds: float, spread: tuple[float, float], basis: Estimate.Basis.ValueType
) -> Estimate:
    return _between(seconds * spread[0], seconds, seconds * spread[1], basis)


def _between(low: float, expected: float, high: float, basis: Estimate.Basis.ValueType) -> Estimate:
    estimate = Estimate(basis=basis)
    estimate.low.FromTimedelta(dt.timedelta(seconds=low))
    estimate.expected.FromTimedelta(dt.timedelta(seconds=expected))
    estimate.high.FromTimedelta(dt.timedelta(seconds=high))
    return estimate
