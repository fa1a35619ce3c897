"""Several models at work, side by side where there is room."""

import time
from collections.abc import Mapping

from hatchery.progress.v1.progress_pb2 import Progress
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from clients.cli.show import telling
from clients.cli.show.colours import CREAM, GOLD
from clients.cli.show.drawing import Drawing
from clients.cli.show.page import Room, fitted, is_coloured, page
from clients.cli.show.told import Told
from clients.cli.story import WRITING

NARROWEST = 34  # columns of a terminal that a model should have
TALLEST = 30
GAP = 3
FASTEST = "★ fastest"


class Columns(Drawing):
    """Draws the stories of a comparison where a person looks."""

    def __init__(self, title: str, console: Console | None = None) -> None:
        super().__init__(console)
        self._view = ColumnsView(title)

    def frame(self, console: Console, now: float) -> Group:
        """Return what there is to see at a time."""
        return self._view.frame(console, now)

    def label(self, labels: Mapping[str, str]) -> None:
        """Put generations in order, and say whose they are."""
        with self.lock:
            self._view.label(labels)

    def hear(self, event: Progress) -> None:
        """Take the event in; the next frame shows it."""
        with self.lock:
            self._view.hear(event, time.monotonic())

    def lost(self, pause: float) -> None:
        """Say that the connection is gone, until the next event."""
        with self.lock:
            self._view.lost()


class ColumnsView:
    """One frame of a comparison. Pure but for what the console says of itself."""

    def __init__(self, title: str) -> None:
        self._title = Told(title).title
        self._all: dict[str, Told] = {}

    def label(self, labels: Mapping[str, str]) -> None:
        """Put generations in order, and say whose they are."""
        told = {name: self._all.get(name) or Told("") for name in labels}
        self._all = told | {name: one for name, one in self._all.items() if name not in told}
        for name, label in labels.items():
            self._all[name].title = label

    def hear(self, event: Progress, now: float) -> None:
        """Take the next event in."""
        for one in self._all.values():
            one.lost = False
        if event.generation:
            self._all.setdefault(event.generation, Told("")).story.hear(event, now)

    def lost(self) -> None:
        """Say that the connection is gone, until the next event."""
        for one in self._all.values():
            one.lost = True

    def frame(self, console: Console, now: float) -> Group:
        """Return what there is to see at a time."""
        shown = list(self._all.values())
        title = fitted(Text(self._title, f"bold {CREAM}"), console.width - 1)
        if not shown:
            return Group(title, Text(), Text("About to begin", GOLD))
        across = max(min(len(shown), (console.width + GAP) // (NARROWEST + GAP)), 1)
        down = -(-len(shown) // across)
        width = (console.width - GAP * (across - 1) - 1) // across
        height = max((min(console.height, TALLEST) - 3) // down, 3)
        room = Room(width, height, is_coloured(console), filled=True)
        grid = Table.grid(padding=(0, GAP, 0, 0))
        for _ in range(across):
            grid.add_column(width=width)
        first = telling.fastest({name: rate(one) for name, one in self._all.items()})
        pages = [
            Group(*page(one, console, room, now, mark=FASTEST if name == first else ""))
            for name, one in self._all.items()
        ]
        for start in range(0, len(pages), across):
            grid.add_row(*pages[start : start + across])
        return Group(title, Text(), grid)


def rate(told: Told) -> float:
    """Return the tokens per second of the latest gauge; 0 before there is one."""
    step = told.story.steps.get(WRITING)
    return step.tokens.tokens_per_second if step is not None and step.tokens is not None else 0.0
