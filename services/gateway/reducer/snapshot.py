"""Folds a log into the snapshot of its generation.

Pure: the same events in the same order give the same snapshot, in one go or continued from any
point. A higher attempt of a step voids what its earlier attempts wrote.
"""

from hatchery.gateway.v1.generation_service_pb2 import FieldText, Generation, StepSnapshot
from hatchery.progress.v1.progress_pb2 import ActionProgress, Progress


def fold(snapshot: Generation, *events: Progress) -> None:
    """Folds the next events of the log into `snapshot`. Ephemeral ones are none of the log."""
    said, before = _Said(), snapshot.latest
    worked = snapshot.active_duration.ToNanoseconds()
    for sequence, event in enumerate(events, snapshot.last_sequence + 1):
        assert event.sequence == sequence, (event.sequence, sequence)
        if event.HasField("step_started"):
            said.put_into(snapshot)  # what it voids is there
        worked += _worked(snapshot, before, event)
        _fold(snapshot, event, said)
        before = event
    said.put_into(snapshot)
    if events:
        snapshot.last_sequence = events[-1].sequence
        snapshot.latest.CopyFrom(events[-1])
    if worked:
        snapshot.active_duration.FromNanoseconds(worked)
    _put_cost(snapshot)


class _Said(dict[tuple[str, str], list[str]]):
    """Pieces of text by step and field: put together once, and not each time one more comes."""

    def put_into(self, snapshot: Generation) -> None:
        """Adds them to the texts of a snapshot."""
        for (step, name), pieces in self.items():
            _text(snapshot, step, name).text += "".join(pieces)
        self.clear()


def _worked(snapshot: Generation, before: Progress, event: Progress) -> int:
    """The nanoseconds up to an event in which a step worked.

    Nobody did until a lost runner was followed, nor until its successor has begun.
    """
    lost = event.HasField("recovered") or before.HasField("recovered")
    if lost or not any(step.state == StepSnapshot.STATE_RUNNING for step in snapshot.steps):
        return 0
    return max(event.emit_time.ToNanoseconds() - before.emit_time.ToNanoseconds(), 0)


def _put_cost(snapshot: Generation) -> None:
    """Sums up what the steps cost: what is told at their end, or by their latest gauge.

    What attempts cost that are void counts as well.
    """
    costs = [
        cost
        for step in snapshot.steps
        for cost in (
            step.voided_cost,
            step.result.cost if step.HasField("result") else step.tokens.cost,
        )
        if cost.unit
    ]
    if costs:
        snapshot.cost.unit = costs[-1].unit
        snapshot.cost.amount_micros = sum(cost.amount_micros for cost in costs)
    else:
        snapshot.ClearField("cost")


def _fold(snapshot: Generation, event: Progress, said: _Said) -> None:
    kind = event.WhichOneof("event")
    if kind == "queued":
        snapshot.state = Generation.STATE_QUEUED
        snapshot.create_time.CopyFrom(event.emit_time)
    elif kind == "started":
        snapshot.state = Generation.STATE_RUNNING
        snapshot.start_time.CopyFrom(event.emit_time)
        for planned in event.started.steps:
            snapshot.steps.add(
                step=planned.step, title=planned.title, state=StepSnapshot.STATE_PENDING
            )
    elif kind in _ENDINGS:
        _end(snapshot, event, kind)
    elif kind == "paused":
        snapshot.state = Generation.STATE_PAUSED
        _halt(snapshot, StepSnapshot.STATE_PENDING)
    elif kind == "resumed":
        snapshot.state = Generation.STATE_QUEUED
    elif kind == "recovered":
        snapshot.state = Generation.STATE_RUNNING
    elif event.step:
        if kind == "step_started":
            snapshot.state = Generation.STATE_RUNNING
        _fold_step(snapshot, _step(snapshot, event.step), event, said)


_ENDINGS = {
    "completed": Generation.STATE_COMPLETED,
    "failed": Generation.STATE_FAILED,
    "cancelled": Generation.STATE_CANCELLED,
}


def _end(snapshot: Generation, event: Progress, kind: str) -> None:
    snapshot.state = _ENDINGS[kind]
    snapshot.end_time.CopyFrom(event.emit_time)
    if kind == "completed":
        snapshot.resource = event.completed.resource
    elif kind == "failed":
        snapshot.error.CopyFrom(event.failed.error)
    _halt(snapshot, StepSnapshot.STATE_ENDED)


def _halt(snapshot: Generation, state: StepSnapshot.State.ValueType) -> None:
    """Gives the step that was under way another state."""
    for step in snapshot.steps:
        if step.state in (StepSnapshot.STATE_RUNNING, StepSnapshot.STATE_RETRYING):
            step.state = state


def _fold_step(snapshot: Generation, step: StepSnapshot, event: Progress, said: _Said) -> None:
    kind = event.WhichOneof("event")
    step.attempt = max(step.attempt, event.attempt)
    if kind == "step_started":
        if not event.step_started.continues:
            _void(snapshot, step)
        step.title = event.step_started.title
        step.state = StepSnapshot.STATE_RUNNING
        step.start_time.CopyFrom(event.emit_time)
    elif kind == "text_delta":
        said.setdefault((step.step, event.text_delta.field), []).append(event.text_delta.text)
    elif kind == "token_progress":
        step.tokens.CopyFrom(event.token_progress)
    elif kind == "step_progress":
        step.work.CopyFrom(event.step_progress)
    elif kind == "action_progress":
        _put_action(step, event.action_progress)
    elif kind == "step_retrying":
        step.state = StepSnapshot.STATE_RETRYING
        step.error.CopyFrom(event.step_retrying.error)
    elif kind == "step_completed":
        step.state = StepSnapshot.STATE_COMPLETED
        step.end_time.CopyFrom(event.emit_time)
        step.result.CopyFrom(event.step_completed)
        if event.step_completed.HasField("usage"):
            step.usage.CopyFrom(event.step_completed.usage)


def _put_action(step: StepSnapshot, told: ActionProgress) -> None:
    """Keeps how an action stands, in the place of how it stood before."""
    for action in step.actions:
        if action.index == told.index:
            action.CopyFrom(told)
            return
    step.actions.append(told)


def _void(snapshot: Generation, step: StepSnapshot) -> None:
    """Forgets what earlier attempts of the step said."""
    if step.tokens.HasField("cost"):
        step.voided_cost.unit = step.tokens.cost.unit
        step.voided_cost.amount_micros += step.tokens.cost.amount_micros
    kept = [text for text in snapshot.texts if text.step != step.step]
    del snapshot.texts[:]
    snapshot.texts.extend(kept)
    for name in ("tokens", "work", "error", "actions"):
        step.ClearField(name)


def _step(snapshot: Generation, name: str) -> StepSnapshot:
    return next((s for s in snapshot.steps if s.step == name), None) or snapshot.steps.add(
        step=name
    )


def _text(snapshot: Generation, step: str, field: str) -> FieldText:
    found = (t for t in snapshot.texts if t.step == step and t.field == field)
    return next(found, None) or snapshot.texts.add(step=step, field=field)
