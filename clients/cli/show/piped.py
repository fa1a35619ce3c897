"""A companion that answers where nobody draws: the reply on standard output, all else beside it."""

import click
from hatchery.progress.v1.progress_pb2 import Progress

from clients.cli.show.display import Quiet
from clients.cli.show.plain import PlainDisplay
from clients.cli.wording import clean, clean_prose


class PipedTalk(Quiet):
    """Prints what it thinks as lines, and its reply once that is whole; `who` goes in front."""

    def __init__(self, who: str = "") -> None:
        self._lines = PlainDisplay(apart=True)
        self._label = f"{clean(who)}: " if who else ""

    def hear(self, event: Progress) -> None:
        """Print what the event tells."""
        self._lines.hear(event)
        if event.step_completed.HasField("reply"):
            click.echo(self._label + clean_prose(event.step_completed.reply.text))

    def lost(self, pause: float) -> None:
        """Say once that the connection was lost."""
        self._lines.lost(pause)
