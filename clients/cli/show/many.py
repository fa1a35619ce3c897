"""Several stories at once, as lines that begin with whose they are."""

from collections.abc import Mapping

import click
from hatchery.progress.v1.progress_pb2 import Progress

from clients.cli.sentences import of_status
from clients.cli.show.display import Quiet
from clients.cli.show.plain import PlainDisplay
from clients.cli.wording import clean

LETTERS = 8  # of an id, as of a commit


class ManyLines(Quiet):
    """A plain display for each, and the connection that they share."""

    def __init__(self, *, apart: bool = False) -> None:
        """`apart` leaves standard output alone."""
        self._displays: dict[str, PlainDisplay] = {}
        self._labels: Mapping[str, str] = {}
        self._apart = apart
        self._is_lost = False

    def label(self, labels: Mapping[str, str]) -> None:
        """Give generations other marks than the first letters of their names."""
        self._labels = labels

    def hear(self, event: Progress) -> None:
        """Print what the event tells of its generation."""
        if self._is_lost:
            self._is_lost = False
            self._say("Connected again.")
        if not event.generation:
            return  # a heartbeat of the stream itself
        mark = self._mark(event.generation)
        if event.generation not in self._displays:
            self._displays[event.generation] = PlainDisplay(mark, apart=self._apart)
        self._displays[event.generation].hear(event)
        match event.WhichOneof("event"):
            case "completed":
                self._say(f"{mark}Made {clean(event.completed.resource)}")
            case "failed":
                self._say(f"{mark}{of_status(event.failed.error)}")

    def lost(self, pause: float) -> None:
        """Say once that the connection was lost."""
        if not self._is_lost and self._displays:
            self._is_lost = True
            self._say("The connection was lost; the work goes on. Connecting again …")

    def _mark(self, generation: str) -> str:
        widest = max(map(len, self._labels.values()), default=0)
        label = self._labels.get(generation) or generation.rpartition("/")[2][:LETTERS]
        return f"{label.ljust(widest)}  "

    def _say(self, line: str) -> None:
        click.echo(line, err=self._apart)
