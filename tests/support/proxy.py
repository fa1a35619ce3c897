"""A TCP proxy that a test can cut: between a gateway and its Postgres, for instance."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress


class Proxy:
    """Passes bytes both ways. `on_upstream` sees what goes to the server, before it goes."""

    def __init__(self, host: str, port: int) -> None:
        self.port = 0
        self.open = True
        self.on_upstream: Callable[[bytes, Callable[[], None]], None] | None = None
        self._target = (host, port)
        self._writers: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Breaks every connection, as a network does, and takes no new one until `mend`."""
        self.open = False
        for writer in list(self._writers):
            writer.transport.abort()

    def mend(self) -> None:
        """Takes connections again."""
        self.open = True

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Passes one connection on to its end."""
        if not self.open:
            writer.transport.abort()
            return
        try:
            up_reader, up_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        answers = _Gate()
        self._writers |= {writer, up_writer}
        try:
            await asyncio.gather(
                self._pass(reader, up_writer, answers), self._answer(up_reader, writer, answers)
            )
        finally:
            self._writers -= {writer, up_writer}
            for end in (writer, up_writer):
                end.transport.abort()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answers: "_Gate"
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if self.on_upstream:
                    self.on_upstream(data, answers.shut)
                writer.write(data)
                await writer.drain()
            writer.close()

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answers: "_Gate"
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if answers.is_shut:
                    break  # the server has worked and answered, and nobody hears of it
                writer.write(data)
                await writer.drain()
        writer.transport.abort()


class _Gate:
    """Whether the answers of one connection still pass."""

    def __init__(self) -> None:
        self.is_shut = False

    def shut(self) -> None:
        self.is_shut = True


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
