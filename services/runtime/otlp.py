"""Spans as OpenTelemetry has them, sent over OTLP in a thread of their own, or dropped.

Nobody waits for a collector: what ends is put into a queue that is bounded, and what does not fit
there, or cannot be delivered within seconds, is gone.
"""

import asyncio
import contextvars
import logging
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import structlog
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider, sampling
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from services.runtime.tracing import PARENT, STATE, Attributes, Kind, Span, Tracing

log = structlog.get_logger()

# Seconds within which a batch is delivered, and within which what waits is at the end.
_PATIENCE, _DRAIN = 3.0, 1.5
# Spans that wait at most; of these, how many go out at once, and how long they gather, in
# milliseconds. Encoding is Python's work: small batches hold nobody up.
_WAITING, _BATCH, _GATHERED = 4096, 128, 1000
# A parent is 55 characters long; a longer state than this need not be kept.
_LONGEST_PARENT, _LONGEST_STATE = 100, 512
# They warn of every batch, and repeat what a caller sent as state.
_NOISY = (
    "opentelemetry.exporter.otlp",
    "opentelemetry.sdk._shared_internal",
    "opentelemetry.sdk.trace",
    "opentelemetry.trace",
)
_KINDS: Mapping[Kind, trace.SpanKind] = {
    "internal": trace.SpanKind.INTERNAL,
    "server": trace.SpanKind.SERVER,
    "client": trace.SpanKind.CLIENT,
}
_W3C = TraceContextTextMapPropagator()
_NO_PARENT = Context()


class _Span:
    """One of OpenTelemetry's."""

    def __init__(self, tracer: trace.Tracer, span: trace.Span) -> None:
        self._tracer = tracer
        self._span = span
        self._context = trace.set_span_in_context(span, _NO_PARENT)

    @property
    def recorded(self) -> bool:
        """Whether it is one that is exported, and has not ended."""
        return self._span.is_recording()

    @property
    def headers(self) -> Mapping[str, str]:
        """What tells another process where it belongs."""
        headers: dict[str, str] = {}
        _W3C.inject(headers, self._context)
        return headers

    @property
    def ids(self) -> tuple[str, str]:
        """Those of the trace and of the span, in hexadecimal digits."""
        context = self._span.get_span_context()
        return trace.format_trace_id(context.trace_id), trace.format_span_id(context.span_id)

    def note(self, attributes: Attributes) -> None:
        """Adds to what is known of it."""
        self._span.set_attributes(attributes)

    def fail(self, reason: str) -> None:
        """Says that it went wrong, and by which of few names."""
        self._span.set_attribute("error.type", reason)
        self._span.set_status(trace.StatusCode.ERROR)

    def link(self, parent: str) -> None:
        """Points at another trace, as `traceparent` writes it."""
        self._span.add_link(trace.get_current_span(_context({PARENT: parent})).get_span_context())

    def begin(self, name: str, kind: Kind, attributes: Attributes) -> Span:
        """A span within this one."""
        return _begun(self._tracer, name, kind, self._context, attributes)

    def end(self) -> None:
        """It is over."""
        self._span.end()


class _Tracer:
    """Begins spans of traces that came from elsewhere, or of new ones."""

    def __init__(self, tracer: trace.Tracer, replica: str) -> None:
        self.replica = replica
        self._tracer = tracer

    def begin(
        self, name: str, kind: Kind, parent: Mapping[str, str], attributes: Attributes
    ) -> Span:
        """A span within what the headers of `parent` tell of; of a new trace without them."""
        return _begun(self._tracer, name, kind, _context(parent), attributes)


def _begun(
    tracer: trace.Tracer, name: str, kind: Kind, context: Context, attributes: Attributes
) -> Span:
    span = tracer.start_span(
        name,
        context,
        _KINDS[kind],
        attributes,
        record_exception=False,
        set_status_on_exception=False,
    )
    return _Span(tracer, span)


def _context(headers: Mapping[str, str]) -> Context:
    """What headers tell of a trace; nothing, where that is not what W3C writes."""
    parent, state = headers.get(PARENT, ""), headers.get(STATE, "")
    if not parent or len(parent) > _LONGEST_PARENT:
        return _NO_PARENT
    carrier = {PARENT: parent} | ({STATE: state} if 0 < len(state) <= _LONGEST_STATE else {})
    return _W3C.extract(carrier, _NO_PARENT)


class _Delivered(SpanExporter):
    """Delivers spans, and says once when that cannot be done, and once when it can again."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        # It works in a thread, and its lines are those of this process.
        self._context = contextvars.copy_context()
        self._lost = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Delivers them, or gives them up."""
        result = self._exporter.export(spans)
        lost, before = result is not SpanExportResult.SUCCESS, self._lost
        self._lost = before + len(spans) if lost else 0
        if lost and not before:
            self._context.run(log.warning, "traces cannot be delivered, and are dropped")
        elif before and not lost:
            self._context.run(log.info, "traces are delivered again", dropped=before)
        return result

    def shutdown(self) -> None:
        """Gives up what is under way."""
        self._exporter.shutdown()


def _sampler(ratio: float) -> sampling.Sampler:
    """As the parent of a span was; of traces that begin here, so many. With 0, none whatever."""
    if ratio == 0:
        return sampling.ALWAYS_OFF
    return sampling.ParentBased(sampling.TraceIdRatioBased(ratio))


@asynccontextmanager
async def exporting(endpoint: str, ratio: float, service: str) -> AsyncIterator[Tracing]:
    """Sends spans to an endpoint until the block is left.

    What the collector is told of the process comes from OTEL_RESOURCE_ATTRIBUTES as well, and what
    it asks for from the exporter's own variables, OTEL_EXPORTER_OTLP_HEADERS and …_CERTIFICATE.
    """
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    replica = str(uuid.uuid4())
    exporter = _Delivered(OTLPSpanExporter(endpoint, timeout=_PATIENCE))
    provider = TracerProvider(
        _sampler(ratio),
        Resource.create({SERVICE_NAME: service, SERVICE_INSTANCE_ID: replica}),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(
        BatchSpanProcessor(
            exporter,
            max_queue_size=_WAITING,
            schedule_delay_millis=_GATHERED,
            max_export_batch_size=_BATCH,
        )
    )
    log.info("traces are sent", ratio=ratio)
    try:
        yield Tracing(_Tracer(provider.get_tracer("hatchery"), replica))
    finally:
        await _shut_down(provider, exporter)


async def _shut_down(provider: TracerProvider, exporter: SpanExporter) -> None:
    """Delivers what waits, but for what would take too long."""
    draining = asyncio.ensure_future(asyncio.to_thread(provider.shutdown))
    try:
        await asyncio.wait([draining], timeout=_DRAIN)
    finally:
        exporter.shutdown()
    await draining
