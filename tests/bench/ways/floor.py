"""The floor: a relay that stores nothing, as plain as grpcio's asyncio API allows."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest
from hatchery.llm.v1.llm_service_pb2_grpc import (
    LlmServiceServicer,
    LlmServiceStub,
    add_LlmServiceServicer_to_server,
)
from hatchery.progress.v1.progress_pb2 import Progress

from tests.bench.ways.engine import forever, run


class _Relay(LlmServiceServicer):
    def __init__(self, engine: LlmServiceStub) -> None:
        self._engine = engine

    async def Generate(self, request: GenerateRequest, _: Any) -> AsyncIterator[Progress]:
        async for event in self._engine.Generate(request):
            yield event


async def serve(port: int, engine: str, _: str) -> None:
    """Serves LlmService by passing on what the engine says."""
    async with grpc.aio.insecure_channel(engine) as channel:
        server = grpc.aio.server()
        add_LlmServiceServicer_to_server(_Relay(LlmServiceStub(channel)), server)
        server.add_insecure_port(f"127.0.0.1:{port}")
        await forever(server)


if __name__ == "__main__":
    run(serve)
