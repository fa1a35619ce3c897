"""The fold of a log into a snapshot: a table that other languages share, and any log continued."""

import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from google.rpc import error_details_pb2  # noqa: F401 - the table has an ErrorInfo within an Any
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.reducer.snapshot import fold

_TABLE = Path(__file__).parents[2] / "shared" / "snapshots.json"
_CASES = json.loads(_TABLE.read_text())["cases"]


@pytest.mark.parametrize("case", _CASES, ids=lambda case: str(case["name"]))
def test_the_table_of_logs_folds_to_its_snapshots(case: dict[str, Any]) -> None:
    """Each log of the shared table folds to the snapshot beside it."""
    log = [ParseDict(event, Progress()) for event in case["events"]]
    one_by_one, at_once = Generation(), Generation()
    for event in log:
        fold(one_by_one, event)
    fold(at_once, *log)
    assert ParseDict(case["snapshot"], Generation()) == one_by_one == at_once


_STEPS = st.sampled_from(["persona", "avatar"])
_BODIES = st.one_of(
    st.builds(
        lambda f, t: Progress(text_delta=progress.TextDelta(field=f, text=t)),
        st.sampled_from(["", "/name", "/backstory"]),
        st.text(max_size=8),
    ),
    st.builds(
        lambda n: Progress(token_progress=progress.TokenProgress(tokens=n)), st.integers(0, 99)
    ),
    st.builds(lambda n: Progress(step_progress=progress.StepProgress(done=n)), st.integers(0, 9)),
    st.just(Progress(step_started=progress.StepStarted(title="again"))),
    st.just(Progress(step_retrying=progress.StepRetrying(next_attempt=2))),
    st.just(Progress(step_completed=progress.StepCompleted(text="done"))),
    st.just(Progress(recovered=progress.Recovered(epoch=2))),
    st.just(Progress(paused=progress.Paused(requested_by="x"))),
    st.just(Progress(resumed=progress.Resumed(requested_by="x"))),
    st.just(Progress(model_loading=progress.ModelLoading(engine="e"))),
)


@st.composite
def _logs(draw: st.DrawFn) -> list[Progress]:
    log = [Progress(queued=progress.Queued()), Progress(started=progress.Started())]
    for body, step, attempt in draw(st.lists(st.tuples(_BODIES, _STEPS, st.integers(1, 3)))):
        event = Progress(step=step, attempt=attempt)
        event.MergeFrom(body)
        log.append(event)
    if draw(st.booleans()):
        log.append(Progress(cancelled=progress.Cancelled(requested_by="x")))
    for sequence, event in enumerate(log, 1):
        event.sequence = sequence
        event.emit_time.seconds = sequence
    return log


@given(log=_logs(), at=st.floats(0, 1))
def test_continuing_from_any_point_is_folding_at_once(log: list[Progress], at: float) -> None:
    """A snapshot stored anywhere, read back and folded on, is the snapshot of the whole log."""
    whole, first, step_by_step = Generation(), Generation(), Generation()
    fold(whole, *log)
    cut = round(at * len(log))
    fold(first, *log[:cut])
    continued = Generation.FromString(first.SerializeToString())
    fold(continued, *log[cut:])
    for event in log:
        fold(step_by_step, event)
    assert whole == continued == step_by_step
    assert len(log) == continued.last_sequence


@given(log=_logs())
def test_text_is_what_the_latest_attempt_wrote(log: list[Progress]) -> None:
    """Each field's text is its deltas since its step last began, put together."""
    snapshot, written = Generation(), dict[tuple[str, str], str]()
    for event in log:
        fold(snapshot, event)
        if event.WhichOneof("event") == "step_started":
            written = {key: text for key, text in written.items() if key[0] != event.step}
        if event.WhichOneof("event") == "text_delta":
            key = (event.step, event.text_delta.field)
            written[key] = written.get(key, "") + event.text_delta.text
    assert written == {(text.step, text.field): text.text for text in snapshot.texts}


@pytest.mark.parametrize("sequence", [0, 1, 3])
def test_an_event_out_of_its_place_is_refused(sequence: int) -> None:
    """After event 1 only event 2 can be folded: a gap or a repeat would go unseen for ever."""
    snapshot = Generation()
    fold(snapshot, Progress(sequence=1, queued=progress.Queued()))
    with pytest.raises(AssertionError):
        fold(snapshot, Progress(sequence=sequence, started=progress.Started()))
