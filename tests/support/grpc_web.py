"""A grpc-web call as a browser makes one, over HTTP/1.1, that tells what came over the wire."""

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

_HEAD = struct.Struct(">BI")
_TRAILERS = 0x80
_GZIP = 16 + zlib.MAX_WBITS


@dataclass
class GrpcWebCall:
    """One call: `async with GrpcWebCall(…) as call: async for message in call: …`.

    `received` counts every byte of the answer, its headers and the framing of HTTP included.
    """

    target: str  # host:port
    path: str  # /package.Service/Method
    request: bytes
    gzip: bool = True  # whether the answer may be compressed
    sent: Mapping[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    trailers: dict[str, str] = field(default_factory=dict)
    status: int = 0
    received: int = 0

    async def __aenter__(self) -> Self:
        host, _, port = self.target.rpartition(":")
        self._reader, self._writer = await asyncio.open_connection(host, int(port))
        body = _HEAD.pack(0, len(self.request)) + self.request
        headers = {
            "host": self.target,
            "content-type": "application/grpc-web+proto",
            "x-grpc-web": "1",
            "content-length": str(len(body)),
            **({"accept-encoding": "gzip, deflate"} if self.gzip else {}),
            **self.sent,
        }
        lines = [f"POST {self.path} HTTP/1.1", *(f"{name}: {headers[name]}" for name in headers)]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = await self._line_end(b"\r\n\r\n")
        first, *rest = head.decode().strip().split("\r\n")
        self.status = int(first.split()[1])
        self.headers = _fields(rest)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yields each message as soon as it is there; then `trailers` are."""
        buffer = b""
        async for data in self._data():
            buffer += data
            while len(buffer) >= _HEAD.size:
                flag, length = _HEAD.unpack_from(buffer)
                if len(buffer) < _HEAD.size + length:
                    break
                message, buffer = (
                    buffer[_HEAD.size : _HEAD.size + length],
                    buffer[_HEAD.size + length :],
                )
                if flag & _TRAILERS:
                    self.trailers = _fields(message.decode().strip().split("\r\n"))
                else:
                    yield message

    async def _data(self) -> AsyncIterator[bytes]:
        """The body, unpacked. Raises ValueError where what is packed has no sound end."""
        packed = self.headers.get("content-encoding") == "gzip"
        unpack = zlib.decompressobj(_GZIP) if packed else None
        async for chunk in self._chunks():
            yield unpack.decompress(chunk) if unpack else chunk
        if unpack and not unpack.eof:
            raise ValueError("the compressed answer is not whole")

    async def _chunks(self) -> AsyncIterator[bytes]:
        if self.headers.get("transfer-encoding") != "chunked":
            data = await self._reader.readexactly(int(self.headers.get("content-length", 0)))
            self.received += len(data)
            yield data
            return
        while size := int(await self._line_end(b"\r\n"), 16):
            data = await self._reader.readexactly(size + 2)
            self.received += len(data)
            yield data[:-2]

    async def _line_end(self, end: bytes) -> bytes:
        data = await self._reader.readuntil(end)
        self.received += len(data)
        return data


def _fields(lines: list[str]) -> dict[str, str]:
    pairs = (line.partition(":") for line in lines)
    return {name.lower(): value.strip() for name, _, value in pairs}
