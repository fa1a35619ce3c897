"""Sentences about a story that every display uses."""

from collections.abc import Mapping

from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1 import progress_pb2 as pb
from hatchery.types.v1.estimate_pb2 import Estimate, TokenEstimate
from hatchery.types.v1.usage_pb2 import Usage

from clients.cli.costs import cost
from clients.cli.sentences import of_status
from clients.cli.show import thought
from clients.cli.step import Step
from clients.cli.story import seconds_of
from clients.cli.wording import about, clean, count, duration, joined, percent

LATE = -1.5  # seconds under zero from which it is said that an estimate was wrong


def heading(step: Step) -> str:
    """Return "Step 2 of 3: Drawing the portrait", with the attempt where it is not the first."""
    place = f"Step {step.index} of {step.total}: " if step.total else ""
    return f"{place}{clean(step.title or step.name)}{attempt(step)}"


def attempt(step: Step) -> str:
    """Return ", attempt 2", or nothing for the first."""
    return f", attempt {step.attempt}" if step.attempt > 1 else ""


def state(told: Generation.State.ValueType) -> str:
    """Return "completed" for STATE_COMPLETED."""
    return Generation.State.Name(told).removeprefix("STATE_").lower()


def queue(queued: pb.Queued) -> str:
    """Return where a generation stands in the queue."""
    ahead = "next in line" if queued.position <= 0 else f"{queued.position} ahead"
    wait = ""
    if queued.position > 0 and queued.HasField("estimated_wait"):
        wait = f"{about(seconds_of(queued.estimated_wait))} to wait, as an estimate"
    return joined(f"Waiting, {ahead}", wait)


def paused(generation: str) -> str:
    """Return that it was halted, and how it goes on: the command ends the line, to be copied."""
    name = clean(generation).removeprefix("generations/")
    return f"Paused; to go on: hatchery generations resume {name}"


def loading(told: pb.ModelLoading) -> str:
    """Return which model is loaded, by what."""
    seconds = told.elapsed.ToNanoseconds() / 1e9
    since = f"for {duration(seconds)}" if seconds >= 1 else ""
    return joined(f"loading {clean(told.model) or 'the model'} ({clean(told.engine)})", since)


def reading(told: pb.PromptProgress) -> str:
    """Return how much of what was asked is read."""
    return f"reading {told.processed} of {told.total} tokens"


def tokens(told: pb.TokenProgress) -> str:
    """Return how much was written, how fast, and what that cost by now."""
    return joined(written(told), pace(told), cost(told.cost if told.HasField("cost") else None))


def written(told: pb.TokenProgress) -> str:
    """Return "150 of ~400 tokens"; what has "~" in front is estimated."""
    about = "~" if told.estimated else ""
    if told.estimated_total > told.tokens:
        return f"{about}{told.tokens:,} of ~{told.estimated_total:,} tokens"
    return about + count(told.tokens, "tokens")


def pace(told: pb.TokenProgress) -> str:
    """Return "12.5 tokens/s"; nothing before there is a rate."""
    said = speed(told.tokens_per_second)
    return f"~{said}" if said and told.estimated else said


def length(expected: TokenEstimate | None) -> str:
    """Return how long a text should be: "about 400 tokens"; nothing where that is unknown."""
    return f"about {count(expected.expected, 'tokens')}" if expected and expected.expected else ""


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
        kept = f" ({told.kept_tokens:,} of them kept)" if told.kept_tokens else ""
        parts.append(count(told.output_tokens, "tokens") + kept)
        parts.append(speed(rate(told)))
    if told.HasField("steps"):
        parts.append(count(told.steps, clean(unit) or "steps"))
    if told.engine:
        by = told.model if told.model not in ("", told.engine) else ""
        parts.append(clean(f"{by} ({told.engine})" if by else told.engine))
    return joined(*parts)


def rate(told: Usage) -> float:
    """Return tokens per second while they were written; 0 where that is not known.

    What was kept from before a pause was not written in that time.
    """
    seconds = told.generate_duration.ToNanoseconds() / 1e9
    written = told.output_tokens - told.kept_tokens
    return max(written, 0) / seconds if seconds > 0 else 0.0


def speed(tokens_per_second: float) -> str:
    """Return "12.5 tokens/s"; nothing for 0."""
    return f"{tokens_per_second:.1f} tokens/s" if tokens_per_second > 0 else ""


def fastest(rates: Mapping[str, float]) -> str:
    """Return whose rate is the highest as it is shown; nothing for one alone, or in a tie."""
    known = {name: round(told, 1) for name, told in rates.items() if told > 0}
    first = max(known.values(), default=0.0)
    those = [name for name, told in known.items() if told == first]
    return those[0] if len(known) > 1 and len(those) == 1 else ""


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
    return thought.output(told)


def retrying(told: pb.StepRetrying) -> str:
    """Return why a step is tried again, and when."""
    pause = told.backoff.ToNanoseconds() / 1e9
    when = f"in {duration(pause)}" if pause else "at once"
    return f"{of_status(told.error)}. Trying again {when} (attempt {told.next_attempt})"


def fallback(told: pb.Fallback) -> str:
    """Say that something is a substitute, and why."""
    if told.substitute == "reading":
        return f"Only its colours, light and composition were read: {of_status(told.error)}"
    if told.substitute == "beginning":
        return f"Cut off: {clean(told.error.message)} (--max-tokens)"
    if told.substitute == "rules":
        return f"By simple rules only: {of_status(told.error)}"
    if told.substitute == "plain answer":
        return f"A plain answer, without a plan: {of_status(told.error)}"
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
