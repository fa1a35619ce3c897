"""A collector that takes traces over OTLP/gRPC and keeps them, or never answers."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as pb
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)
from opentelemetry.proto.trace.v1 import trace_pb2


@dataclass(frozen=True)
class Seen:
    """One span as it came."""

    service: str
    span: trace_pb2.Span

    @property
    def name(self) -> str:
        """What it is called."""
        return self.span.name

    @property
    def trace(self) -> str:
        """The id of its trace, in hexadecimal digits."""
        return self.span.trace_id.hex()

    @property
    def id(self) -> str:
        """Its own id."""
        return self.span.span_id.hex()

    @property
    def parent(self) -> str:
        """The id of its parent; empty without one."""
        return self.span.parent_span_id.hex()

    @property
    def links(self) -> Sequence[str]:
        """The traces that it points at."""
        return [link.trace_id.hex() for link in self.span.links]

    @property
    def attributes(self) -> Mapping[str, Any]:
        """What it tells of itself."""
        return {
            one.key: getattr(one.value, one.value.WhichOneof("value") or "string_value")
            for one in self.span.attributes
        }

    @property
    def failed(self) -> bool:
        """Whether it says that it went wrong."""
        return self.span.status.code == trace_pb2.Status.STATUS_CODE_ERROR


@dataclass
class Collector:
    """What came, each request whole and its spans one by one."""

    requests: list[pb.ExportTraceServiceRequest] = field(default_factory=list)
    hangs: bool = False
    asked: int = 0
    endpoint: str = ""

    @property
    def spans(self) -> Sequence[Seen]:
        """All of them, by the time at which they began."""
        seen = [
            Seen(_service(resource), span)
            for request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]
        return sorted(seen, key=lambda one: one.span.start_time_unix_nano)

    def named(self, name: str, service: str = "") -> Sequence[Seen]:
        """Those of a name, of one service or of all."""
        return [s for s in self.spans if s.name == name and service in ("", s.service)]

    def one(self, name: str, service: str = "") -> Seen:
        """The only one of a name."""
        (found,) = self.named(name, service)
        return found

    def lineage(self, seen: Seen) -> Sequence[str]:
        """The names of a span's ancestors that came, the nearest first."""
        by_id = {one.id: one for one in self.spans}
        names = []
        while (above := by_id.get(seen.parent)) is not None:
            names.append(above.name)
            seen = above
        return names


def _service(resource: trace_pb2.ResourceSpans) -> str:
    said = {one.key: one.value.string_value for one in resource.resource.attributes}
    return said["service.name"]


class _Servicer(TraceServiceServicer):
    def __init__(self, collector: Collector) -> None:
        self._collector = collector

    async def Export(self, request: Any, context: Any) -> pb.ExportTraceServiceResponse:
        self._collector.asked += 1
        if self._collector.hangs:
            await asyncio.Event().wait()
        self._collector.requests.append(request)
        return pb.ExportTraceServiceResponse()


@asynccontextmanager
async def collecting(*, hangs: bool = False, port: int = 0) -> AsyncIterator[Collector]:
    """A collector on a real port."""
    collector = Collector(hangs=hangs)
    server = grpc.aio.server()
    add: Any = add_TraceServiceServicer_to_server
    add(_Servicer(collector), server)
    port = server.add_insecure_port(f"127.0.0.1:{port}")
    collector.endpoint = f"http://127.0.0.1:{port}"
    await server.start()
    try:
        yield collector
    finally:
        await server.stop(0)
