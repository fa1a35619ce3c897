"""Calls whose messages never end, over HTTP/2 that sends as much as the other side takes."""

import asyncio
import struct
from collections import defaultdict
from contextlib import suppress

from tests.bench import flooding

_FRAME = 16_384
_WINDOW_UPDATE, _INITIAL_WINDOW = 8, 4


class HalfSent:
    """One connection; `taken` is what was taken of each call's message, in bytes."""

    def __init__(self, target: str, path: str, calls: int, size: int) -> None:
        """Each of the `calls` says that its message has `size` bytes, and the last never comes."""
        self._target = target
        self._begun = flooding.headers(target, path)
        message = struct.pack(">BI", 0, size) + bytes(size - 1)
        self._left = {2 * number + 1: message for number in range(calls)}
        self._window, self._each = 65_535, 65_535
        self._more = defaultdict[int, int](int)
        self.taken = dict.fromkeys(self._left, 0)

    async def send(self, seconds: float) -> None:
        """Sends for so long, and leaves."""
        host, _, port = self._target.partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(flooding.PREFACE + flooding.frame(flooding.SETTINGS, 0, 0, b""))
        for stream in self._left:
            writer.write(
                flooding.frame(flooding.HEADERS, flooding.END_HEADERS, stream, self._begun)
            )
        reading = asyncio.create_task(self._hear(reader, writer))
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    while True:
                        self._write(writer)
                        await writer.drain()
                        await asyncio.sleep(0.002)
        finally:
            reading.cancel()
            writer.transport.abort()

    def _write(self, writer: asyncio.StreamWriter) -> None:
        for stream, left in self._left.items():
            window = self._each + self._more[stream] - self.taken[stream]
            if (size := min(_FRAME, self._window, window, len(left))) > 0:
                writer.write(flooding.frame(flooding.DATA, 0, stream, left[:size]))
                self._left[stream] = left[size:]
                self.taken[stream] += size
                self._window -= size

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await reader.readexactly(9)
            length, (kind, flags) = int.from_bytes(head[:3], "big"), head[3:5]
            stream, payload = int.from_bytes(head[5:], "big"), await reader.readexactly(length)
            if kind == flooding.SETTINGS and not flags:
                for key, value in struct.iter_unpack(">HI", payload):
                    self._each = value if key == _INITIAL_WINDOW else self._each
                writer.write(flooding.frame(flooding.SETTINGS, 1, 0, b""))
            elif kind == flooding.PING and not flags:
                writer.write(flooding.frame(flooding.PING, 1, 0, payload))
            elif kind == _WINDOW_UPDATE:
                more = int.from_bytes(payload, "big")
                if stream:
                    self._more[stream] += more
                else:
                    self._window += more
