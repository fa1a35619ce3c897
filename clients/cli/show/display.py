"""What shows a story while it happens."""

import os
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Protocol, Self

import click
from google.protobuf.json_format import MessageToJson
from google.protobuf.message import Message
from hatchery.progress.v1.progress_pb2 import Progress


class Display(Protocol):
    """Shows one story, from `with` to its end."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def hear(self, event: Progress) -> None:
        """Show the next event."""
        ...

    def lost(self, pause: float) -> None:
        """Say that the connection was lost and is tried again after `pause` seconds."""
        ...


class ManyDisplay(Display, Protocol):
    """Shows several stories."""

    def label(self, labels: Mapping[str, str]) -> None:
        """Say, by the names of the generations and in order, whose each is."""
        ...


class Quiet:
    """The beginning and the end of a display that needs none."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None


class JsonLines(Quiet):
    """Each event as one line of proto-JSON, and nothing else on standard output."""

    def hear(self, event: Progress) -> None:
        """Print the event."""
        click.echo(as_json(event))

    def label(self, labels: Mapping[str, str]) -> None:
        """Stay silent: each event names its generation."""

    def lost(self, pause: float) -> None:
        """Stay silent: the stream goes on where it was."""


def as_json(message: Message) -> str:
    """Return the message as one line of proto-JSON."""
    return MessageToJson(message, preserving_proto_field_name=False, indent=None)


def in_terminal() -> bool:
    """Whether a person looks at standard output, in something that can be drawn on."""
    return sys.stdout.isatty() and os.environ.get("TERM", "") not in ("", "dumb")
