"""The chunks of a PNG: its texts, and the picture alone, without decoding anything.

Source: the PNG specification, https://www.w3.org/TR/png-3/, 5.3 and 11.3.3.1.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEAD = struct.Struct(">I4s")
_CRC = 4
# What the pixels are made of; all else only says something about them.
_PICTURE = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")


class CutShort(Exception):
    """A chunk reaches beyond the end of the file, or none is the last."""


def texts(png: bytes) -> Iterator[tuple[str, bytes]]:
    """Every `tEXt` in the order in which they stand, as keyword and value. Raises CutShort."""
    for kind, data in _chunks(png):
        if kind == b"tEXt":
            keyword, _, value = data.partition(b"\0")
            yield keyword.decode("latin-1"), value


def with_texts(png: bytes, added: Mapping[str, bytes]) -> bytes:
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


def picture_alone(png: bytes) -> bytes:
    """The same picture without anything that it carries beside its pixels. Raises CutShort."""
    kept = (_chunk(kind, data) for kind, data in _chunks(png) if kind in _PICTURE)
    return b"".join([SIGNATURE, *kept])


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and data of each chunk up to the last one, IEND; what follows is none of the picture."""
    at = len(SIGNATURE)
    while at + _HEAD.size <= len(png):
        length, kind = _HEAD.unpack_from(png, at)
        begin = at + _HEAD.size
        at = begin + length + _CRC
        if at > len(png):
            break
        yield kind, png[begin : begin + length]
        if kind == b"IEND":
            return
    raise CutShort


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return _HEAD.pack(len(data), kind) + data + check.to_bytes(_CRC, "big")
