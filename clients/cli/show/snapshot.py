"""A generation as it stands, as lines."""

from collections.abc import Iterator, Mapping

from hatchery.gateway.v1.generation_service_pb2 import (
    FieldText,
    Generation,
    Rating,
    StepSnapshot,
)

from clients.cli.costs import cost
from clients.cli.sentences import of_status
from clients.cli.show import telling, thought
from clients.cli.show.tables import when
from clients.cli.wording import beginning, clean, clean_prose, duration, joined, label, percent


def lines(found: Generation, earlier: Mapping[int, str] | None = None) -> Iterator[str]:
    """Yield where it stands: its steps, its texts, its end.

    `earlier` are the free texts of tries that are void, by attempt.
    """
    yield beginning(found.description)
    spent, worked = _spent(found), found.active_duration.ToNanoseconds() / 1e9
    yield joined(
        state(found),
        when(found.create_time),
        duration(spent) if spent else "",
        f"{duration(worked)} at work" if worked else "",
        cost(found.cost if found.HasField("cost") else None),
    )
    for step in found.steps:
        yield from _step(step)
    for attempt, void in (earlier or {}).items():
        yield from _free(f"Text of attempt {attempt}", void)
    for text in found.texts:
        yield from _text(text)
    if found.HasField("error"):
        yield f"Failed: {of_status(found.error)}"
    if found.resource:
        yield f"Made:   {clean(found.resource)}"
    elif found.artifact:
        yield f"Makes:  {clean(found.artifact)}"
    if found.message:
        yield f"Of:     {clean(found.message)}"
    if found.caused_by:
        yield f"Begun by {clean(found.caused_by)}"
    if found.comparison:
        yield f"One of: {clean(found.comparison)}"
    for rating in found.ratings:
        yield f"Liked:  {rated(rating)}"
    yield f"Name:   {clean(found.name)}, {found.last_sequence} events"


def state(generation: Generation) -> str:
    """Return where it stands, with the share that is done while it works."""
    name = telling.state(generation.state)
    if generation.state == Generation.STATE_RUNNING and generation.HasField("latest"):
        return f"{name}, {percent(generation.latest.fraction)}"
    return name


def rated(rating: Rating) -> str:
    """Return "avatar: 4 of 5, a fine tail"."""
    said = f", {clean(rating.comment)}" if rating.comment else ""
    return f"{clean(rating.step) or 'all'}: {rating.stars} of 5{said}"


def _step(step: StepSnapshot) -> Iterator[str]:
    told = StepSnapshot.State.Name(step.state).removeprefix("STATE_").lower()
    tried = f"attempt {step.attempt}" if step.attempt > 1 else ""
    if step.HasField("usage"):
        done = telling.usage(step.usage, step.work.unit)
    else:
        done = telling.tokens(step.tokens) if step.HasField("tokens") else ""
    paid = cost(step.result.cost if step.result.HasField("cost") else None)
    yield f"  {clean(step.title or step.step)}: {joined(told, tried, done, paid)}"
    for action in step.actions:
        if said := thought.action(action):
            yield f"    {said}"
    if step.HasField("error"):
        yield f"    {of_status(step.error)}"
    for said in (clean(step.result.details), telling.made(step.result)):
        if said:
            yield f"    {said}"
    if step.result.HasField("fallback"):
        yield f"    {telling.fallback(step.result.fallback)}"


def _text(text: FieldText) -> Iterator[str]:
    """Yield a field on one line, and a free text on its own lines."""
    if text.field:
        yield f"  {label(text.field)}: {clean(text.text)}"
        return
    yield from _free("Text", text.text)


def _free(heading: str, text: str) -> Iterator[str]:
    yield f"  {heading}:"
    for line in clean_prose(text).split("\n"):
        yield f"    {line}".rstrip()


def _spent(generation: Generation) -> float:
    """How long it took from its acceptance on; 0 where it has not ended."""
    if not generation.HasField("end_time"):
        return 0.0
    begun, ended = generation.create_time, generation.end_time
    return (ended.ToNanoseconds() - begun.ToNanoseconds()) / 1e9
