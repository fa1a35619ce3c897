"""Calls of any RPC of the gateway by its descriptor, and what a refusal of one says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status
from hatchery.gateway.v1 import (
    agent_service_pb2,
    artifact_service_pb2,
    asset_service_pb2,
    conversation_service_pb2,
    generation_service_pb2,
    model_service_pb2,
    recipe_service_pb2,
    template_service_pb2,
)

_FILES = (
    agent_service_pb2,
    artifact_service_pb2,
    asset_service_pb2,
    conversation_service_pb2,
    generation_service_pb2,
    model_service_pb2,
    recipe_service_pb2,
    template_service_pb2,
)
_PROTOS = Path(__file__).parents[2] / "protos/hatchery/gateway/v1"

RPCS: dict[str, MethodDescriptor] = {
    f"{service.name}.{method.name}": method
    for file in _FILES
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
}


@dataclass(frozen=True)
class Refusal:
    """The status that a call ended with: its code, its message and its details."""

    code: grpc.StatusCode
    status: status_pb2.Status | None
    text: str

    @property
    def info(self) -> error_details_pb2.ErrorInfo:
        """The one ErrorInfo."""
        found = self._details(error_details_pb2.ErrorInfo)
        assert 1 == len(found), f"not one ErrorInfo: {self}"
        assert "hatchery" == found[0].domain
        return found[0]

    @property
    def reason(self) -> str:
        """The reason in the ErrorInfo."""
        return str(self.info.reason)

    @property
    def fields(self) -> list[str]:
        """The fields that a BadRequest names."""
        bad = self._details(error_details_pb2.BadRequest)
        return [violation.field for detail in bad for violation in detail.field_violations]

    @property
    def retry_after(self) -> float:
        """The seconds of the RetryInfo; 0 without one."""
        return sum(
            detail.retry_delay.ToTimedelta().total_seconds()
            for detail in self._details(error_details_pb2.RetryInfo)
        )

    def _details(self, kind: Any) -> list[Any]:
        assert self.status is not None, f"a status without details: {self}"
        return [m for d in self.status.details if d.Unpack(m := kind())]


def refusal(error: grpc.aio.AioRpcError) -> Refusal:
    """Reads the status of a call that failed."""
    return Refusal(error.code(), rpc_status.from_call(error), error.details() or "")


async def call(
    channel: grpc.aio.Channel,
    method: MethodDescriptor,
    request: Message | bytes,
    metadata: Sequence[tuple[str, str]] = (),
    timeout: float = 20,
) -> list[Any] | Refusal:
    """Calls an RPC with a message or with raw bytes; returns its answers, or how it was refused."""
    path = f"/{method.containing_service.full_name}/{method.name}"
    answer = GetMessageClass(method.output_type)
    data = request if isinstance(request, bytes) else request.SerializeToString()
    keywords: dict[str, Any] = {
        "request_serializer": lambda raw: raw,
        "response_deserializer": answer.FromString,
    }
    try:
        if method.server_streaming:
            stream = channel.unary_stream(path, **keywords)
            return [m async for m in stream(data, metadata=tuple(metadata), timeout=timeout)]
        if method.client_streaming:
            streamed = channel.stream_unary(path, **keywords)
            return [await streamed(iter([data]), metadata=tuple(metadata), timeout=timeout)]
        unary = channel.unary_unary(path, **keywords)
        return [await unary(data, metadata=tuple(metadata), timeout=timeout)]
    except grpc.aio.AioRpcError as error:
        return refusal(error)


def documented() -> dict[str, set[str]]:
    """The reasons that the comment of each RPC gives under `Errors:`, by the RPC."""
    found: dict[str, set[str]] = {}
    for path in sorted(_PROTOS.glob("*_service.proto")):
        service, comment = "", ""
        for line in path.read_text().splitlines():
            if begins := re.match(r"service (\w+)", line):
                service = begins[1]
            if line.strip().startswith("//"):
                comment += line.strip().removeprefix("//")
                continue
            if rpc := re.match(r"\s+rpc (\w+)", line):
                errors = comment.partition("Errors:")[2]
                found[f"{service}.{rpc[1]}"] = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", errors))
            comment = ""
    codes = {code.name for code in grpc.StatusCode}
    return {rpc: reasons - codes for rpc, reasons in found.items()}
