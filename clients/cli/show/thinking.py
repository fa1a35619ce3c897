"""A companion that thinks: each step as it happens, and all in a line once it is over."""

from collections.abc import Iterator

from rich.console import Console, Group
from rich.text import Text

from clients.cli.sentences import of_status
from clients.cli.show import telling, thought
from clients.cli.show.colours import CREAM, GOLD, ROSE, SOFT
from clients.cli.show.page import fitted
from clients.cli.show.told import Told
from clients.cli.step import Step
from clients.cli.story import ANSWERING, Story
from clients.cli.wording import clean, duration, joined

_SPINS = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_TURNS = 10  # a second
_WITHOUT = {
    "analyzing": "understood by simple rules",
    "planning": "answered without a plan",
    "memory": "remembered by simple rules",
}


def frame(told: Told, console: Console, now: float, *, is_folded: bool = False) -> Group:
    """Return what there is to see at a time. Pure but for what the console says of itself.

    `is_folded` leaves out what is over.
    """
    width, story = console.width - 1, told.story
    steps = [step for step in story.steps.values() if not is_folded or step is story.current]
    lines = [line for step in steps for line in _step(step, story, now)]
    foot = [Text(_place(told, now), GOLD if told.lost or story.current is None else SOFT)]
    foot += [Text(note, ROSE) for note in _notes(story)]
    room = max(console.height - 1 - len(foot), 0)
    return Group(*(fitted(line, width) for line in [*(lines[-room:] if room else []), *foot]))


def _place(told: Told, now: float) -> str:
    """Where it stands where no step is at work; else the time, and what is left."""
    if told.lost or told.story.current is None:
        return told.doing(now)
    return joined(duration(told.story.elapsed(now)), telling.left(told.story.left(now)))


def _notes(story: Story) -> Iterator[str]:
    if story.recoveries:
        yield "Another replica goes on with it"
    for step in story.steps.values():
        if step.retrying is not None and step.result is None:
            yield telling.retrying(step.retrying)


def _step(step: Step, story: Story, now: float) -> Iterator[Text]:
    """The line of a step, and one for each action that it takes."""
    name = clean(step.title or step.name)
    if step.result is not None:
        yield Text(f"✓ {joined(name, clean(step.result.details))}", SOFT)
    elif step is story.current:
        spin = _SPINS[int(now * _TURNS) % len(_SPINS)]
        yield Text(f"{spin} {joined(name + telling.attempt(step), _gauges(step))}", CREAM)
    else:
        yield Text(f"  {name}", "dim")
    for told in step.actions.values():
        if said := thought.action(told):
            yield Text(f"    {said}", ROSE if told.action.HasField("error") else SOFT)


def _gauges(step: Step) -> str:
    if step.loading is not None:
        return telling.loading(step.loading)
    if step.prompt is not None and not step.texts:
        return telling.reading(step.prompt)
    return telling.tokens(step.tokens) if step.tokens is not None else ""


def folded(story: Story, now: float) -> str:
    """Return all that it thought in one line."""
    steps = story.steps
    results = {name: step.result for name, step in steps.items() if step.result is not None}
    parts = [f"Thought for {duration(story.worked(now))}"]
    if (told := results.get("context")) is not None and told.context_reading.memories:
        number = len(told.context_reading.memories)
        parts.append("1 memory matters" if number == 1 else f"{number} memories matter")
    if (told := results.get("analyzing")) is not None and not told.HasField("fallback"):
        parts.append(thought.analysis(told.analysis))
    if (told := results.get("planning")) is not None and not told.HasField("fallback"):
        actions = [clean(one.action) for one in told.plan.actions if one.action != thought.ANSWER]
        parts.append(f"plan: {', '.join(actions)}" if actions else "")
    return joined(*parts)


def left_out(story: Story) -> list[str]:
    """Return what was planned and is not done, and why."""
    step = story.steps.get("validation")
    return thought.refused(step.result.plan_review) if step is not None and step.result else []


def substitutes(story: Story) -> dict[str, str]:
    """Return what went otherwise than it should, in words, by its reason."""
    found: dict[str, list[str]] = {}
    others: dict[str, str] = {}
    for step in story.steps.values():
        if step.result is None or not step.result.HasField("fallback"):
            continue
        why = of_status(step.result.fallback.error)
        if step.name in _WITHOUT:
            found.setdefault(why, []).append(_WITHOUT[step.name])
        else:
            others[why] = telling.fallback(step.result.fallback)
    said = {why: f"{', '.join(hows)}: {why}" for why, hows in found.items()}
    return others | {why: line[:1].upper() + line[1:] for why, line in said.items()}


def reply_of(story: Story) -> str:
    """Return what the reply is by now; once it is written, as it is kept."""
    step = story.steps.get(ANSWERING)
    if step is None:
        return ""
    if step.result is not None and step.result.HasField("reply"):
        return step.result.reply.text
    return step.texts.get("", "")
