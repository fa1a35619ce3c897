"""How far apart the events of a step come: exact, per step, whatever becomes of a batch."""

from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.reducer.pace import Pace, Paced


def _heard(*events: tuple[int, str, float]) -> Pace:
    """A pace that heard events, each as (sequence, step, milliseconds)."""
    pace = Pace()
    for sequence, step, at in events:
        event = Progress(sequence=sequence, step=step, step_started=progress.StepStarted())
        event.emit_time.FromMilliseconds(1_700_000_000_000 + round(at))
        pace.hear(event)
    return pace


def _rounded(paced: Paced) -> tuple[int, list[float]]:
    return paced.updates, [round(gap, 3) for gap in paced.gaps]


def test_gaps_are_between_events_of_one_step() -> None:
    """The time from the end of a step to the beginning of the next belongs to neither."""
    pace = _heard((1, "", 0), (2, "persona", 0), (3, "persona", 40), (4, "persona", 50))
    assert (3, [0.01, 0.04]) == _rounded(pace.of("persona"))
    later = _heard((2, "persona", 0), (3, "persona", 40), (4, "avatar", 5000), (5, "avatar", 5250))
    assert (2, [0.25]) == _rounded(later.of("avatar"))


def test_only_the_latest_step_is_known() -> None:
    """What is asked for in another step's name has no events."""
    pace = _heard((1, "persona", 0), (2, "avatar", 10))
    assert Paced() == pace.of("persona")


def test_the_middle_and_the_longest() -> None:
    """Of 10, 20 and 90 ms the median is 20 and the longest 90; of one event there is neither."""
    paced = _heard(*((n, "write", at) for n, at in enumerate((0, 20, 30, 120), 1))).of("write")
    assert (0.02, 0.09) == (round(paced.median_gap or 0, 6), round(paced.max_gap or 0, 6))
    alone = _heard((1, "write", 0)).of("write")
    assert (1, None, None) == (alone.updates, alone.median_gap, alone.max_gap)


def test_a_number_counts_once() -> None:
    """A batch that was refused gets its numbers again, perhaps with more behind it."""
    refused = [(4, "write", 0), (5, "write", 10)]
    pace = _heard(*refused, *refused, (6, "write", 30))
    assert (3, [0.01, 0.02]) == _rounded(pace.of("write"))


def test_a_clock_that_is_set_back_is_no_negative_gap() -> None:
    """It counts as no time at all."""
    assert [0.0] == _rounded(_heard((1, "write", 500), (2, "write", 100)).of("write"))[1]


def test_what_stands_between_steps_ends_none() -> None:
    """An event of no step, as when a generation is recovered, is no part of any."""
    pace = _heard((1, "write", 0), (2, "", 10), (3, "write", 30))
    assert (2, [0.03]) == _rounded(pace.of("write"))
