"""The one oracle: what every stream of Progress must be, wherever it is read."""

from collections.abc import Sequence

from hatchery.progress.v1.progress_pb2 import Progress

TERMINAL = ("completed", "failed", "cancelled")
EPHEMERAL = ("heartbeat", "preview")


def kinds(events: Sequence[Progress]) -> list[str]:
    """The kinds of the numbered events, in order."""
    return [e.WhichOneof("event") or "" for e in events if e.sequence]


def assert_prefix(events: Sequence[Progress], *, after: int = 0) -> list[Progress]:
    """The numbered events follow `after` without a gap or a repeat; returns them."""
    numbered = [e for e in events if e.sequence]
    assert list(range(after + 1, after + 1 + len(numbered))) == [e.sequence for e in numbered]
    for event in events:
        kind = event.WhichOneof("event")
        assert kind is not None, f"an event without a kind: {event}"
        assert event.HasField("emit_time")
        assert 0.0 <= event.fraction <= 1.0
        if kind in EPHEMERAL:
            assert event.sequence == 0, f"an ephemeral event with a number: {kind}"
        elif event.sequence == 0:
            assert kind == "queued", f"a durable event without a number: {kind}"
    assert_fractions(events)
    return numbered


def assert_story(events: Sequence[Progress], *, after: int = 0) -> list[Progress]:
    """A whole story: a prefix as above, with exactly one terminal event, and that one last."""
    numbered = assert_prefix(events, after=after)
    assert numbered, "an empty story"
    endings = [e for e in numbered if e.WhichOneof("event") in TERMINAL]
    assert [numbered[-1]] == endings
    assert events[-1] is numbered[-1] or events[-1] == numbered[-1]
    return numbered


def assert_fractions(events: Sequence[Progress]) -> None:
    """The fraction goes back only where a step's attempt rises."""
    fraction, attempts = 0.0, dict[str, int]()
    for event in events:
        risen = event.step and event.attempt > attempts.get(event.step, event.attempt)
        if not risen:
            assert event.fraction >= fraction - 1e-9, (
                f"the fraction goes back from {fraction} to {event.fraction} at {event}"
            )
        fraction = event.fraction
        if event.step:
            attempts[event.step] = max(event.attempt, attempts.get(event.step, 0))
