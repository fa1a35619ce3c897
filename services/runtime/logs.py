"""Structured logs on standard error, each line with the request id of its call.

In JSON, and unless at DEBUG, a line about an exception has neither the values of variables nor
what the exception says: both may be what somebody wrote, or a secret.
"""

import logging
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, TextIO

import structlog

from services.runtime import tracing

# These say what a machine could not do, and may be told: of others nobody knows what they repeat.
_MACHINES: tuple[type[BaseException], ...] = (OSError, MemoryError, ImportError)


def configure(
    log_format: str, level: str, service: str, told: tuple[type[BaseException], ...] = ()
) -> None:
    """Sets up logging for this process: one JSON object a line, or coloured lines for a person.

    `told` are further exceptions whose words are the machine's.
    """
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    common: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        _with_trace,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    plain = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    form = plain if level == "debug" else _Discreet(plain, (*_MACHINES, *told))
    tracebacks = [structlog.processors.ExceptionRenderer(form)] if log_format == "json" else []
    structlog.configure(
        processors=[*common, *tracebacks, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.WriteLoggerFactory(_Unfailing(sys.stderr)),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    # What libraries log goes the same way, from warnings up.
    libraries = logging.StreamHandler(_Unfailing(sys.stderr))
    libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                *common,
                structlog.stdlib.add_logger_name,
                *([] if level == "debug" else [_without_values]),
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *tracebacks,
                renderer,
            ],
        )
    )
    logging.basicConfig(handlers=[libraries], level=logging.WARNING)


def _with_trace(
    _logger: structlog.types.WrappedLogger, _method: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    """Says which span a line belongs to, where that is recorded."""
    span = tracing.here()
    if span.recorded:
        event["trace_id"], event["span_id"] = span.ids
    return event


def _without_values(
    _logger: structlog.types.WrappedLogger, _method: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    """Takes out of asyncio's own lines the tasks, calls and exceptions that it writes into them."""
    if event["logger"] == "asyncio":
        event["event"] = str(event["event"]).partition("\n")[0].partition("(")[0]
    return event


class _Discreet:
    """The form of a traceback, without what its exceptions say where that may be anything."""

    def __init__(
        self,
        form: structlog.tracebacks.ExceptionDictTransformer,
        told: tuple[type[BaseException], ...],
    ) -> None:
        self._form = form
        self._told = told

    def __call__(self, exc_info: structlog.typing.ExcInfo) -> list[dict[str, Any]]:
        raised = _all_of(exc_info[1])
        traces = self._form(exc_info)
        _silence(traces, {type(one).__name__ for one in raised if isinstance(one, self._told)})
        return traces


def _all_of(raised: BaseException | None) -> Iterable[BaseException]:
    """An exception, those that it came from, and those that are in it."""
    found: dict[int, BaseException] = {}
    left = [raised]
    while left:
        one = left.pop()
        if one is not None and id(one) not in found:
            found[id(one)] = one
            left += [one.__cause__, one.__context__]
            left += one.exceptions if isinstance(one, BaseExceptionGroup) else ()
    return found.values()


def _silence(traces: Iterable[dict[str, Any]], told: set[str]) -> None:
    for trace in traces:
        if trace["exc_type"] not in told:
            trace |= {"exc_value": "", "exc_notes": [], "syntax_error": None}
        for one in trace.get("exceptions", ()):
            _silence(one, told)


class _Unfailing:
    """Writes where that can be done: nobody's work ends because the disk of its log is full."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()
