"""Events as a server would send them, a tenth of a second apart."""

import datetime as dt
from typing import Any

from google.protobuf.duration_pb2 import Duration
from hatchery.progress.v1 import progress_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Progress
from hatchery.types.v1.cost_pb2 import Cost
from hatchery.types.v1.estimate_pb2 import Estimate, TokenEstimate
from hatchery.types.v1.image_pb2 import ImageRef
from hatchery.types.v1.persona_pb2 import Persona
from hatchery.types.v1.usage_pb2 import Usage

from services.runtime.errors import HatcheryError
from services.runtime.status import to_status

GENERATION = "generations/0b0f2c1e-8e0c-4a8e-9d3e-0123456789ab"
AGENT = "agents/1b0f2c1e-8e0c-4a8e-9d3e-0123456789ab"
BEGAN = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
PERSONA_STEP: dict[str, Any] = {"step": "persona", "attempt": 1}
AVATAR_STEP: dict[str, Any] = {"step": "avatar", "attempt": 1}
ARTIFACT = "artifacts/3b0f2c1e-8e0c-4a8e-9d3e-0123456789ab"


def seconds(value: float) -> Duration:
    """A duration."""
    duration = Duration()
    duration.FromTimedelta(dt.timedelta(seconds=value))
    return duration


def guess(value: float, basis: Estimate.Basis.ValueType = Estimate.BASIS_DEFAULT) -> Estimate:
    """An estimate."""
    return Estimate(expected=seconds(value), basis=basis)


def numbered(*events: Progress) -> list[Progress]:
    """The events with a generation, numbers and times."""
    number = 0
    for place, event in enumerate(events):
        if event.WhichOneof("event") not in ("heartbeat", "preview"):
            number += 1
            event.sequence = number
        event.generation = GENERATION
        event.emit_time.FromDatetime(BEGAN + dt.timedelta(seconds=place / 10))
    return list(events)


def queued(position: int = 0, wait: float = 0) -> Progress:
    """It waits."""
    told = pb.Queued(position=position, queue_size=position + 1)
    if wait:
        told.estimated_wait.CopyFrom(guess(wait))
    return Progress(queued=told)


def started() -> Progress:
    """It begins, with its plan."""
    steps = [
        pb.PlannedStep(step="persona", title="Dreaming up a persona"),
        pb.PlannedStep(step="avatar", title="Drawing the portrait"),
    ]
    return Progress(started=pb.Started(steps=steps))


def persona_begins(attempt: int = 1) -> Progress:
    """The first step begins."""
    begun = pb.StepStarted(title="Dreaming up a persona", index=1, total=2, expected=guess(8))
    return Progress(step="persona", attempt=attempt, step_started=begun, remaining=guess(11))


def wrote(field: str, text: str, *, attempt: int = 1, fraction: float = 0.1) -> Progress:
    """A model wrote."""
    delta = pb.TextDelta(field=field, text=text)
    return Progress(step="persona", attempt=attempt, text_delta=delta, fraction=fraction)


def tokens(count: int, rate: float) -> Progress:
    """How much a model wrote."""
    told = pb.TokenProgress(tokens=count, tokens_per_second=rate)
    return Progress(**PERSONA_STEP, token_progress=told, fraction=0.3, remaining=guess(4))


def persona_done(attempt: int = 1) -> Progress:
    """The first step ended well."""
    usage = Usage(engine="llamacpp", model="smollm2", output_tokens=120)
    usage.generate_duration.CopyFrom(seconds(2.4))
    done = pb.StepCompleted(persona=Persona(name="Marisol"), usage=usage)
    return Progress(step="persona", attempt=attempt, step_completed=done, fraction=0.5)


def avatar_begins() -> Progress:
    """The second step begins."""
    begun = pb.StepStarted(title="Drawing the portrait", index=2, total=2, expected=guess(3))
    return Progress(**AVATAR_STEP, step_started=begun, fraction=0.5)


def drew(done: int, total: int = 11) -> Progress:
    """Layers were drawn."""
    told = pb.StepProgress(done=done, total=total, unit="layers")
    return Progress(**AVATAR_STEP, step_progress=told, fraction=0.5 + done / total * 0.4)


def avatar_done(fallback: HatcheryError | None = None) -> Progress:
    """The second step ended, perhaps with a placeholder."""
    done = pb.StepCompleted(portrait=ImageRef(asset="assets/00", media_type="image/png"))
    if fallback is None:
        done.usage.CopyFrom(Usage(engine="sketch", model="sketch", steps=11))
    else:
        done.fallback.CopyFrom(pb.Fallback(substitute="placeholder", error=to_status(fallback)))
    return Progress(**AVATAR_STEP, step_completed=done, fraction=0.9)


def retrying(error: HatcheryError, backoff: float = 0.5) -> Progress:
    """The first step is tried again."""
    told = pb.StepRetrying(error=to_status(error), backoff=seconds(backoff), next_attempt=2)
    return Progress(**PERSONA_STEP, step_retrying=told, fraction=0.3)


def completed() -> Progress:
    """The good end."""
    return Progress(completed=pb.Completed(resource=AGENT), fraction=1.0)


def failed(error: HatcheryError) -> Progress:
    """The bad end."""
    return Progress(failed=pb.Failed(error=to_status(error)), fraction=0.3)


def cancelled(by: str = "local") -> Progress:
    """The early end."""
    return Progress(cancelled=pb.Cancelled(requested_by=by), fraction=0.3)


def paused(by: str = "local") -> Progress:
    """Somebody halted it."""
    return Progress(paused=pb.Paused(requested_by=by))


def resumed(by: str = "local") -> Progress:
    """It goes on."""
    return Progress(resumed=pb.Resumed(requested_by=by))


def hatching() -> list[Progress]:
    """A whole story."""
    return numbered(
        queued(), started(), persona_begins(),
        wrote("/name", "Mari"), wrote("/name", "sol"), wrote("/traits/0", "shy"),
        wrote("/traits/1", "curious"), tokens(40, 51.25),
        wrote("/backstory", "She reads.", fraction=0.3),
        Progress(**PERSONA_STEP, heartbeat=pb.Heartbeat(), fraction=0.3),
        persona_done(), avatar_begins(), *(drew(n) for n in range(1, 12)),
        avatar_done(), completed(),
    )  # fmt: skip


def bricks(amount: float) -> Cost:
    """A cost."""
    return Cost(amount_micros=round(amount * 1e6), unit="bricks")


def writing_starts() -> Progress:
    """It begins, with the plan of a text."""
    steps = [
        pb.PlannedStep(step="write", title="Writing"),
        pb.PlannedStep(step="save", title="Saving"),
    ]
    return Progress(started=pb.Started(steps=steps))


def write_begins(attempt: int = 1, *, continues: bool = False, fraction: float = 0.0) -> Progress:
    """The text is begun, or gone on with."""
    begun = pb.StepStarted(
        title="Writing", index=1, total=2, expected=guess(8), continues=continues,
        expected_tokens=TokenEstimate(expected=400, low=100, high=900),
    )  # fmt: skip
    return Progress(
        step="write", attempt=attempt, step_started=begun, remaining=guess(8), fraction=fraction
    )


def text(said: str, *, attempt: int = 1, fraction: float = 0.0) -> Progress:
    """A piece of the text."""
    delta = pb.TextDelta(text=said)
    return Progress(step="write", attempt=attempt, text_delta=delta, fraction=fraction)


def gauge(count: int, fraction: float, *, attempt: int = 1, cost: float = 0) -> Progress:
    """How far the text is."""
    told = pb.TokenProgress(tokens=count, tokens_per_second=50, estimated_total=400)
    if cost:
        told.cost.CopyFrom(bricks(cost))
    left = guess(6, Estimate.BASIS_RATE)
    return Progress(
        step="write", attempt=attempt, token_progress=told, fraction=fraction, remaining=left
    )


def write_done(text: str = "", *, kept: int = 0, cost: float = 0) -> Progress:
    """The text is whole."""
    usage = Usage(engine="llamacpp", model="smollm2", input_tokens=20, output_tokens=400)
    usage.generate_duration.CopyFrom(seconds(8))
    if kept:
        usage.kept_tokens = kept
    done = pb.StepCompleted(text=text, usage=usage)
    if cost:
        done.cost.CopyFrom(bricks(cost))
    return Progress(step="write", attempt=1, step_completed=done, fraction=0.99)


def written() -> Progress:
    """The good end of a text."""
    return Progress(completed=pb.Completed(resource=ARTIFACT), fraction=1.0)


def writing() -> list[Progress]:
    """The whole story of a text."""
    return numbered(
        queued(), writing_starts(), write_begins(), text("The sea\n"), gauge(100, 0.25, cost=0.1),
        text("  is wide,\n", fraction=0.25), gauge(120, 0.3, cost=0.12), gauge(300, 0.75, cost=0.3),
        text("and blue.", fraction=0.75),
        write_done("The sea\n  is wide,\nand blue.", cost=0.42), written(),
    )  # fmt: skip
