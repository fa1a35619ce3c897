"""What stands in for a pod whose image cannot be had: what comes to it is passed on elsewhere."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.proxy import Proxy


@contextmanager
def passing(listener: socket.socket, host: str, port: int) -> Iterator[None]:
    """Passes connections on to host:port until the block ends."""
    loop, stop = asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        proxy = Proxy(host, port)
        server = await asyncio.start_server(proxy.serve, sock=listener)
        await stop.wait()
        proxy.cut()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
