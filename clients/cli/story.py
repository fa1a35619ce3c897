"""The story of a generation as it is shown: a pure fold over its events.

It knows no terminal and no clock: `now` is any clock that only goes forward, in seconds. What took
how long is a matter of the events: a replay, told within a moment, says what the story itself said.
"""

from dataclasses import dataclass, field
from enum import Enum

from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc.status_pb2 import Status
from hatchery.progress.v1 import progress_pb2 as pb
from hatchery.types.v1.cost_pb2 import Cost
from hatchery.types.v1.estimate_pb2 import Estimate

from clients.cli.step import Step

A_WHILE = 1.0  # seconds after which it waits, though nobody else does
WRITING = "write"  # the step that writes free text
ANSWERING = "execution"  # the step in which a companion acts and replies

_ENDS_WORK = frozenset(
    {"step_completed", "step_retrying", "paused", "completed", "failed", "cancelled"}
)


class Phase(Enum):
    """Where the whole stands."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(slots=True)
class Story:
    """All that was heard so far."""

    generation: str = ""
    phase: Phase = Phase.WAITING
    fraction: float = 0.0
    queued: pb.Queued | None = None
    queued_at: Timestamp | None = None
    plan: list[str] = field(default_factory=list)
    steps: dict[str, Step] = field(default_factory=dict)
    current: Step | None = None
    preview: pb.Preview | None = None
    recoveries: int = 0
    resource: str = ""
    error: Status | None = None
    requested_by: str = ""
    _remaining: Estimate | None = None
    _heard: float = 0.0
    _queued: float = 0.0
    _first: Timestamp | None = None
    _began: float | None = None
    _took: float | None = None
    _worked: float = 0.0
    _at_work: Step | None = None
    _before: pb.Progress | None = None

    def hear(self, event: pb.Progress, now: float) -> None:
        """Take the next event in."""
        kind = event.WhichOneof("event")
        self.generation = event.generation or self.generation
        self._keep_time(event, now)
        if event.sequence:
            self._count_work(event)
        if kind == "heartbeat":
            return
        self.fraction = event.fraction
        self._remaining = event.remaining if event.HasField("remaining") else None
        if kind == "queued" and self.queued is None:
            self._queued, self.queued_at = now, event.emit_time
        self.queued = event.queued if kind == "queued" else None
        step = self._step(event) if event.step else None
        match kind:
            case "started":
                self.plan = [planned.step for planned in event.started.steps]
                for planned in event.started.steps:
                    self.steps[planned.step] = Step(planned.step, planned.title)
            case "recovered":
                self.recoveries += 1
            case "paused":
                self.phase, self.current = Phase.PAUSED, None
            case "resumed":
                self.phase = Phase.WAITING
            case "completed":
                self._end(Phase.COMPLETED, event)
                self.resource = event.completed.resource
            case "failed":
                self._end(Phase.FAILED, event)
                self.error = event.failed.error
            case "cancelled":
                self._end(Phase.CANCELLED, event)
                self.requested_by = event.cancelled.requested_by
            case "queued":
                pass
            case "preview":
                self.preview = event.preview
            case _ if step is not None:
                step.hear(event, kind)
        if kind == "step_started":
            self._at_work = step
        elif kind in _ENDS_WORK:
            self._at_work = None
        if self.phase is Phase.WAITING and kind not in ("queued", "resumed"):
            self.phase = Phase.RUNNING

    @property
    def ended(self) -> bool:
        """Whether the last word was said."""
        return self.phase in (Phase.COMPLETED, Phase.FAILED, Phase.CANCELLED)

    def elapsed(self, now: float) -> float:
        """Return the seconds since the first event, however late it was heard."""
        if self._took is not None:
            return self._took
        return now - self._began if self._began is not None else 0.0

    def worked(self, now: float) -> float:
        """Return the seconds that steps have worked, waits and pauses left out."""
        before = self._before
        if self._at_work is None or before is None or before.HasField("recovered"):
            return self._worked
        first = self._first or before.emit_time
        return self._worked + max(self.elapsed(now) - between(first, before.emit_time), 0.0)

    @property
    def writes(self) -> bool:
        """Whether it makes a free text, as far as that is known."""
        return WRITING in self.steps

    @property
    def answers(self) -> bool:
        """Whether a companion thinks and replies, as far as that is known."""
        return ANSWERING in self.steps and "planning" in self.steps

    @property
    def cost(self) -> Cost | None:
        """What all steps cost by now; None where nothing is priced."""
        costs = [cost for step in self.steps.values() if (cost := step.cost) is not None]
        if not costs:
            return None
        return Cost(amount_micros=sum(c.amount_micros for c in costs), unit=costs[-1].unit)

    def waits(self, now: float) -> bool:
        """Whether it is worth saying: others wait too, or it has been a while."""
        if self.queued is None:
            return False
        alone = self.queued.position <= 0 and self.queued.queue_size <= 1
        return not alone or now - self._queued >= A_WHILE

    def left(self, now: float) -> float | None:
        """Return the seconds that are expected to be left; below zero it takes longer than that."""
        if self._remaining is None or self.ended or self.phase is Phase.PAUSED:
            return None
        return seconds_of(self._remaining) - (now - self._heard)

    @property
    def basis(self) -> "Estimate | None":
        """The estimate that `left` rests on."""
        return self._remaining

    def _keep_time(self, event: pb.Progress, now: float) -> None:
        """Count from the first event by the emitter's clock, and on from the latest by ours."""
        self._heard = now
        if self._first is None:
            self._first = event.emit_time
        began = now - between(self._first, event.emit_time)
        self._began = began if self._began is None else min(self._began, began)

    def _count_work(self, event: pb.Progress) -> None:
        """Count the time since the event before, where a step worked.

        Nobody did until a lost runner was followed, nor until its successor has begun.
        """
        before, self._before = self._before, event
        if self._at_work is None or before is None:
            return
        if event.HasField("recovered") or before.HasField("recovered"):
            return
        seconds = between(before.emit_time, event.emit_time)
        self._worked += seconds
        self._at_work.worked += seconds

    def _step(self, event: pb.Progress) -> Step:
        step = self.steps.get(event.step)
        if step is None or event.attempt > step.attempt:
            told = step or Step(event.step)
            step = Step(event.step, told.title, told.index, told.total, event.attempt)
            step.void(told)
            self.steps[event.step] = step
        if self.current is not step:
            self.current, self.preview = step, None
        return step

    def _end(self, phase: Phase, event: pb.Progress) -> None:
        self.phase, self.current = phase, None
        self._took = between(self._first, event.emit_time) if self._first is not None else 0.0


def seconds_of(estimate: Estimate) -> float:
    """Return what is expected, in seconds."""
    return estimate.expected.ToNanoseconds() / 1e9


def between(earlier: Timestamp, later: Timestamp) -> float:
    """Return the seconds from one event to another; 0 where their emitters' clocks disagree."""
    return max(later.ToNanoseconds() - earlier.ToNanoseconds(), 0) / 1e9


def group(pointer: str) -> str:
    """Return the field that a JSON pointer belongs to: the list, for an element of one."""
    parent, _, last = pointer.rpartition("/")
    return parent if last.isdigit() and parent else pointer


def merged(texts: dict[str, str]) -> dict[str, str]:
    """Return the texts by field, the elements of a list put together."""
    whole: dict[str, str] = {}
    for pointer, text in texts.items():
        name = group(pointer)
        whole[name] = f"{whole[name]}, {text}" if name in whole else text
    return whole
