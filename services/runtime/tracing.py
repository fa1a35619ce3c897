"""Traces: spans of calls, of generations that are run, and of what is done for either.

Where no address is set, no span is ever begun, and nothing of OpenTelemetry's is imported. A call
and a generation begin a span, with or without a parent; everything else does so within another one
that is recorded, or not at all. No span ever has an exception's text: that may repeat what somebody
said.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Literal, Protocol

from services.runtime.errors import HatcheryError
from services.runtime.status import reason_name

Kind = Literal["internal", "server", "client"]
Attributes = Mapping[str, str | int | float]

# As W3C writes a trace from one process to the next.
PARENT, STATE = "traceparent", "tracestate"


class Span(Protocol):
    """What took a while. Unless it is `recorded`, nothing can be told of it."""

    @property
    def recorded(self) -> bool:
        """Whether it is one that is exported, and has not ended."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """What tells another process where it belongs."""
        ...

    @property
    def ids(self) -> tuple[str, str]:
        """Those of the trace and of the span, in hexadecimal digits."""
        ...

    def note(self, attributes: Attributes) -> None:
        """Adds to what is known of it."""
        ...

    def fail(self, reason: str) -> None:
        """Says that it went wrong, and by which of few names."""
        ...

    def link(self, parent: str) -> None:
        """Points at another trace, as `traceparent` writes it."""
        ...

    def begin(self, name: str, kind: Kind, attributes: Attributes) -> "Span":
        """A span within this one."""
        ...

    def end(self) -> None:
        """It is over."""
        ...


class Tracer(Protocol):
    """Begins spans."""

    @property
    def replica(self) -> str:
        """What tells this process from others like it."""
        ...

    def begin(
        self, name: str, kind: Kind, parent: Mapping[str, str], attributes: Attributes
    ) -> Span:
        """A span of a trace that came from elsewhere, or of a new one."""
        ...


class _Unseen:
    """Stands where no span is."""

    recorded = False
    headers: Mapping[str, str] = {}
    ids = ("", "")

    def note(self, attributes: Attributes) -> None:
        """Forgets it."""

    def fail(self, reason: str) -> None:
        """Forgets it."""

    def link(self, parent: str) -> None:
        """Forgets it."""

    def begin(self, name: str, kind: Kind, attributes: Attributes) -> Span:
        """Nothing either."""
        return self

    def end(self) -> None:
        """Nothing was begun."""


_UNSEEN = _Unseen()
_NOTHING: AbstractContextManager[Span] = nullcontext(_UNSEEN)
# The span that is done for just now.
_here: ContextVar[Span] = ContextVar("span", default=_UNSEEN)


class Tracing:
    """Begins the spans of a process, or none."""

    def __init__(self, tracer: Tracer | None = None) -> None:
        self._tracer = tracer

    @property
    def on(self) -> bool:
        """Whether there are any."""
        return self._tracer is not None

    @property
    def replica(self) -> str:
        """What tells this process from others like it; nothing where there are no spans."""
        return self._tracer.replica if self._tracer else ""

    def span(
        self,
        name: str,
        kind: Kind,
        parent: Mapping[str, str],
        attributes: Attributes,
        links: Iterable[str] = (),
    ) -> AbstractContextManager[Span]:
        """A span until the block is left, within what `parent`, some headers, tells of.

        How it ends is for the block to say. `links` are other traces, as `traceparent` has them.
        """
        if self._tracer is None:
            return _NOTHING
        span = self._tracer.begin(name, kind, parent, attributes)
        for link in links:
            span.link(link)
        return _within(span)


def here() -> Span:
    """The span that is done for just now; one that is not recorded where there is none."""
    return _here.get()


def child(
    name: str, kind: Kind = "internal", attributes: Attributes | None = None
) -> AbstractContextManager[Span]:
    """A span within the one that is done for, until the block is left; what that raises fails it.

    Where that one is not recorded, there is none.
    """
    span = _here.get()
    if not span.recorded:
        return _NOTHING
    return _failing(span.begin(name, kind, attributes or {}))


@contextmanager
def unseen() -> Iterator[None]:
    """Within the block nothing is done for any span."""
    token = _here.set(_UNSEEN)
    try:
        yield
    finally:
        _here.reset(token)


@contextmanager
def _within(span: Span) -> Iterator[Span]:
    token = _here.set(span)
    try:
        yield span
    finally:
        _here.reset(token)
        span.end()


@contextmanager
def _failing(span: Span) -> Iterator[Span]:
    with _within(span):
        try:
            yield span
        except asyncio.CancelledError:  # somebody changed their mind, and nothing went wrong
            raise
        except BaseException as error:
            span.fail(name_of(error))
            raise


def name_of(error: BaseException) -> str:
    """The reason of an error of ours, and the type of any other."""
    return reason_name(error) if isinstance(error, HatcheryError) else type(error).__name__
