"""The same engine stream for every way, and a process that serves one of them."""

import asyncio
import sys
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable

import grpc
import uvloop
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest, Message
from hatchery.progress.v1.progress_pb2 import Progress

# Serves at a port of its own, from the engine at the first address and the Postgres at the second.
Serve = Callable[[int, str, str], Awaitable[None]]


def speaking(rate: float, count: int) -> GenerateRequest:
    """A request to say `count` things, so many a second."""
    words = f"speak {rate:.0f} {count}"
    return GenerateRequest(messages=[Message(role=Message.ROLE_USER, content=words)])


async def said(stream: AsyncIterable[Progress]) -> AsyncIterator[Progress]:
    """What is measured of a stream: the text that the engine said."""
    async for event in stream:
        if event.HasField("text_delta") and event.text_delta.text.isdigit():
            yield event


def run(serve: Serve) -> None:
    """`python -m tests.bench.ways.NAME PORT ENGINE DATABASE` serves until it is ended."""
    port, engine, database = sys.argv[1:]
    uvloop.run(serve(int(port), engine, database))


async def forever(server: grpc.aio.Server) -> None:
    """Serves until the process is ended."""
    await server.start()
    await asyncio.Event().wait()
