"""A TCP proxy that a test can cut, hold up, or leave half open: before a Postgres, for instance."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

# Called with what goes to the server, before it goes, and with a way to keep its answers back.
Listen = Callable[[bytes, Callable[[], None]], None]


@dataclass(eq=False)
class _Link:
    """One connection: its ends towards the client and towards the server."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    # The server works and answers, and nobody hears of it.
    answers_shut: bool = False
    # The server's end is broken, and the client is not told.
    half_open: bool = False

    def shut_answers(self) -> None:
        self.answers_shut = True

    def abort(self) -> None:
        for end in (self.client, self.server):
            end.transport.abort()


class Proxy:
    """Passes bytes both ways. `listeners` see what goes to the server, before it goes.

    `delay` holds every piece up for that many seconds. While `quiet`, the server is not told that
    a client is gone, as when a machine loses its power.
    """

    def __init__(self, host: str, port: int) -> None:
        self.port = 0
        self.open = True
        self.quiet = False
        self.delay = 0.0
        self.listeners: list[Listen] = []
        self._target = (host, port)
        self._flows = asyncio.Event()
        self._flows.set()
        self._links: set[_Link] = set()

    def cut(self) -> None:
        """Breaks every connection, as a reset does, and takes no new one until `mend`."""
        self.open = False
        for link in list(self._links):
            link.abort()

    def hold(self) -> None:
        """Lets nothing through, as a network that loses every packet, until `mend`."""
        self._flows.clear()

    def leave_half_open(self) -> None:
        """Breaks the servers' ends alone: the clients are not told, and nobody answers them."""
        for link in list(self._links):
            link.half_open = True
            link.server.transport.abort()

    def mend(self) -> None:
        """Takes connections again, and lets everything through."""
        self.open, self.quiet, self.delay = True, False, 0.0
        self._flows.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Passes one connection on to its end."""
        await self._flows.wait()
        if not self.open:
            writer.transport.abort()
            return
        try:
            up_reader, up_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        link = _Link(writer, up_writer)
        self._links.add(link)
        try:
            await asyncio.gather(self._pass(reader, link), self._answer(up_reader, link))
        finally:
            self._links.discard(link)
            link.abort()

    async def _pass(self, reader: asyncio.StreamReader, link: _Link) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                for listen in self.listeners:
                    listen(data, link.shut_answers)
                await self._hold_up()
                if not link.half_open:
                    link.server.write(data)
                    await link.server.drain()
        if not self.quiet:
            link.server.close()

    async def _answer(self, reader: asyncio.StreamReader, link: _Link) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if link.answers_shut:
                    break
                await self._hold_up()
                if not link.client.is_closing():
                    link.client.write(data)
                    await link.client.drain()
        if not link.half_open:
            link.client.transport.abort()

    async def _hold_up(self) -> None:
        if self.delay:
            await asyncio.sleep(self.delay)
        await self._flows.wait()


@asynccontextmanager
async def proxy(host: str, port: int) -> AsyncIterator[Proxy]:
    """Runs a proxy to host:port on a free port of its own."""
    passing = Proxy(host, port)
    server = await asyncio.start_server(passing.serve, "127.0.0.1", 0)
    passing.port = server.sockets[0].getsockname()[1]
    try:
        yield passing
    finally:
        passing.cut()
        server.close()


@asynccontextmanager
async def proxied_database(url: str) -> AsyncIterator[tuple[str, Proxy]]:
    """A proxy before the Postgres of a URL; yields the URL through it, and the proxy."""
    start, _, rest = url.rpartition("@")
    place, _, database = rest.partition("/")
    host, _, port = place.partition(":")
    async with proxy(host, int(port)) as passing:
        yield f"{start}@127.0.0.1:{passing.port}/{database}", passing
