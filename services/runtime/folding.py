"""How events that wait are folded: text merges, a gauge keeps its latest value, facts stay."""

from hatchery.progress.v1.progress_pb2 import Progress

GAUGES = frozenset({"token_progress", "step_progress", "prompt_progress", "model_loading"})
EPHEMERAL = frozenset({"heartbeat", "preview"})
REPLACEABLE = GAUGES | EPHEMERAL
TERMINAL = frozenset({"completed", "failed", "cancelled"})


def fold_into(pending: list[Progress], event: Progress) -> None:
    """Appends an event to those that wait for a number, or folds it into one of them.

    Text merges with the text before it when both belong to one field of one attempt. A gauge
    (and what is ephemeral) replaces an earlier one of its kind as long as no fact stands between
    them. Nothing is ever folded over a fact, so facts stand in the order in which they happened.
    """
    kind = event.WhichOneof("event")
    if kind == "text_delta":
        if (
            last := _last_of(pending, kind, event)
        ) is not None and last.text_delta.field == event.text_delta.field:
            last.text_delta.text += event.text_delta.text
            _advance(last, event)
            return
    elif kind in REPLACEABLE and (last := _last_of(pending, kind, event)) is not None:
        pending.remove(last)
    pending.append(event)


def _last_of(pending: list[Progress], kind: str | None, event: Progress) -> Progress | None:
    """The latest waiting event of a kind with only foldable ones of the same attempt after it."""
    for earlier in reversed(pending):
        if (earlier.step, earlier.attempt) != (event.step, event.attempt):
            return None
        earlier_kind = earlier.WhichOneof("event")
        if earlier_kind == kind:
            return earlier
        if earlier_kind not in REPLACEABLE and earlier_kind != "text_delta":
            return None
    return None


def _advance(last: Progress, event: Progress) -> None:
    last.emit_time.CopyFrom(event.emit_time)
    last.fraction = max(last.fraction, event.fraction)
    if event.HasField("remaining"):
        last.remaining.CopyFrom(event.remaining)
