"""A text while it is written, and its figures beneath: as lines that fit where they go."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from clients.cli.show.bar import bar
from clients.cli.show.colours import CREAM, GOLD, ROSE, SOFT
from clients.cli.show.figures import figures
from clients.cli.show.told import Told
from clients.cli.story import WRITING, Story
from clients.cli.wording import clean_prose, joined

SEPARATOR = " · "


@dataclass(frozen=True)
class Room:
    """Columns and lines that a page may take; `filled` says that it takes all of them."""

    width: int
    height: int
    coloured: bool
    filled: bool = False


def page(told: Told, console: Console, room: Room, now: float, mark: str = "") -> list[Text]:
    """Return the page: the title, the end of the text, what is done, the bar and the figures.

    `mark` stands behind the title.
    """
    width = room.width
    head = [
        fitted(Text(joined(told.title, mark), f"bold {GOLD if mark else CREAM}"), width),
        Text(),
    ]
    foot = [Text(), *Text(told.doing(now), GOLD).wrap(console, width)]
    foot.append(bar(told.story.fraction, width, colour=room.coloured))
    packed = _packed(figures(told.story, now, width=width, lost=told.lost), width)
    foot += [fitted(Text(line, SOFT), width) for line in packed]
    foot += [line for note in told.notes() for line in Text(note, ROSE).wrap(console, width)]
    rows = room.height - len(head) - len(foot)
    if rows < 1:  # the figures matter more than the blanks
        return [head[0], *foot[1:]][: room.height]
    body = _end(told.story, console, width, rows)
    blank = [Text()] * (rows - len(body)) if room.filled else []
    return [*head, *body, *blank, *foot]


def _end(story: Story, console: Console, width: int, rows: int) -> list[Text]:
    """The last lines of the text that fit. Only what they can hold is looked at."""
    step = story.steps.get(WRITING)
    text = step.texts.get("", "") if step is not None else ""
    start = text.rfind("\n", 0, max(len(text) - width * rows, 0)) + 1
    written = Text(clean_prose(text[start:]), CREAM)
    if step is not None and step is story.current and step.result is None:
        written.append("▍", GOLD)
    return list(written.wrap(console, width, tab_size=4))[-rows:] if written else []


def _packed(parts: Sequence[str], width: int) -> list[str]:
    """The parts on as few lines as hold them."""
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]}{SEPARATOR}{part}" if lines else part
        if lines and len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def fitted(line: Text, width: int) -> Text:
    """Return the line, cut where it is too long."""
    line.truncate(width, overflow="ellipsis")
    return line


def is_coloured(console: Console) -> bool:
    """Whether there are colours to draw with."""
    return console.color_system is not None and not console.no_color
