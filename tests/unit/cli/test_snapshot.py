"""A generation as it stands, as lines."""

from google.protobuf.timestamp_pb2 import Timestamp
from hatchery.gateway.v1.generation_service_pb2 import FieldText, Generation, StepSnapshot
from hatchery.progress.v1.progress_pb2 import StepCompleted, TokenProgress
from hatchery.types.v1.usage_pb2 import Usage

from clients.cli.show.snapshot import lines
from clients.cli.tries import Tries
from services.gateway.reducer.snapshot import fold
from services.runtime.errors import OutputInvalid
from tests.unit.cli import events as e
from tests.unit.cli import talks as t

MADE = {
    "name": e.GENERATION,
    "description": "a poem",
    "artifact": e.ARTIFACT,
    "comparison": "comparisons/1",
    "active_duration": e.seconds(9.2),
    "cost": e.bricks(0.5),
    "create_time": Timestamp(seconds=1),
}


def test_what_is_written_so_far() -> None:
    """Paused: the text on its own lines, how far it is, and what it makes, which is not there."""
    told = TokenProgress(tokens=120, estimated_total=400, tokens_per_second=12)
    step = StepSnapshot(
        step="write", title="Writing", state=StepSnapshot.STATE_PENDING, tokens=told
    )
    found = Generation(
        state=Generation.STATE_PAUSED, steps=[step], texts=[FieldText(text="one\n\n  two\x1b[2J")],
        last_sequence=9, **MADE,
    )  # fmt: skip
    said = list(lines(found))
    assert "“a poem”" == said[0]
    assert said[1].startswith("paused · ")
    assert said[1].endswith(" · 9.2 s at work · 0.5000 bricks")
    assert [
        "  Writing: pending · 120 of ~400 tokens · 12.0 tokens/s",
        "  Text:",
        "    one",
        "",
        "      two",
        f"Makes:  {e.ARTIFACT}",
        "One of: comparisons/1",
        f"Name:   {e.GENERATION}, 9 events",
    ] == said[2:]


def test_what_was_kept_and_what_it_cost() -> None:
    """Completed: the tokens with those from before the pause, the cost, and what was made."""
    usage = Usage(engine="llamacpp", model="m", output_tokens=300, kept_tokens=100)
    usage.generate_duration.CopyFrom(e.seconds(10))
    step = StepSnapshot(
        step="write", title="Writing", state=StepSnapshot.STATE_COMPLETED, usage=usage,
        result=StepCompleted(usage=usage, cost=e.bricks(0.5)),
    )  # fmt: skip
    found = Generation(
        state=Generation.STATE_COMPLETED, steps=[step], resource=e.ARTIFACT,
        end_time=Timestamp(seconds=21), **MADE,
    )  # fmt: skip
    said = list(lines(found))
    assert said[1].endswith(" · 20 s · 9.2 s at work · 0.5000 bricks")
    done = "300 tokens (100 of them kept) · 20.0 tokens/s · m (llamacpp) · 0.5000 bricks"
    assert f"  Writing: completed · {done}" == said[2]
    assert f"Made:   {e.ARTIFACT}" == said[3]


def test_what_a_companion_thought_and_did() -> None:
    """Each step with what came of it; the actions as they ended; the reply; where it belongs."""
    found = Generation(name=e.GENERATION, message=t.MESSAGE, caused_by=t.PORTRAIT)
    fold(found, *t.talking())
    said = list(lines(found))
    for line in (
        "  Remembering what was said: completed",
        "    1 memory matters",
        "    remembers: likes tea",
        "    wanted: have the tea remembered · asks it to: remember",
        "    plan: remember (text: likes tea), portrait",
        "    left out: portrait: the message does not ask for it",
        "    remembered: likes tea",
        "    kept: is at home",
        "    Tea, gladly. I will",
        f"Made:   {t.REPLY}",
        f"Of:     {t.MESSAGE}",
        f"Begun by {t.PORTRAIT}",
    ):
        assert line in said


def test_what_void_tries_wrote_is_told_too() -> None:
    """Of one that failed, each try's text, under its number; what went on is one with its start."""
    tries = Tries()
    events = e.numbered(
        e.write_begins(), e.text("one"), e.paused(), e.write_begins(continues=True), e.text(" two"),
        e.retrying(OutputInvalid("no HTML")), e.write_begins(attempt=2), e.text("last", attempt=2),
    )  # fmt: skip
    for event in events:
        tries.hear(event)
    assert {1: "one two", 2: "last"} == tries.texts
    found = Generation(state=Generation.STATE_FAILED, texts=[FieldText(text="last")])
    said = list(lines(found, {1: "one two"}))
    assert ["  Text of attempt 1:", "    one two", "  Text:", "    last"] == said[2:6]
