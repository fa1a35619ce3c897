"""The narrator: fractions that never mislead, and remaining times that say what they rest on."""

import datetime as dt
import itertools
from typing import Any

import pytest
from google.rpc import status_pb2
from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress
from hatchery.types.v1.estimate_pb2 import Estimate
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.reducer.expected import Expected
from services.gateway.reducer.narrator import Narrator, PlannedStep
from tests.support.oracle import assert_fractions

_PLAN = [
    PlannedStep(name, name.upper(), Expected.guess(seconds))
    for name, seconds in (("a", 6.0), ("b", 3.0), ("c", 1.0))
]
_START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def _at(seconds: float) -> dt.datetime:
    return _START + dt.timedelta(seconds=seconds)


def _narrator() -> Narrator:
    return Narrator("generations/x", _PLAN)


def _gauge(fraction: float) -> Progress:
    return Progress(token_progress=progress.TokenProgress(tokens=1), fraction=fraction)


def _seconds(estimate: Estimate) -> tuple[float, float, float]:
    return (
        estimate.low.ToTimedelta().total_seconds(),
        estimate.expected.ToTimedelta().total_seconds(),
        estimate.high.ToTimedelta().total_seconds(),
    )


@pytest.mark.parametrize(
    ("told", "fraction"),
    [
        ([], 0.0),
        (["a"], 0.0),
        (["a", 0.5], 0.3),
        (["a", 0.5, 0.2], 0.3),
        (["a", 0.5, "done"], 0.6),
        (["a", "done", "b", 1.0], 0.9),
        (["a", "done", "b", 5.0], 0.9),
        (["a", "done", "b", float("nan")], 0.6),
        (["a", "done", "b", -1.0], 0.6),
        (["a", "done", "b", 0.5, "b"], 0.6),
        (["a", "done", "b", "done", "c", "done"], 1.0),
    ],
)
def test_the_fraction_weighs_steps_by_their_usual_time(told: list[Any], fraction: float) -> None:
    """A name begins a step, a number is how far its engine says it is, "done" completes it."""
    narrator = _narrator()
    event = narrator.started(_at(0))
    for word in told:
        if word == "done":
            event = narrator.step_completed(_at(1), progress.StepCompleted())
        elif isinstance(word, str):
            event = narrator.step_started(_at(1), word)
        else:
            event = narrator.engine_said(_at(1), _gauge(word))
    assert fraction == pytest.approx(event.fraction)


def test_an_attempt_is_counted_from_one_and_told_on_every_event_of_its_step() -> None:
    """Starting a step again raises its attempt; events outside of steps carry none."""
    narrator = _narrator()
    assert ("", 0) == _where(narrator.started(_at(0)))
    assert ("a", 1) == _where(narrator.step_started(_at(0), "a"))
    retrying = narrator.step_retrying(_at(0), status_pb2.Status(code=10), 0.5)
    assert ("a", 1) == _where(retrying)
    assert 2 == retrying.step_retrying.next_attempt
    assert 0.5 == retrying.step_retrying.backoff.ToTimedelta().total_seconds()
    assert ("a", 2) == _where(narrator.step_started(_at(0), "a"))
    assert ("a", 2) == _where(narrator.engine_said(_at(0), _gauge(0.1)))
    assert ("", 0) == _where(narrator.cancelled(_at(0), "me"))


def _where(event: Progress) -> tuple[str, int]:
    return event.step, event.attempt


def test_a_first_guess_says_that_it_is_a_default() -> None:
    """Before anything was measured, what is left is the plan's time, marked as a default."""
    event = _narrator().started(_at(0))
    assert Estimate.BASIS_DEFAULT == event.remaining.basis
    low, expected, high = _seconds(event.remaining)
    assert 10.0 == expected
    assert low < expected < high


def test_a_rate_is_used_once_it_says_something() -> None:
    """Until a tenth of the step was seen the guess stays; then the rate since the first of it.

    What rests on a rate and on a guess rests on the guess.
    """
    narrator = _narrator()
    narrator.step_started(_at(0), "a")
    early = narrator.engine_said(_at(2), _gauge(0.05))
    assert Estimate.BASIS_DEFAULT == early.remaining.basis
    assert (6 - 2) + 4 == pytest.approx(_seconds(early.remaining)[1])
    late = narrator.engine_said(_at(11), _gauge(0.5))
    assert Estimate.BASIS_DEFAULT == late.remaining.basis
    assert 10 + 4 == pytest.approx(_seconds(late.remaining)[1])
    narrator.step_completed(_at(12), progress.StepCompleted())
    narrator.step_started(_at(12), "b")
    narrator.step_completed(_at(13), progress.StepCompleted())
    narrator.step_started(_at(13), "c")
    narrator.engine_said(_at(14), _gauge(0.1))
    last = narrator.engine_said(_at(15), _gauge(0.6)).remaining
    assert Estimate.BASIS_RATE == last.basis
    assert 0.8 == pytest.approx(_seconds(last)[1])


def _experienced() -> Narrator:
    """One who has seen the only step take eight seconds, twenty times."""
    plan = [PlannedStep("a", "A", Expected(8.0, 7.0, 9.0, runs=20))]
    narrator = Narrator("generations/x", plan)
    narrator.step_started(_at(0), "a")
    return narrator


def test_a_history_is_told_and_gives_way_to_the_rate() -> None:
    """What earlier runs took is what is left, and the more is done the more the rate counts."""
    narrator = _experienced()
    started = narrator.engine_said(_at(0), _gauge(0.0))
    assert (Estimate.BASIS_HISTORY, 20) == (started.remaining.basis, started.remaining.runs)
    assert 8.0 == _seconds(started.remaining)[1]
    narrator.engine_said(_at(1), _gauge(0.01))
    early = narrator.engine_said(_at(3), _gauge(0.21)).remaining
    assert Estimate.BASIS_HISTORY == early.basis
    assert 5.0 < _seconds(early)[1] < 7.9
    late = narrator.engine_said(_at(10), _gauge(0.91)).remaining
    assert Estimate.BASIS_RATE == late.basis
    assert 0.5 < _seconds(late)[1] < 1.0


def test_what_takes_longer_than_usual_is_told_without_a_jump() -> None:
    """Forty seconds instead of eight: around the eighth, what is left grows steadily."""
    narrator = _experienced()
    told = [
        _seconds(narrator.engine_said(_at(tenth / 10), _gauge(tenth / 400)).remaining)[1]
        for tenth in range(1, 120)
    ]
    assert max(abs(later - now) for now, later in itertools.pairwise(told[50:])) < 2.0
    assert 25.0 < told[85] < 33.0


def test_the_bar_moves_with_the_time_where_that_is_known() -> None:
    """While an engine says nothing yet, and in between; it is not full before the end."""
    narrator = _experienced()
    fractions = [narrator.engine_said(_at(second), _gauge(0.0)).fraction for second in (1, 2, 4)]
    assert sorted(fractions) == fractions
    assert 0.1 < fractions[0] < 0.125
    assert 0.2 < fractions[2] < 0.5
    half = narrator.engine_said(_at(5), _gauge(0.5)).fraction
    assert 0.5 < half < 5 / 8
    assert narrator.engine_said(_at(60), _gauge(0.9)).fraction <= 0.9
    assert 1.0 == narrator.step_completed(_at(61), progress.StepCompleted()).fraction


def test_waiting_for_a_busy_engine_is_no_work() -> None:
    """The bar stands still meanwhile, and the usual time is still to come."""
    narrator = _experienced()
    narrator.waited(_at(60))
    waits = narrator.queued(_at(60), 0, 1, step="a")
    narrator.waited(_at(120))
    first, later = (narrator.engine_said(_at(second), _gauge(0.0)) for second in (121, 122))
    assert 0.0 == waits.fraction < first.fraction < later.fraction < 0.3
    assert _seconds(first.remaining)[1] - 1 == pytest.approx(_seconds(later.remaining)[1])


def test_the_engines_own_estimate_is_believed() -> None:
    """Sixty seconds of loading are none of the rate: what the engine says counts, and runs down."""
    narrator = _narrator()
    narrator.step_started(_at(0), "a")
    loading = narrator.engine_said(_at(60), Progress(model_loading=progress.ModelLoading()))
    assert not loading.HasField("remaining")
    said = _gauge(0.5)
    said.remaining.CopyFrom(_estimate_of(2, 4, 8, basis=Estimate.BASIS_RATE))
    told = narrator.engine_said(_at(61), said)
    assert 4 + 4 == _seconds(told.remaining)[1]
    later = narrator.engine_said(_at(62), _gauge(0.6))
    assert 3 + 4 == _seconds(later.remaining)[1]
    assert list(_seconds(later.remaining)) == sorted(_seconds(later.remaining))
    # Nothing is left of its word: it is not believed that nothing is left of the step.
    assert not narrator.engine_said(_at(80), _gauge(0.7)).HasField("remaining")
    done = narrator.step_completed(_at(81), progress.StepCompleted())
    assert 4 == _seconds(done.remaining)[1]


def _estimate_of(*seconds: float, basis: "Estimate.Basis.ValueType") -> Estimate:
    estimate = Estimate(basis=basis)
    for part, value in zip((estimate.low, estimate.expected, estimate.high), seconds, strict=True):
        part.FromTimedelta(dt.timedelta(seconds=value))
    return estimate


def test_an_empty_plan_tells_no_time() -> None:
    """Who ends or halts what nobody runs does not know how long it would have taken."""
    narrator = Narrator("generations/x", ())
    assert not narrator.paused(_at(0), "me").HasField("remaining")
    assert not narrator.resumed(_at(0), "me").HasField("remaining")


def test_an_end_has_no_time_left_to_tell() -> None:
    """Terminal events carry no estimate, and only `completed` reaches 1."""
    narrator = _narrator()
    narrator.step_started(_at(0), "a")
    narrator.engine_said(_at(1), _gauge(0.5))
    failed = narrator.failed(_at(2), status_pb2.Status(code=13))
    assert not failed.HasField("remaining")
    assert 0.3 == pytest.approx(failed.fraction)
    assert 1.0 == narrator.completed(_at(3), "agents/x").fraction


def test_going_on_after_another_runner_tells_no_lower_fraction_until_the_attempt_rises() -> None:
    """`recovered` stands where the log stood; the lost step then begins anew, and says so."""
    narrator = _narrator()
    narrator.resume({"a"}, {"a": 1, "b": 1}, 0.8)
    assert 0.8 == narrator.recovered(_at(0), 2).fraction
    again = narrator.step_started(_at(0), "b")
    assert ("b", 2) == _where(again)
    assert 0.6 == pytest.approx(again.fraction)


def test_a_queue_tells_the_wait_of_those_ahead() -> None:
    """The next one in line has no estimate of waiting; the one behind it has a default."""
    narrator = _narrator()
    assert not narrator.queued(_at(0), 0, 1).queued.HasField("estimated_wait")
    second = narrator.queued(_at(0), 2, 3).queued
    assert (2, 3) == (second.position, second.queue_size)
    assert 20.0 == _seconds(second.estimated_wait)[1]
    assert Estimate.BASIS_DEFAULT == second.estimated_wait.basis


_MOVES = st.lists(
    st.one_of(
        st.sampled_from(["begin", "done", "retry", "recover"]),
        st.floats(allow_nan=True, allow_infinity=True),
        st.floats(0, 1),
    )
)


@given(moves=_MOVES, paces=st.lists(st.floats(0, 50), min_size=1))
def test_no_telling_goes_back_except_where_an_attempt_rises(
    moves: list[Any], paces: list[float]
) -> None:
    """Whatever engines say and whatever fails: fractions hold, estimates are ordered and marked."""
    narrator, events, step, now = _narrator(), [], 0, 0.0
    events.append(narrator.started(_at(0)))
    begun = False
    for place, move in enumerate(moves):
        now += paces[place % len(paces)]
        if move == "begin" and step < len(_PLAN):
            events.append(narrator.step_started(_at(now), _PLAN[step].name))
            begun = True
        elif not begun:
            continue
        elif move == "done":
            events.append(narrator.step_completed(_at(now), progress.StepCompleted()))
            step, begun = step + 1, False
        elif move == "retry":
            events.append(narrator.step_retrying(_at(now), status_pb2.Status(), 1.0))
        elif move == "recover":
            successor = _narrator()
            successor.resume(narrator.finished, narrator.attempts, narrator.fraction)
            narrator, begun = successor, False
            events.append(narrator.recovered(_at(now), 2))
        elif isinstance(move, float):
            events.append(narrator.engine_said(_at(now), _gauge(move)))
    assert_fractions(events)
    for event in events:
        assert 0.0 <= event.fraction <= 1.0
        if not event.HasField("remaining"):
            continue  # it takes longer than was expected, and does not say how long
        low, expected, high = _seconds(event.remaining)
        assert 0.0 <= low <= expected <= high
        assert event.remaining.basis in (Estimate.BASIS_DEFAULT, Estimate.BASIS_RATE)
