"""The floor for many watchers: whoever asks for the same is handed the same bytes, from memory."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import grpc

from tests.bench.ways.engine import forever, run

_SERVICE = "hatchery.llm.v1.LlmService"


@dataclass
class _Told:
    """What was said to one request."""

    messages: list[bytes] = field(default_factory=list)
    ended: bool = False


class _Relay:
    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._told: dict[bytes, _Told] = {}
        self._moved = asyncio.Event()
        self._reading: set[asyncio.Task[None]] = set()

    async def generate(self, request: bytes, _: Any) -> AsyncIterator[bytes]:
        if request not in self._told:
            self._told[request] = _Told()
            task = asyncio.ensure_future(self._read(request, self._told[request]))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)
        told, cursor = self._told[request], 0
        while True:
            moved = self._moved
            while cursor < len(told.messages):
                cursor += 1
                yield told.messages[cursor - 1]
            if told.ended:
                return
            await moved.wait()

    async def _read(self, request: bytes, told: _Told) -> None:
        async for message in self._engine(request):
            told.messages.append(message)
            self._move()
        told.ended = True
        self._move()

    def _move(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()


async def serve(port: int, engine: str, _: str) -> None:
    """Serves LlmService by passing on what the engine says, asked once for the same request."""
    async with grpc.aio.insecure_channel(engine) as channel:
        relay = _Relay(channel.unary_stream(f"/{_SERVICE}/Generate"))
        server = grpc.aio.server()
        handlers = {"Generate": grpc.unary_stream_rpc_method_handler(relay.generate)}
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(_SERVICE, handlers),))
        server.add_insecure_port(f"127.0.0.1:{port}")
        await forever(server)


if __name__ == "__main__":
    run(serve)
