"""A Socket.IO room for each generation: nothing is stored, and nobody is told again."""

import asyncio
from typing import Any

import grpc
import socketio
import uvicorn
from hatchery.llm.v1.llm_service_pb2_grpc import LlmServiceStub

from tests.bench.ways.engine import run, said, speaking


async def serve(port: int, engine: str, _: str) -> None:
    """Serves the event "generate" with [rate, count]; answers with "progress" and "done"."""
    async with grpc.aio.insecure_channel(engine) as channel:
        stub, rooms = LlmServiceStub(channel), socketio.AsyncServer(async_mode="asgi")
        working: set[asyncio.Task[None]] = set()

        async def work(room: str, rate: float, count: int) -> None:
            async for event in said(stub.Generate(speaking(rate, count))):
                await rooms.emit("progress", {"text": event.text_delta.text}, room=room)
            await rooms.emit("done", room=room)

        @rooms.event  # type: ignore[untyped-decorator]
        async def generate(session: str, asked: list[float]) -> None:
            room = f"generation-{session}"
            await rooms.enter_room(session, room)
            task = asyncio.ensure_future(work(room, asked[0], int(asked[1])))
            working.add(task)
            task.add_done_callback(working.discard)

        app: Any = socketio.ASGIApp(rooms)
        await uvicorn.Server(uvicorn.Config(app, port=port, log_level="error")).serve()


if __name__ == "__main__":
    run(serve)
