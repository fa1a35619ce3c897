"""The fold: what a story is after each of its events."""

import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1.progress_pb2 import Progress

from clients.cli.story import Phase, Story, merged
from services.runtime.errors import EngineFailed, OutputInvalid
from tests.unit.cli import events as e


def told(*events: Progress, now: float = 100.0) -> Story:
    """The story after these events, all heard at once."""
    story = Story()
    for event in events:
        story.hear(event, now)
    return story


def test_a_whole_story_folds_to_its_end() -> None:
    """After the last event: completed, whole, with its resource and every step's result."""
    story = told(*e.hatching())
    assert Phase.COMPLETED is story.phase
    assert (e.GENERATION, e.AGENT, 1.0) == (story.generation, story.resource, story.fraction)
    assert ["persona", "avatar"] == story.plan
    assert {"Marisol"} == {story.steps["persona"].texts["/name"]}
    assert all(step.result is not None for step in story.steps.values())


@pytest.mark.parametrize(
    ("ending", "phase"),
    [
        (e.completed(), Phase.COMPLETED),
        (e.failed(EngineFailed("it broke")), Phase.FAILED),
        (e.cancelled(), Phase.CANCELLED),
    ],
)
def test_every_ending_is_told_apart(ending: Progress, phase: Phase) -> None:
    """Completed, failed and cancelled are three different ends."""
    story = told(*e.numbered(e.queued(), e.started(), e.persona_begins(), ending))
    assert phase is story.phase
    assert story.ended
    assert story.current is None


def test_a_higher_attempt_voids_what_the_earlier_said() -> None:
    """Texts and gauges of a failed attempt are gone when the next one begins."""
    story = told(
        *e.numbered(
            e.started(), e.persona_begins(), e.wrote("/name", "Wrong"), e.tokens(40, 50),
            e.retrying(OutputInvalid("no name")), e.persona_begins(attempt=2),
            e.wrote("/name", "Right", attempt=2),
        )
    )  # fmt: skip
    step = story.steps["persona"]
    assert ({"/name": "Right"}, None, 2) == (step.texts, step.tokens, step.attempt)


def test_waiting_ends_with_the_first_work() -> None:
    """A place in the queue is shown until anything else happens, also in the middle."""
    story = told(*e.numbered(e.queued(3, wait=30)))
    assert story.queued is not None
    assert (3, Phase.WAITING) == (story.queued.position, story.phase)
    story.hear(e.numbered(e.started())[0], 100.0)
    assert (None, Phase.RUNNING) == (story.queued, story.phase)


def test_a_pause_has_no_end_in_sight() -> None:
    """Nothing is expected while it is halted; resumed, it waits until anything happens."""
    story = told(*e.numbered(e.persona_begins(), e.tokens(9, 50), e.paused()), now=10.0)
    assert (Phase.PAUSED, None, None, False) == (
        story.phase,
        story.current,
        story.left(10.0),
        story.ended,
    )
    story.hear(e.numbered(e.resumed())[0], 11.0)
    assert Phase.WAITING is story.phase
    story.hear(e.numbered(e.persona_begins(attempt=2))[0], 12.0)
    assert Phase.RUNNING is story.phase


def test_elapsed_counts_from_the_first_event_however_late_it_is_heard() -> None:
    """A replay that arrives at once shows the time that has passed, and goes on from there."""
    events = e.numbered(*(e.tokens(n, 50) for n in range(31)))
    story = told(*events, now=500.0)
    assert 3.0 == pytest.approx(story.elapsed(500.0))
    assert 5.0 == pytest.approx(story.elapsed(502.0))


def test_elapsed_never_goes_back() -> None:
    """An event that was long under way does not turn the clock back."""
    story = Story()
    one, two = e.numbered(e.tokens(1, 50), e.tokens(2, 50))
    story.hear(one, 10.0)
    story.hear(two, 14.0)
    assert 4.0 == pytest.approx(story.elapsed(14.0))


def test_the_clock_stands_still_after_the_end() -> None:
    """What it took is what it took."""
    story = told(*e.hatching(), now=7.0)
    assert story.elapsed(7.0) == story.elapsed(99.0)


@pytest.mark.parametrize("apart", [0.0, 0.1, 60.0])
def test_what_it_took_is_what_the_events_say(apart: float) -> None:
    """However fast a log is replayed, or slow: the durations are those of the emitters."""
    story = Story()
    for place, event in enumerate(e.hatching()):
        story.hear(event, 10 + place * apart)
    took = [story.steps[name].took for name in ("persona", "avatar")]
    assert [0.8, 1.2] == pytest.approx(took)
    assert 2.4 == pytest.approx(story.elapsed(9999.0))


def test_what_is_left_runs_down_with_the_clock() -> None:
    """An estimate of four seconds is one of three a second later, and can be overrun."""
    story = told(*e.numbered(e.persona_begins(), e.tokens(9, 50)), now=10.0)
    assert [4.0, 3.0, -2.0] == [story.left(10.0), story.left(11.0), story.left(16.0)]


def test_a_story_can_be_joined_in_the_middle() -> None:
    """From a cursor on, the fold holds what it heard and invents nothing."""
    story = told(*e.hatching()[7:9])
    assert {"/backstory": "She reads."} == story.steps["persona"].texts
    assert [] == story.plan


def test_list_elements_are_one_field() -> None:
    """Pointers into a list are put together under the list's own."""
    texts = {"/name": "Marisol", "/traits/0": "shy", "/traits/1": "kind"}
    assert {"/name": "Marisol", "/traits": "shy, kind"} == merged(texts)


SHARED = Path(__file__).parents[2] / "shared" / "snapshots.json"


@pytest.mark.parametrize(
    "case", json.loads(SHARED.read_text())["cases"], ids=lambda case: case["name"]
)
def test_it_is_the_servers_fold(case: dict[str, Any]) -> None:
    """Texts, gauges, actions, the time worked and the cost are those of the server's snapshot."""
    story = told(*(ParseDict(event, Progress()) for event in case["events"]))
    snapshot = ParseDict(case["snapshot"], Generation())
    assert snapshot.active_duration.ToNanoseconds() / 1e9 == pytest.approx(story.worked(100.0))
    assert (snapshot.cost if snapshot.HasField("cost") else None) == story.cost
    texts = {(step.name, field): text for step in story.steps.values()
             for field, text in step.texts.items()}  # fmt: skip
    assert {(text.step, text.field): text.text for text in snapshot.texts} == texts
    gauges = {one.step: one.tokens for one in snapshot.steps if one.HasField("tokens")}
    assert gauges == {step.name: step.tokens for step in story.steps.values() if step.tokens}
    for one in snapshot.steps:
        assert list(one.actions) == list(story.steps[one.step].actions.values())


def test_what_goes_on_keeps_what_was_written() -> None:
    """After a pause the text, the tokens and the fraction stand, and the time does not count it."""
    story = told(
        *e.numbered(
            e.writing_starts(), e.write_begins(), e.text("The sea"), e.gauge(100, 0.25),
            e.paused(), *[e.queued(1)] * 20, e.resumed(),
            e.write_begins(continues=True, fraction=0.25),
            e.text(" is wide", fraction=0.25),
        )
    )  # fmt: skip
    step = story.steps["write"]
    assert ({"": "The sea is wide"}, 1, 0.25) == (step.texts, step.attempt, story.fraction)
    assert step.tokens is not None
    assert 100 == step.tokens.tokens
    assert 0.4 == pytest.approx(story.worked(100.0))


def test_a_replaced_runner_counts_as_no_work() -> None:
    """From a lost runner's last word to its successor's first, nobody worked."""
    begun = [e.writing_starts(), e.write_begins(), e.gauge(9, 0.1)]
    recovered = Progress(recovered=e.pb.Recovered(epoch=2))
    story = told(*e.numbered(*begun, recovered, e.write_begins(continues=True), e.gauge(10, 0.2)))
    assert 0.2 == pytest.approx(story.worked(100.0))


def test_the_time_worked_runs_on_while_it_works() -> None:
    """Between events it grows with the clock, and stands still in a pause and after the end."""
    story = told(*e.numbered(e.write_begins(), e.gauge(9, 0.1)), now=10.0)
    assert [0.1, 3.1] == pytest.approx([story.worked(10.0), story.worked(13.0)])
    story.hear(e.numbered(e.write_begins(), e.gauge(9, 0.1), e.paused())[-1], 13.0)
    assert story.worked(13.0) == story.worked(99.0)


def test_the_cost_is_that_of_all_steps() -> None:
    """A step that ended costs what it says, one at work what its gauge says."""
    story = told(*e.writing()[:8])
    assert e.bricks(0.3) == story.cost
    assert e.bricks(0.42) == told(*e.writing()).cost
    assert told(*e.hatching()).cost is None
