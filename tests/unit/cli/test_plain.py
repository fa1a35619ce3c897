"""The plain lines: each says something new."""

import time
from collections.abc import Iterable

import pytest
from hatchery.progress.v1 import progress_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Progress

from clients.cli.show.plain import PlainDisplay, PlainTeller
from clients.cli.story import A_WHILE
from services.runtime.errors import EngineFailed, OutputInvalid
from tests.unit.cli import events as e


def lines(events: Iterable[Progress], apart: float = 0.1) -> list[str]:
    """What is said of these events, heard so many seconds apart."""
    teller = PlainTeller()
    return [
        line
        for place, event in enumerate(events)
        for line in teller.hear(event, 50 + place * apart)
    ]


def test_a_whole_story() -> None:
    """Not a line per token: a line per field, per quarter of the work, and per step's end."""
    assert [
        "Step 1 of 2: Dreaming up a persona (about 8 s, a first guess)",
        "  Name: Marisol",
        "  Traits: shy, curious",
        "  Backstory: She reads.",
        "  120 tokens · 50.0 tokens/s · smollm2 (llamacpp) in 0.8 s",
        "Step 2 of 2: Drawing the portrait (about 3 s, a first guess)",
        "  layer 3 of 11 – 27 %",
        "  layer 6 of 11 – 54 %",
        "  layer 9 of 11 – 81 %",
        "  layer 11 of 11 – 100 %",
        "  11 layers · sketch in 1.2 s",
        "Done in 2.4 s.",
    ] == lines(e.hatching())


def test_a_replay_tells_the_times_of_the_story_itself() -> None:
    """Heard within a moment, or over an hour: the steps and the whole took what they took."""
    assert lines(e.hatching()) == lines(e.hatching(), apart=0) == lines(e.hatching(), apart=60)


def test_a_step_that_was_joined_midway_has_no_time() -> None:
    """Whoever did not hear it begin cannot say what it took."""
    assert "  11 layers · sketch" == lines(e.hatching()[14:])[-2]


def test_a_retry_says_why_and_when() -> None:
    """What was written before it is said, and what follows is marked as the second attempt."""
    assert [
        "Step 1 of 2: Dreaming up a persona (about 8 s, a first guess)",
        "  Name: Wrong",
        "  the document has no name; try again, or choose another model."
        " Trying again in 0.5 s (attempt 2)",
        "Step 1 of 2: Dreaming up a persona, attempt 2 (about 8 s, a first guess)",
        "  Name: Right",
    ] == lines(
        e.numbered(
            e.persona_begins(), e.wrote("/name", "Wrong"),
            e.retrying(OutputInvalid("the document has no name")), e.persona_begins(attempt=2),
            e.wrote("/name", "Right", attempt=2), e.persona_done(attempt=2),
        )
    )[:5]  # fmt: skip


def test_a_placeholder_says_that_it_is_one() -> None:
    """A fallback is never passed off as the real thing."""
    said = lines(e.numbered(e.avatar_begins(), e.avatar_done(EngineFailed("the brush broke"))))
    assert "This is a placeholder only: the brush broke" in said[-1]


def test_the_queue_is_said_when_it_moves() -> None:
    """One line per place in the queue, with the wait as an estimate."""
    waiting = [e.queued(2, 22), e.queued(2, 22), e.queued(1, 11), e.queued()]
    assert [
        "Waiting, 2 ahead · about 22 s to wait, as an estimate",
        "Waiting, 1 ahead · about 11 s to wait, as an estimate",
        "Waiting, next in line",
    ] == lines(e.numbered(*waiting, *[e.queued()] * 10, e.started()))


def test_to_be_next_of_nobody_is_hardly_waiting() -> None:
    """It is said where others wait behind it, or where it has been a while."""
    assert [] == lines(e.numbered(e.queued(), e.started()))
    company = e.queued()
    company.queued.queue_size = 2
    assert ["Waiting, next in line"] == lines(e.numbered(company, e.started()))
    late, begun = e.numbered(e.queued(), e.started())
    begun.emit_time.seconds += 1
    assert ["Waiting, next in line"] == lines([late, begun], apart=0)


def test_a_wait_in_silence_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing is heard for a second, that is what is told, and once."""
    display = PlainDisplay()
    (queued,) = e.numbered(e.queued())
    display.hear(queued)
    assert "" == capsys.readouterr().out
    said, deadline = "", time.monotonic() + 20 * A_WHILE
    while not said and time.monotonic() < deadline:
        time.sleep(0.1 * A_WHILE)
        said += capsys.readouterr().out
    display.hear(queued)
    time.sleep(0.5 * A_WHILE)
    assert "Waiting, next in line\n" == said + capsys.readouterr().out


def test_loading_is_said_once() -> None:
    """A model that loads for long is one line."""
    loading = [
        Progress(
            **e.PERSONA_STEP,
            model_loading=pb.ModelLoading(engine="llamacpp", model="m", elapsed=e.seconds(n)),
        )
        for n in range(4)
    ]
    assert ["  loading m (llamacpp)"] == lines(e.numbered(*loading))


def test_a_takeover_and_the_other_ends() -> None:
    """Recovered, cancelled and failed each have their line."""
    recovered = Progress(recovered=pb.Recovered(epoch=2))
    assert [
        "Another replica of the server goes on with it.",
        "Cancelled after 0.1 s.",
    ] == lines(e.numbered(recovered, e.cancelled()))
    assert ["Failed after 0.0 s."] == lines(e.numbered(e.failed(EngineFailed("x"))))


def test_text_is_data() -> None:
    """Escapes, newlines and markup of a model's text do nothing to the terminal or the lines."""
    hostile = "\x1b[2JMa\x1b]0;owned\x07ri\nsol [red]x[/red]\u202e\x9b31m"
    said = lines(e.numbered(e.persona_begins(), e.wrote("/name", hostile), e.persona_done()))
    assert "  Name: Mari sol [red]x[/red]" == said[1]
