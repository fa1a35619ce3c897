"""Several stories at once, as lines that begin with whose they are."""

from collections.abc import Iterable

import click
from hatchery.progress.v1.progress_pb2 import Progress

from clients.cli.sentences import of_status
from clients.cli.show.display import Quiet
from clients.cli.show.plain import PlainDisplay
from clients.cli.wording import clean

LETTERS = 8  # of an id, as of a commit


class ManyLines(Quiet):
    """A plain display for each, and the connection that they share."""

    def __init__(self, generations: Iterable[str]) -> None:
        self._marks = {name: f"{name.rpartition('/')[2][:LETTERS]}  " for name in generations}
        self._displays = {name: PlainDisplay(mark) for name, mark in self._marks.items()}
        self._is_lost = False
        self._has_heard = False

    def hear(self, event: Progress) -> None:
        """Print what the event tells of its generation."""
        self._has_heard = True
        if self._is_lost:
            self._is_lost = False
            click.echo("Connected again.")
        if event.generation not in self._displays:
            return  # a heartbeat of the stream itself
        self._displays[event.generation].hear(event)
        mark = self._marks[event.generation]
        match event.WhichOneof("event"):
            case "completed":
                click.echo(f"{mark}Made {clean(event.completed.resource)}")
            case "failed":
                click.echo(f"{mark}{of_status(event.failed.error)}")

    def lost(self, pause: float) -> None:
        """Say once that the connection was lost."""
        if not self._is_lost and self._has_heard:
            self._is_lost = True
            click.echo("The connection was lost; the work goes on. Connecting again …")
