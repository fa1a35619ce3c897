"""The texts in a PNG: chunks of the type `tEXt`, read and written without touching the picture.

Source: the PNG specification, https://www.w3.org/TR/png-3/, 5.3 and 11.3.3.1.
"""

import struct
import zlib
from collections.abc import Iterator

from services.runtime.errors import InvalidField

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEAD = struct.Struct(">I4s")
_CRC = 4


def texts(png: bytes) -> list[tuple[str, bytes]]:
    """Every text in the order in which they stand, as keyword and value.

    Raises InvalidField where a chunk reaches beyond the end.
    """
    found = []
    for kind, data in _chunks(png):
        if kind == b"tEXt":
            keyword, _, value = data.partition(b"\0")
            found.append((keyword.decode("latin-1"), value))
    return found


def with_texts(png: bytes, added: dict[str, bytes]) -> bytes:
    """The same picture with these texts, and no others of their keywords."""
    parts = [SIGNATURE]
    for kind, data in _chunks(png):
        if kind == b"tEXt" and data.partition(b"\0")[0].decode("latin-1").lower() in added:
            continue
        if kind == b"IEND":
            parts += [
                _chunk(b"tEXt", keyword.encode("latin-1") + b"\0" + value)
                for keyword, value in added.items()
            ]
        parts.append(_chunk(kind, data))
    return b"".join(parts)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and data of each chunk up to the last one, IEND; what follows is none of the picture."""
    at = len(SIGNATURE)
    while at < len(png):
        if at + _HEAD.size > len(png):
            raise _cut_short()
        length, kind = _HEAD.unpack_from(png, at)
        begin = at + _HEAD.size
        at = begin + length + _CRC
        if at > len(png):
            raise _cut_short()
        yield kind, png[begin : begin + length]
        if kind == b"IEND":
            return
    raise _cut_short()


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return _HEAD.pack(len(data), kind) + data + check.to_bytes(_CRC, "big")


def _cut_short() -> InvalidField:
    return InvalidField({"data": "the PNG is cut short"})
