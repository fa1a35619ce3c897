"""What waits to be committed: when it goes out, how it is numbered, and what a refusal costs."""

import uuid
from dataclasses import dataclass

import psutil
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.runner.outbox import Outbox


@dataclass
class _Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def _outbox(clock: _Clock) -> Outbox:
    snapshot = Generation(last_sequence=3)
    return Outbox(uuid.uuid4(), 2, snapshot, pause=0.05, clock=clock)


def _text(text: str) -> Progress:
    return Progress(
        step="persona", attempt=1, text_delta=progress.TextDelta(field="/name", text=text)
    )


def _gauge(tokens: int) -> Progress:
    return Progress(step="persona", attempt=1, token_progress=progress.TokenProgress(tokens=tokens))


def _started(attempt: int = 1) -> Progress:
    return Progress(step="persona", attempt=attempt, step_started=progress.StepStarted())


def _preview(attempt: int = 1) -> Progress:
    return Progress(step="persona", attempt=attempt, preview=progress.Preview(index=1))


def _queued(position: int) -> Progress:
    return Progress(queued=progress.Queued(position=position))


def test_nothing_that_waits_is_never_due() -> None:
    """An empty outbox gives the writer nothing to wait for."""
    assert _outbox(_Clock()).due_in() is None


def test_the_first_text_goes_out_at_once_and_then_gathers() -> None:
    """Text is due at once, after a batch only when the pause has passed, and merged by then."""
    outbox = _outbox(clock := _Clock())
    outbox.put(_text("Ma"))
    assert 0.0 == outbox.due_in()
    outbox.take()
    outbox.accept()
    outbox.put(_text("ri"))
    outbox.put(_text("sol"))
    assert 0.04 < (outbox.due_in() or 0) <= 0.05
    clock.now += 0.051
    assert 0.0 == outbox.due_in()
    batch = outbox.take()
    assert ["risol"] == [Progress.FromString(e).text_delta.text for e in batch.events]


def test_a_gauge_alone_waits_longer_than_text() -> None:
    """A gauge is not worth a row of its own as often; text that joins it brings it along."""
    outbox = _outbox(clock := _Clock())
    outbox.put(_text("a"))
    outbox.take()
    outbox.accept()
    outbox.put(_gauge(1))
    clock.now += 0.06
    assert (outbox.due_in() or 0) > 0.1
    outbox.put(_text("b"))
    assert 0.0 == outbox.due_in()


def test_facts_never_wait() -> None:
    """A fact is due at once, whatever gathers beside it and however recent the last batch is."""
    outbox = _outbox(_Clock())
    outbox.put(_text("a"))
    outbox.take()
    outbox.accept()
    outbox.put(_text("b"))
    outbox.put(_started())
    assert 0.0 == outbox.due_in()


def test_numbers_follow_the_log_and_the_snapshot_follows_the_store() -> None:
    """Taking numbers what waits and what is added; only what is accepted is folded."""
    outbox = _outbox(_Clock())
    outbox.put(_started())
    batch = outbox.take(Progress(cancelled=progress.Cancelled(requested_by="me")))
    assert (3, 2) == (batch.last_sequence, batch.epoch)
    assert [4, 5] == [Progress.FromString(e).sequence for e in batch.events]
    assert 3 == outbox.last_sequence
    assert 5 == outbox.folded().last_sequence
    outbox.accept()
    assert outbox.latest.HasField("cancelled")
    assert 5 == outbox.last_sequence


def test_what_is_long_takes_no_more_memory_than_it_is_long() -> None:
    """Twenty thousand words, a commit each; and every one of them is in the snapshot."""
    outbox, us = _outbox(_Clock()), psutil.Process()
    before = us.memory_info().rss
    words = [f"word{number} " for number in range(20_000)]
    for word in words:
        outbox.put(_text(word))
        outbox.take()
        outbox.accept()
    assert us.memory_info().rss - before < 50 * 2**20
    folded = outbox.folded()
    assert "".join(words) == folded.texts[0].text
    assert 3 + len(words) == folded.last_sequence == outbox.last_sequence
    assert outbox.latest == folded.latest


def test_what_is_refused_waits_again_without_what_was_added() -> None:
    """After a refusal the same numbers are given again, to what waited and what came meanwhile."""
    outbox = _outbox(_Clock())
    outbox.put(_started())
    outbox.put(_text("Ma"))
    outbox.take(Progress(step="persona", attempt=1, step_completed=progress.StepCompleted()))
    outbox.put(_text("ri"))
    outbox.restore()
    batch = outbox.take()
    again = [Progress.FromString(e) for e in batch.events]
    assert [(4, "step_started"), (5, "text_delta")] == [
        (e.sequence, e.WhichOneof("event")) for e in again
    ]
    assert "Mari" == again[1].text_delta.text


def test_only_the_latest_preview_goes_out_as_far_along_as_the_log() -> None:
    """A preview replaces the one before, gets no number, and takes the log's fraction."""
    outbox = _outbox(_Clock())
    step = _started()
    step.fraction = 0.4
    outbox.put(step)
    early, late = _preview(), _preview()
    late.preview.index = 2
    outbox.put_ephemeral(early)
    outbox.put_ephemeral(late)
    assert 0.0 == outbox.due_in()
    outbox.take()
    outbox.accept()
    ((kind, told),) = outbox.take_ephemeral()
    event = Progress.FromString(told)
    assert ("preview", 2, 0, 0.4) == (kind, event.preview.index, event.sequence, event.fraction)
    assert [] == list(outbox.take_ephemeral())


def test_a_preview_of_an_attempt_that_is_over_is_dropped() -> None:
    """Once the log tells of attempt 2, a picture of attempt 1 reaches nobody."""
    outbox = _outbox(_Clock())
    outbox.put(_started())
    outbox.put_ephemeral(_preview())
    outbox.put(_started(attempt=2))
    outbox.take()
    outbox.accept()
    assert [] == list(outbox.take_ephemeral())


def test_a_moved_queue_position_is_told_at_most_once_a_second() -> None:
    """The first move is told at once; of those within a second after it, the latest."""
    outbox = _outbox(clock := _Clock())
    outbox.put_ephemeral(_queued(5))
    assert 0.0 == outbox.due_in()
    assert [5] == [Progress.FromString(e).queued.position for _, e in outbox.take_ephemeral()]
    outbox.put_ephemeral(_queued(4))
    outbox.put_ephemeral(_queued(3))
    assert (outbox.due_in() or 0) > 0.9
    assert [] == list(outbox.take_ephemeral())
    clock.now += 1.0
    assert 0.0 == outbox.due_in()
    assert [3] == [Progress.FromString(e).queued.position for _, e in outbox.take_ephemeral()]


def test_whoever_works_is_no_longer_told_to_wait() -> None:
    """A position that was held back is forgotten when the step begins."""
    outbox = _outbox(clock := _Clock())
    outbox.put_ephemeral(_queued(1))
    outbox.take_ephemeral()
    outbox.put_ephemeral(_queued(0))
    outbox.put(_started())
    outbox.take()
    outbox.accept()
    clock.now += 2
    assert [] == list(outbox.take_ephemeral())
