"""Tells a generation as Progress: which step, which attempt, how far, how long to go.

Pure: what happened and when come in, an event comes out. It knows no store, no wire and no clock.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from google.rpc import status_pb2
from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress
from hatchery.types.v1.cost_pb2 import Price
from hatchery.types.v1.estimate_pb2 import Estimate

from services.gateway.reducer.expected import NOTHING, Expected, together
from services.gateway.reducer.length import Length
from services.gateway.reducer.prices import cost_of
from services.runtime.folding import TERMINAL

# Below this share of a step its own rate says nothing yet.
_RATE_FROM = 0.1
# What was said to be left is good for so long.
_FRESH = dt.timedelta(milliseconds=200)
# What has taken its usual time is not done before it says so.
_ALMOST = 0.98


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step of the plan, how long it takes as far as one knows, and how much it writes."""

    name: str
    title: str
    expected: Expected
    length: Length | None = None


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
    _own: tuple[dt.datetime, Expected] | None = None
    # What the model of the step costs, and how many tokens it was given to read.
    _price: Price | None = None
    _input: int = 0
    # What was left when that was last worked out.
    _left_at: dt.datetime | None = None
    _left_then: Estimate | None = None

    def queued(
        self, now: dt.datetime, position: int, size: int, *, step: str = "", places: int = 1
    ) -> Progress:
        """It waits, with `position` others ahead of `size` in all, for one of `places`.

        Each holds a place for one `step`; for the whole plan where none is named.
        """
        waiting = progress.Queued(position=position, queue_size=size)
        if position:
            turn = together(s.expected for s in self.plan if step in ("", s.name))
            waiting.estimated_wait.CopyFrom(turn.times(position / places).estimate())
        return self._tell(now, Progress(queued=waiting))

    def started(self, now: dt.datetime) -> Progress:
        """Work begins."""
        steps = [progress.PlannedStep(step=s.name, title=s.title) for s in self.plan]
        return self._tell(now, Progress(started=progress.Started(steps=steps)))

    def recovered(self, now: dt.datetime, epoch: int) -> Progress:
        """Another runner goes on."""
        return self._tell(now, Progress(recovered=progress.Recovered(epoch=epoch)))

    def step_started(
        self,
        now: dt.datetime,
        name: str,
        *,
        price: Price | None = None,
        read: int = 0,
        kept: int | None = None,
    ) -> Progress:
        """A step begins, or begins anew: then its attempt rises and the fraction goes back.

        One that goes on with `kept` tokens that it has written does neither. `read` is how many it
        is given to read at a guess, until its engine says.
        """
        index, step = next((i, s) for i, s in enumerate(self.plan, 1) if s.name == name)
        again = self.attempts.get(name, 0) > 0
        self._step, self._share, self._began = step, 0.0, now
        self._price, self._input = price, read
        self._rose = self._own = None
        if kept is None:
            self.attempts[name] = self.attempts.get(name, 0) + 1
        elif step.length is not None:
            # As if it had begun so much earlier.
            self._share = min(kept / max(step.length.tokens(0.5, kept), 1.0), _ALMOST)
            self._began = now - dt.timedelta(seconds=step.expected.seconds * self._share)
        if again and kept is None:
            self.fraction = self._so_far(now)
        started = progress.StepStarted(
            title=step.title,
            index=index,
            total=len(self.plan),
            expected=step.expected.after(step.expected.seconds * self._share).estimate(),
            continues=kept is not None,
        )
        if step.length is not None:
            started.expected_tokens.CopyFrom(step.length.estimate())
        return self._tell(now, Progress(step_started=started))

    def waited(self, now: dt.datetime) -> None:
        """The engine was busy until now: the time of the step begins."""
        self._began = now

    def engine_said(self, now: dt.datetime, event: Progress) -> Progress:
        """An engine reports from within the step; its fraction is that of the step alone.

        The event is taken over; what a gauge leaves open is filled in. What is left of a step is
        not worked out anew for each of many that come at once.
        """
        if event.HasField("token_progress"):
            self._fill_in(event)
        elif event.HasField("prompt_progress"):
            self._input = event.prompt_progress.total
        self._share = max(self._share, min(event.fraction, 1.0))
        if self._share and self._rose is None:
            self._rose = (now, self._share)
        if event.HasField("remaining"):
            self._own = (now, Expected.told(event.remaining))
        # A clock may be set back.
        fresh = self._left_at is not None and abs(now - self._left_at) < _FRESH
        return self._tell(now, event, known=self._left_then if fresh else None)

    def step_completed(self, now: dt.datetime, result: progress.StepCompleted) -> Progress:
        """The step ended well."""
        assert self._step is not None
        self._share = 1.0
        if self._price is not None and result.HasField("usage"):
            used = result.usage
            drawn = result.HasField("portrait") or (result.HasField("document") and used.steps > 0)
            pictures = int(drawn and not result.HasField("fallback"))
            read = used.input_tokens if used.HasField("input_tokens") else self._input
            result.cost.CopyFrom(cost_of(self._price, read, used.output_tokens, pictures))
        event = self._tell(now, Progress(step_completed=result))
        self.finished.add(self._step.name)
        self._step = None
        return event

    def step_reused(self, now: dt.datetime, name: str, result: progress.StepCompleted) -> Progress:
        """The step was done by the generation that this one tries again."""
        self._step, self._share = next(s for s in self.plan if s.name == name), 1.0
        self._price, self.attempts[name] = None, 1
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

    def _fill_in(self, event: Progress) -> None:
        """Adds what the engine does not know: how long its text may get, and what it costs."""
        assert self._step is not None
        gauge = event.token_progress
        if self._step.length is not None and not gauge.estimated_total:
            self._step.length.put_into(event)
        if self._price is not None:
            gauge.cost.CopyFrom(cost_of(self._price, self._input, gauge.tokens, 0))

    def _tell(
        self, now: dt.datetime, event: Progress, *, known: Estimate | None = None
    ) -> Progress:
        """Stamps an event; `known` is what is left, where that is known already."""
        ending = event.WhichOneof("event") in TERMINAL
        event.generation = self.generation
        event.sequence = 0
        # FromDatetime takes ten times as long.
        event.emit_time.seconds = int(now.timestamp())
        event.emit_time.nanos = now.microsecond * 1000
        if self._step is not None and not ending:
            event.step = self._step.name
            event.attempt = self.attempts[self._step.name]
        self.fraction = event.fraction = min(max(self.fraction, self._so_far(now)), 1.0)
        event.ClearField("remaining")
        if not ending:
            if known is None:
                self._left_at, self._left_then = now, self._remaining(now)
            if (left := known or self._left_then) is not None:
                event.remaining.CopyFrom(left)
        return event

    def _so_far(self, now: dt.datetime) -> float:
        total = done = 0.0
        for step in self.plan:
            seconds = step.expected.seconds
            total += seconds
            if step.name in self.finished:
                done += seconds
            elif step is self._step:
                done += seconds * self._done(now)
        return done / total if total else 0.0

    def _done(self, now: dt.datetime) -> float:
        """The share of the step under way: at first by the clock, then by its engine's word."""
        usual, weight = self._usual_share(now), self._weight(now)
        return self._share * weight + min(usual, _ALMOST) * (1 - weight)

    def _usual_share(self, now: dt.datetime) -> float:
        """The share of its usual time that the step has taken, also above 1; 0 if none is known."""
        if self._step is None or self._began is None or not self._step.expected.runs:
            return 0.0
        usual = self._step.expected.seconds
        return (now - self._began).total_seconds() / usual if usual > 0 else 1.0

    def _weight(self, now: dt.datetime) -> float:
        """How much the engine's word counts beside the history: all of it where there is none."""
        if self._step is None or not self._step.expected.runs:
            return 1.0
        if self._step.length is not None and self._own is not None:
            return 1.0  # what earlier texts say is in it already
        return min(max(self._share, self._usual_share(now)), 1.0)

    def _remaining(self, now: dt.datetime) -> Estimate | None:
        """The time left; None when nothing is known of it."""
        if not self.plan:
            return None
        later = together(
            s.expected for s in self.plan if s.name not in self.finished and s is not self._step
        )
        here = NOTHING if self._step is None or self._began is None else self._left(now)
        return together((here, later)).estimate() if here is not None else None

    def _left(self, now: dt.datetime) -> Expected | None:
        """What is left of the step under way.

        The engine's word or its rate counts the more the further it is, or the longer it takes
        than usual. None for a step that takes longer than ever and does not say why.
        """
        assert self._step is not None and self._began is not None  # noqa: PT018
        if self._share >= 1.0:
            return NOTHING
        usual = self._step.expected.after((now - self._began).total_seconds())
        said = self._said(now)
        if said is not None:
            return usual.mixed(said, self._weight(now))
        return usual if usual.seconds > 0 else None

    def _said(self, now: dt.datetime) -> Expected | None:
        """What the engine says is left of its step, or its rate lets one expect."""
        if self._own is not None:
            told, own = self._own
            left = own.after((now - told).total_seconds())
            return left if left.high > 0 else None
        if self._rose is None or (done := self._share - self._rose[1]) < _RATE_FROM:
            return None
        seconds = (now - self._rose[0]).total_seconds() / done * (1 - self._share)
        return Expected.at_this_rate(seconds)
