"""The story as lines, for files, pipes and screen readers: each of them says something new."""

import threading
import time
from collections.abc import Iterable, Iterator

import click
from hatchery.progress.v1.progress_pb2 import Progress

from clients.cli.show import telling, thought
from clients.cli.show.display import Quiet
from clients.cli.show.figures import figures
from clients.cli.step import Step
from clients.cli.story import (
    A_WHILE,
    WRITING,
    Phase,
    Story,
    between,
    group,
    merged,
    seconds_of,
)
from clients.cli.wording import about, clean, duration, joined, label, percent

QUARTERS = 4
LONG_PROMPT = 256  # tokens from which it is said how much of them is read
_ENDS_TEXT = frozenset({"step_completed", "step_retrying", "failed", "cancelled"})


class PlainTeller:
    """Turns events into lines. Pure: `now` is a clock in seconds."""

    def __init__(self) -> None:
        self.story = Story()
        self._field: str | None = None
        self._said = ""
        self._far = 0
        self._read = 0
        self._substitutes: set[str] = set()

    def hear(self, event: Progress, now: float) -> Iterator[str]:
        """Yield what is to be said after this event."""
        kind, before = event.WhichOneof("event"), self.story.current
        field = group(event.text_delta.field) if kind == "text_delta" else None
        if (field is not None and field != self._field) or kind in _ENDS_TEXT:
            yield from self._written(before)
        if field is not None:
            self._field = field
        quarter = _quarter(before)
        if self._has_waited(event):
            yield from self.waiting()
        self.story.hear(event, now)
        step = self.story.steps.get(event.step)
        match kind:
            case "queued":
                if self.story.waits(now):
                    yield from self.waiting()
            case "recovered":
                yield "Another replica of the server goes on with it."
            case "paused":
                yield telling.paused(self.story.generation)
            case "resumed":
                yield "It goes on."
            case "step_started" if step:
                self._field, self._said = None, ""
                self._far, self._read = _quarters(self.story.fraction), 0
                yield _begins(step, event)
            case "token_progress" if step and step.name == WRITING:
                yield from self._writing(now)
            case "model_loading":
                event.model_loading.ClearField("elapsed")
                yield from self._once(f"  {telling.loading(event.model_loading)}")
            case "prompt_progress" if step:
                yield from self._reading(event)
            case "action_progress" if step:
                if said := thought.action(event.action_progress):
                    yield f"  {said}"
                if command := thought.follow_up(event.action_progress):
                    yield f"  to watch it: {command}"
            case "step_progress" if step and _quarter(step) > quarter:
                yield f"  {telling.work(event.step_progress)}"
            case "step_retrying":
                yield f"  {telling.retrying(event.step_retrying)}"
            case "step_completed" if step:
                yield from self._completed(step)
            case "completed" | "failed" | "cancelled":
                yield self._end(now)

    def waiting(self) -> Iterator[str]:
        """Say where it stands in the queue, where it does and that was not said."""
        if self.story.queued is not None:
            yield from self._once(telling.queue(self.story.queued))

    def _has_waited(self, event: Progress) -> bool:
        """Whether it waited for a while before this event, by the emitter's clock."""
        since = self.story.queued_at if self.story.queued is not None else None
        return since is not None and between(since, event.emit_time) >= A_WHILE

    def _written(self, step: Step | None) -> Iterator[str]:
        """Say the field that was being written, now that it is whole; a free text has none."""
        field, self._field = self._field, None
        if step is not None and field:
            text = clean(merged(step.texts).get(field, ""))
            if text:
                yield f"  {label(field)}: {text}"

    def _writing(self, now: float) -> Iterator[str]:
        """Say how far a text is, at every quarter of the way."""
        before, self._far = self._far, _quarters(self.story.fraction)
        if self._far > before:
            yield f"  {joined(percent(self.story.fraction), *figures(self.story, now))}"

    def _reading(self, event: Progress) -> Iterator[str]:
        """Say how much of a long prompt is read, at every quarter of it."""
        told = event.prompt_progress
        read = _quarters(told.processed / max(told.total, 1))
        if told.total >= LONG_PROMPT and read > self._read:
            self._read = read
            yield f"  {telling.reading(told)}"

    def _completed(self, step: Step) -> Iterator[str]:
        """Say what came of a step, and what it took; a substitute for one reason is said once."""
        if step.result is None:
            return
        for said in (clean(step.result.details), telling.made(step.result)):
            if said:
                yield f"  {said}"
        if step.result.HasField("fallback"):
            said = telling.fallback(step.result.fallback)
            if said not in self._substitutes:
                self._substitutes.add(said)
                yield f"  {said}"
        if step.result.reused:
            yield f"  {clean(step.title or step.name)}: kept from {clean(step.result.reused)}"
        elif step.result.HasField("usage"):
            took = f" in {duration(step.took)}" if step.took is not None else ""
            unit = step.work.unit if step.work is not None else ""
            yield f"  {telling.usage(step.result.usage, unit)}{took}"

    def _once(self, line: str) -> Iterator[str]:
        if line != self._said:
            self._said = line
            yield line

    def _end(self, now: float) -> str:
        took = duration(self.story.elapsed(now))
        match self.story.phase:
            case Phase.COMPLETED:
                return f"Done in {took}."
            case Phase.CANCELLED:
                return f"Cancelled after {took}."
        return f"Failed after {took}."


def _begins(step: Step, event: Progress) -> str:
    begun = event.step_started
    heading = telling.heading(step)
    if begun.continues:
        written = telling.written(step.tokens) if step.tokens is not None else "what is written"
        heading = f"{heading} goes on after {written}"
    if seconds_of(begun.expected) < 1:
        return heading
    expected = joined(about(seconds_of(begun.expected)), telling.length(step.expected_tokens))
    return f"{heading} ({expected}, {telling.basis(begun.expected)})"


def _quarter(step: Step | None) -> int:
    if step is None or step.work is None:
        return 0
    return _quarters(step.work.done / max(step.work.total, 1))


def _quarters(fraction: float) -> int:
    return int(fraction * QUARTERS + 1e-9)


class PlainDisplay(Quiet):
    """Prints the lines, each with `mark` in front; `apart` from what standard output is for."""

    def __init__(self, mark: str = "", *, apart: bool = False) -> None:
        self._mark = mark
        self._apart = apart
        self._teller = PlainTeller()
        self._is_lost = False
        self._lock = threading.Lock()

    def hear(self, event: Progress) -> None:
        """Print what the event tells."""
        with self._lock:
            if self._is_lost:
                self._is_lost = False
                self._say(["Connected again."])
            self._say(self._teller.hear(event, time.monotonic()))
        if event.WhichOneof("event") == "queued":
            later = threading.Timer(A_WHILE, self._still_waiting)
            later.daemon = True
            later.start()

    def _still_waiting(self) -> None:
        with self._lock:
            self._say(self._teller.waiting())

    def _say(self, lines: Iterable[str]) -> None:
        for line in lines:
            click.echo(f"{self._mark}{line}", err=self._apart)

    def lost(self, pause: float) -> None:
        """Say once that the connection was lost."""
        if not self._is_lost and self._teller.story.generation:
            self._is_lost = True
            self._say(["The connection was lost; the work goes on. Connecting again …"])
