"""How events that wait are folded: text merges, a gauge keeps its latest value, facts stay."""

from hatchery.progress.v1.progress_pb2 import Progress

GAUGES = frozenset({"token_progress", "step_progress", "prompt_progress", "model_loading"})
EPHEMERAL = frozenset({"heartbeat", "preview"})
FOLDABLE = GAUGES | EPHEMERAL | {"text_delta"}
TERMINAL = frozenset({"completed", "failed", "cancelled"})


def fold_into(pending: list[Progress], event: Progress) -> None:
    """Appends an event to those that wait for a number, or folds it into one of them.

    Text merges with the text before it when both belong to one field of one attempt. A gauge
    (and what is ephemeral) replaces an earlier one of its kind as long as no fact stands between
    them. The result stands last. Nothing is ever folded over a fact, so facts stand in the order in
    which they happened.
    """
    kind = event.WhichOneof("event")
    place = _place_of_last(pending, kind, event) if kind in FOLDABLE else None
    if place is not None:
        last = pending[place]
        if kind == "text_delta":
            if last.text_delta.field != event.text_delta.field:
                pending.append(event)
                return
            event.text_delta.text = last.text_delta.text + event.text_delta.text
        # It stands where the latest part of it stands, so that fractions never go back.
        del pending[place]
    pending.append(event)


def _place_of_last(pending: list[Progress], kind: str | None, event: Progress) -> int | None:
    """Where the latest of a kind waits with only foldable ones of the same attempt after it."""
    for place in range(len(pending) - 1, -1, -1):
        earlier = pending[place]
        if (earlier.step, earlier.attempt) != (event.step, event.attempt):
            return None
        earlier_kind = earlier.WhichOneof("event")
        if earlier_kind == kind:
            return place
        if earlier_kind not in FOLDABLE:
            return None
    return None
