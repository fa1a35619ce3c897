"""The story in a terminal: drawn anew several times a second, and gone when it is told."""

import time

from hatchery.progress.v1.progress_pb2 import Preview, Progress
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from clients.cli.show import telling, thinking
from clients.cli.show.bar import bar
from clients.cli.show.colours import CREAM, GOLD, ROSE, SOFT
from clients.cli.show.drawing import Drawing
from clients.cli.show.page import Room, fitted, is_coloured, page
from clients.cli.show.pixels import pixels
from clients.cli.show.scene import HATCHED, in_half_blocks, scene
from clients.cli.show.told import Told
from clients.cli.step import Step
from clients.cli.story import Phase, merged
from clients.cli.wording import clean, duration, joined, label

PREVIEW_SIDE = 28  # pixels
WIDE, TALL = 72, 18  # from here on there is room for a picture
WIDEST = 100


class LiveDisplay(Drawing):
    """Draws a story where a person looks."""

    def __init__(self, title: str, console: Console | None = None, *, writes: bool = False) -> None:
        super().__init__(console)
        self._view = View(title, writes=writes)

    def frame(self, console: Console, now: float) -> Table | Group:
        """Return what there is to see at a time."""
        return self._view.frame(console, now)

    def hear(self, event: Progress) -> None:
        """Take the event in; the next frame shows it."""
        picture = None
        kind = event.WhichOneof("event")
        if kind == "preview" and self.console.width >= WIDE:
            picture = _drawn(event.preview)
        with self.lock:
            if kind == "step_retrying" or event.step_completed.HasField("fallback"):
                self._view.picture = None  # it will not be what was drawn so far
            self._view.lost = False
            self._view.story.hear(event, time.monotonic())
            self._view.picture = picture or self._view.picture

    def lost(self, pause: float) -> None:
        """Say that the connection is gone, until the next event."""
        with self.lock:
            self._view.lost = True


class View(Told):
    """One frame of a story. Pure but for what the console says of itself."""

    def __init__(self, title: str, *, writes: bool = False) -> None:
        """`writes` says that it is a free text that is made; else the story tells, once it can."""
        super().__init__(title)
        self._writes = writes
        self.picture: Text | None = None

    def frame(self, console: Console, now: float) -> Table | Group:
        """Return what there is to see at a time."""
        if self.story.answers:
            return thinking.frame(self, console, now)
        width, height = min(console.width, WIDEST), console.height
        if self._writes or self.story.writes:
            room = Room(width - 1, height - 1, is_coloured(console))
            return Group(*page(self, console, room, now))
        is_halted = self.story.phase is Phase.PAUSED  # the command that resumes needs the width
        if width < WIDE or height < TALL or not is_coloured(console) or is_halted:
            return Group(*self._lines(console, width - 1, height - 1, now))
        picture = self.picture or scene(self.story.fraction, now)
        beside = max(len(line) for line in picture.plain.splitlines())
        grid = Table.grid(padding=(1, 3))
        grid.add_column(width=beside)
        grid.add_column(width=width - beside - 6)
        body = self._lines(console, width - beside - 6, height - 3, now)
        grid.add_row(picture, Group(*body))
        return grid

    def _lines(self, console: Console, width: int, height: int, now: float) -> list[Text]:
        """The lines of the story, the newest of its texts where not all of them fit."""
        story, coloured = self.story, is_coloured(console)
        egg = "🐣" if story.fraction >= HATCHED else "🥚"
        head = [fitted(Text(f"{egg} {self.title}", f"bold {CREAM}"), width), Text()]
        head.append(fitted(Text(self.doing(now), GOLD), width))
        head.append(bar(story.fraction, width, colour=coloured))
        step = story.current
        if step is not None and (doing := _gauges(step)):
            head.append(fitted(Text(doing), width))
        head.append(fitted(Text(self._times(now, width), SOFT), width))
        notes = [line for note in self.notes() for line in Text(note, ROSE).wrap(console, width)]
        texts = [Text(), *self._texts(console, width)]
        room = max(height - len(head) - len(notes), 0)
        return head + notes + (texts[-room:] if room else [])

    def _times(self, now: float, width: int) -> str:
        took = duration(self.story.elapsed(now))
        left = "" if self.lost else telling.left(self.story.left(now))
        why = f"({telling.basis(self.story.basis)})" if left.startswith("about") else ""
        whole = joined(took, f"{left} {why}".strip())
        return whole if len(whole) <= width else joined(took, left)

    def _texts(self, console: Console, width: int) -> list[Text]:
        """Each field as it is written, its label beside it, or above it in a narrow terminal."""
        lines: list[Text] = []
        for step in self.story.steps.values():
            fields = merged(step.texts)
            beside = max((len(label(field)) for field in fields), default=0) + 2
            if beside > width // 3:
                beside = 0
            for field, text in fields.items():
                written = Text(clean(text), CREAM)
                if step is self.story.current and field == list(fields)[-1]:
                    written.append("▍", GOLD)
                wrapped = list(written.wrap(console, width - beside))
                named = Text(label(field).ljust(beside), SOFT)
                lines += wrapped_beside(named, wrapped, beside)
        return lines


def wrapped_beside(named: Text, wrapped: list[Text], beside: int) -> list[Text]:
    """Return lines with their label in front of the first, the others under it."""
    if not beside:
        return [named, *wrapped]
    blank = Text(" " * beside)
    return [Text.assemble(blank if place else named, line) for place, line in enumerate(wrapped)]


def _gauges(step: Step) -> str:
    if step.loading is not None:
        return telling.loading(step.loading)
    if step.prompt is not None and not step.texts:
        return telling.reading(step.prompt)
    return joined(
        telling.tokens(step.tokens) if step.tokens is not None else "",
        telling.work(step.work) if step.work is not None else "",
    )


def _drawn(preview: Preview) -> Text | None:
    drawn = pixels(preview.image, preview.media_type, PREVIEW_SIDE)
    return in_half_blocks(drawn) if drawn else None
