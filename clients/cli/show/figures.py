"""How far a text is: what stands beneath it while it is written."""

from clients.cli.costs import cost
from clients.cli.show import telling
from clients.cli.step import Step
from clients.cli.story import WRITING, Story
from clients.cli.wording import count, duration

LONG = 80  # columns that a figure may take at most


def figures(story: Story, now: float, *, width: int = LONG, lost: bool = False) -> list[str]:
    """Return tokens, tokens/s, the time worked, what is left and what it rests on, and the cost.

    What the rest rests on is left out where it makes a figure longer than `width`.
    """
    step = story.steps.get(WRITING)
    worked = story.worked(now)
    parts = [
        *_tokens(step),
        duration(worked) if worked else "",
        "" if lost or step is None or step.began is None else _left(story, now, width),
        cost(story.cost),
    ]
    return [part for part in parts if part]


def _tokens(step: Step | None) -> list[str]:
    """How much there is and how fast it came: what the engine counted, once that is known."""
    if step is not None and step.result is not None and step.result.HasField("usage"):
        used = step.result.usage
        return [count(used.output_tokens, "tokens"), telling.speed(telling.rate(used))]
    if step is not None and step.tokens is not None:
        return [telling.written(step.tokens), telling.pace(step.tokens)]
    return [_before(step)]


def _left(story: Story, now: float, width: int) -> str:
    left = telling.left(story.left(now))
    whole = f"{left} ({telling.basis(story.basis)})" if left.startswith("about") else left
    return whole if len(whole) <= width else left


def _before(step: Step | None) -> str:
    """What happens before anything is written, and how much should be."""
    if step is None:
        return ""
    if step.loading is not None:
        return telling.loading(step.loading)
    if step.prompt is not None and not step.texts:
        return telling.reading(step.prompt)
    return telling.length(step.expected_tokens)
