"""The floor for many watchers: whoever asks for the same is told the same, out of memory."""

import asyncio
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
        self._told: dict[bytes, list[Progress]] = {}
        self._moved = asyncio.Event()
        self._reading: set[asyncio.Task[None]] = set()

    async def Generate(self, request: GenerateRequest, _: Any) -> AsyncIterator[Progress]:
        key, cursor = request.SerializeToString(), 0
        if key not in self._told:
            self._told[key] = []
            task = asyncio.ensure_future(self._read(request, self._told[key]))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)
        told = self._told[key]
        while not told or not told[-1].HasField("completed") or cursor < len(told):
            if cursor == len(told):
                await self._moved.wait()
            else:
                cursor += 1
                yield told[cursor - 1]

    async def _read(self, request: GenerateRequest, told: list[Progress]) -> None:
        async for event in self._engine.Generate(request):
            told.append(event)
            self._moved.set()
            self._moved = asyncio.Event()


async def serve(port: int, engine: str, _: str) -> None:
    """Serves LlmService by passing on what the engine says, asked once for the same request."""
    async with grpc.aio.insecure_channel(engine) as channel:
        server = grpc.aio.server()
        add_LlmServiceServicer_to_server(_Relay(LlmServiceStub(channel)), server)
        server.add_insecure_port(f"127.0.0.1:{port}")
        await forever(server)


if __name__ == "__main__":
    run(serve)
