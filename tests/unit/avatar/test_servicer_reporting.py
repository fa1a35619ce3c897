"""From engine events to Progress: tables, without a clock and without a server."""

import pytest
from hatchery.progress.v1.progress_pb2 import Progress

from services.avatar.port import ModelLoading, PreviewReady, StepDone
from services.avatar.reporting import Pace, Reporter
from tests.support.scripted import PNG


def preview(index: int) -> PreviewReady:
    """The n-th preview."""
    return PreviewReady(PNG, "image/png", 1, 1, index)


def reported(
    *timed: tuple[float, ModelLoading | StepDone | PreviewReady], interval: float | None = None
) -> list[Progress]:
    """What is sent for events that happen at given times."""
    sent: list[Progress] = []
    now = [0.0]
    reporter = Reporter("engine", sent.append, preview_interval=interval, clock=lambda: now[0])
    for moment, event in timed:
        now[0] = moment
        reporter.report(event)
    return sent


def test_the_fraction_never_goes_back_and_leaves_room_for_the_end() -> None:
    """It follows the steps, past events without one, and is below 1 before the picture is there."""
    sent = reported(
        (0, ModelLoading("m", 0.0)),
        (1, StepDone(1, 3, "steps", 1.0)),
        (1, preview(1)),
        (2, StepDone(2, 3, "steps", 2.0)),
        (2, StepDone(1, 3, "steps", 2.1)),
        (3, StepDone(3, 3, "steps", 3.0)),
        interval=0.0,
    )
    assert [0, 0.25, 0.25, 0.5, 0.5, 0.75] == [p.fraction for p in sent]


@pytest.mark.parametrize(
    ("interval", "expected"),
    [(None, []), (0.0, [1, 2, 3, 4]), (1.0, [1, 3, 4]), (5.0, [1])],
)
def test_previews_keep_their_distance(interval: float | None, expected: list[int]) -> None:
    """The first one is always sent, then no more than one per interval."""
    timed = [(0.0, preview(1)), (0.5, preview(2)), (1.0, preview(3)), (2.5, preview(4))]
    assert expected == [p.preview.index for p in reported(*timed, interval=interval)]


def test_the_first_step_is_no_measure_for_the_rest() -> None:
    """It includes reading the prompt: the estimate begins with the second, from there on."""
    pace = Pace()
    assert pace.remaining(StepDone(1, 4, "steps", 10.0)) is None
    second = pace.remaining(StepDone(2, 4, "steps", 11.0))
    third = pace.remaining(StepDone(3, 4, "steps", 14.0))
    assert second is not None
    assert third is not None
    assert [2000, 2000, 2000] == [
        d.ToMilliseconds() for d in (second.expected, second.low, second.high)
    ]
    assert [2000, 1000, 3000] == [
        d.ToMilliseconds() for d in (third.expected, third.low, third.high)
    ]
    assert pace.remaining(StepDone(4, 4, "steps", 15.0)) is None
