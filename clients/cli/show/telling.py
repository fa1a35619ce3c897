"""Sentences about a story that every display uses."""

from hatchery.progress.v1 import progress_pb2 as pb
from hatchery.types.v1.estimate_pb2 import Estimate
from hatchery.types.v1.usage_pb2 import Usage

from clients.cli.sentences import of_status
from clients.cli.story import Step, seconds_of
from clients.cli.wording import about, clean, count, duration, joined, percent

LATE = -1.5  # seconds under zero from which it is said that an estimate was wrong


def heading(step: Step) -> str:
    """Return "Step 2 of 3: Drawing the portrait", with the attempt where it is not the first."""
    place = f"Step {step.index} of {step.total}: " if step.total else ""
    return f"{place}{clean(step.title or step.name)}{attempt(step)}"


def attempt(step: Step) -> str:
    """Return ", attempt 2", or nothing for the first."""
    return f", attempt {step.attempt}" if step.attempt > 1 else ""


def queue(queued: pb.Queued) -> str:
    """Return where a generation stands in the queue."""
    ahead = "next in line" if queued.position <= 0 else f"{queued.position} ahead"
    wait = ""
    if queued.position > 0 and queued.HasField("estimated_wait"):
        wait = f"{about(seconds_of(queued.estimated_wait))} to wait, as an estimate"
    return joined(f"Waiting, {ahead}", wait)


def paused(generation: str) -> str:
    """Return that it was halted, and how it goes on."""
    return f"Paused. It goes on with: hatchery generations resume {clean(generation)}"


def loading(told: pb.ModelLoading) -> str:
    """Return which model is loaded, by what."""
    seconds = told.elapsed.ToNanoseconds() / 1e9
    since = f"for {duration(seconds)}" if seconds >= 1 else ""
    return joined(f"loading {clean(told.model) or 'the model'} ({clean(told.engine)})", since)


def tokens(told: pb.TokenProgress) -> str:
    """Return how much was written, and how fast."""
    about = "~" if told.estimated else ""
    rate = f"{about}{told.tokens_per_second:.1f} tokens/s" if told.tokens_per_second > 0 else ""
    return joined(about + count(told.tokens, "tokens"), rate)


def work(told: pb.StepProgress) -> str:
    """Return "layer 3 of 11 – 27 %"."""
    unit = clean(told.unit) or "steps"
    if not told.total:
        return count(told.done, unit)
    share = percent(told.done / told.total)
    return f"{unit.removesuffix('s')} {told.done} of {told.total} – {share}"


def usage(told: Usage, unit: str = "") -> str:
    """Return what a step took, as its engine counted it; `unit` is what one of its steps is."""
    parts = []
    if told.HasField("output_tokens"):
        parts.append(count(told.output_tokens, "tokens"))
        seconds = told.generate_duration.ToNanoseconds() / 1e9
        if seconds > 0 and told.output_tokens:
            parts.append(f"{told.output_tokens / seconds:.1f} tokens/s")
    if told.HasField("steps"):
        parts.append(count(told.steps, clean(unit) or "steps"))
    if told.engine:
        by = told.model if told.model not in ("", told.engine) else ""
        parts.append(clean(f"{by} ({told.engine})" if by else told.engine))
    return joined(*parts)


def made(told: pb.StepCompleted) -> str:
    """Return what a step made that was not told while it was made; nothing for most steps."""
    match told.WhichOneof("output"):
        case "picture":
            return f"{told.picture.width} x {told.picture.height} pixels, kept without metadata"
        case "reading":
            shades = (f"{s.name} {percent(s.share)}" for s in told.reading.palette)
            return joined(*(clean(shade) for shade in shades))
        case "picture_description" if told.HasField("fallback"):
            words = told.picture_description
            return clean(f"{words.physical_description} {words.visual_style}")
    return ""


def retrying(told: pb.StepRetrying) -> str:
    """Return why a step is tried again, and when."""
    pause = told.backoff.ToNanoseconds() / 1e9
    when = f"in {duration(pause)}" if pause else "at once"
    return f"{of_status(told.error)}. Trying again {when} (attempt {told.next_attempt})"


def fallback(told: pb.Fallback) -> str:
    """Say that something is a substitute, and why."""
    if told.substitute == "reading":
        return f"Only its colours, light and composition were read: {of_status(told.error)}"
    return f"This is a {clean(told.substitute) or 'substitute'} only: {of_status(told.error)}"


def left(seconds: float | None) -> str:
    """Return "about 4 s left", honest about an estimate that was too short."""
    if seconds is None:
        return ""
    if seconds < LATE:
        return "taking longer than expected"
    return f"{about(seconds)} left" if seconds >= 0.5 else "nearly there"


def basis(estimate: Estimate | None) -> str:
    """Return what an estimate rests on."""
    if estimate is None:
        return ""
    match estimate.basis:
        case Estimate.BASIS_HISTORY:
            return f"from {count(estimate.runs, 'earlier runs')}"
        case Estimate.BASIS_RATE:
            return "at the present rate"
    return "a first guess"
