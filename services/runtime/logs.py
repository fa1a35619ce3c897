"""Structured logs on standard error, each line with the request id of its call."""

import logging
import sys
from contextlib import suppress
from typing import TextIO

import structlog

from services.runtime import tracing


def configure(log_format: str, level: str, service: str) -> None:
    """Sets up logging for this process: one JSON object a line, or coloured lines for a person."""
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
    # Without the values of local variables: a secret may be among them.
    plain = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    tracebacks = [structlog.processors.ExceptionRenderer(plain)] if log_format == "json" else []
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
            foreign_pre_chain=[*common, structlog.stdlib.add_logger_name],
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
