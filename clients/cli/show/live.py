"""The story in a terminal: drawn anew several times a second, and gone when it is told."""

import threading
import time
from types import TracebackType
from typing import Self

from hatchery.progress.v1.progress_pb2 import Preview, Progress
from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.live import Live
from rich.table import Table
from rich.text import Text

from clients.cli.show import telling
from clients.cli.show.bar import bar
from clients.cli.show.colours import CREAM, GOLD, ROSE, SOFT
from clients.cli.show.pixels import pixels
from clients.cli.show.scene import HATCHED, in_half_blocks, scene
from clients.cli.story import Phase, Step, Story, merged
from clients.cli.wording import clean, duration, joined, label

FRAMES = 12  # a second
PREVIEW_SIDE = 28  # pixels
WIDE, TALL = 72, 18  # from here on there is room for a picture
WIDEST = 100


class LiveDisplay:
    """Draws a story where a person looks."""

    def __init__(self, title: str, console: Console | None = None) -> None:
        self._view = View(title)
        self._lock = threading.Lock()
        self._console = console or Console(highlight=False, markup=False, emoji=False)
        self._live = Live(self, console=self._console, refresh_per_second=FRAMES, transient=True)

    def __enter__(self) -> Self:
        self._live.start(refresh=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def hear(self, event: Progress) -> None:
        """Take the event in; the next frame shows it."""
        picture = None
        kind = event.WhichOneof("event")
        if kind == "preview" and self._console.width >= WIDE:
            picture = _drawn(event.preview)
        with self._lock:
            if kind == "step_retrying" or event.step_completed.HasField("fallback"):
                self._view.picture = None  # it will not be what was drawn so far
            self._view.lost = False
            self._view.story.hear(event, time.monotonic())
            self._view.picture = picture or self._view.picture

    def lost(self, pause: float) -> None:
        """Say that the connection is gone, until the next event."""
        with self._lock:
            self._view.lost = True

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        with self._lock:
            yield self._view.frame(console, time.monotonic())


class View:
    """One frame of a story. Pure but for what the console says of itself."""

    def __init__(self, title: str) -> None:
        self.story = Story()
        self.title = clean(title)
        self.picture: Text | None = None
        self.lost = False

    def frame(self, console: Console, now: float) -> Table | Group:
        """Return what there is to see at a time."""
        width, height = min(console.width, WIDEST), console.height
        if width < WIDE or height < TALL or not _is_coloured(console):
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
        story, coloured = self.story, _is_coloured(console)
        egg = "🐣" if story.fraction >= HATCHED else "🥚"
        head = [_fit(Text(f"{egg} {self.title}", f"bold {CREAM}"), width), Text()]
        head.append(_fit(Text(self._doing(now), GOLD), width))
        head.append(bar(story.fraction, width, colour=coloured))
        step = story.current
        if step is not None and (doing := _gauges(step)):
            head.append(_fit(Text(doing), width))
        head.append(_fit(Text(self._times(now, width), SOFT), width))
        notes = [line for note in self._notes() for line in Text(note, ROSE).wrap(console, width)]
        texts = [Text(), *self._texts(console, width)]
        room = max(height - len(head) - len(notes), 0)
        return head + notes + (texts[-room:] if room else [])

    def _doing(self, now: float) -> str:
        story = self.story
        if self.lost:
            return "The connection was lost; the work goes on. Connecting again …"
        queued = story.queued if story.waits(now) else None
        if queued is not None and (queued.position or story.current is None):
            return telling.queue(queued)
        if story.phase is Phase.PAUSED:
            return telling.paused(story.generation)
        if story.current is None:
            return "Done" if story.ended else "About to begin"
        return telling.heading(story.current)

    def _times(self, now: float, width: int) -> str:
        took = duration(self.story.elapsed(now))
        left = "" if self.lost else telling.left(self.story.left(now))
        why = f"({telling.basis(self.story.basis)})" if left.startswith("about") else ""
        whole = joined(took, f"{left} {why}".strip())
        return whole if len(whole) <= width else joined(took, left)

    def _notes(self) -> list[str]:
        """What went otherwise than planned."""
        notes = ["Another replica goes on with it"] if self.story.recoveries else []
        for step in self.story.steps.values():
            if step.retrying is not None:
                notes.append(telling.retrying(step.retrying))
            if step.result is not None and step.result.HasField("fallback"):
                notes.append(telling.fallback(step.result.fallback))
        return notes

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
        return f"reading {step.prompt.processed} of {step.prompt.total} tokens"
    return joined(
        telling.tokens(step.tokens) if step.tokens is not None else "",
        telling.work(step.work) if step.work is not None else "",
    )


def _drawn(preview: Preview) -> Text | None:
    drawn = pixels(preview.image, preview.media_type, PREVIEW_SIDE)
    return in_half_blocks(drawn) if drawn else None


def _fit(line: Text, width: int) -> Text:
    line.truncate(width, overflow="ellipsis")
    return line


def _is_coloured(console: Console) -> bool:
    return console.color_system is not None and not console.no_color
