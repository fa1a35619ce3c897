"""A picture as a few coarse pixels, to be drawn with characters.

The illustrator's own rasteriser reads and shrinks it, so that no image library is needed.
"""

import base64
import struct
import zlib
from collections.abc import Iterator

from clients.cli.show.scene import Pixel

_FINE = 6  # pixels that are averaged into one, each way
_PAPER = (255, 250, 236)


def pixels(data: bytes, media_type: str, side: int) -> list[list[Pixel | None]] | None:
    """Return the picture as `side` by `side` pixels; None where it cannot be read."""
    import resvg_py  # noqa: PLC0415  # only when there is something to draw

    fine = side * _FINE
    href = f"data:{media_type};base64,{base64.b64encode(data).decode()}"
    try:
        drawn = resvg_py.svg_to_bytes(
            svg_string=f'<svg xmlns="http://www.w3.org/2000/svg" width="{fine}" height="{fine}">'
            f'<rect width="100%" height="100%" fill="#{bytes(_PAPER).hex()}"/>'
            f'<image width="{fine}" height="{fine}" href="{href}"/></svg>'
        )
        rows = list(_rows(bytes(drawn)))
    except (ValueError, struct.error, zlib.error, IndexError):
        return None
    return [[_average(rows, x, y) for x in range(side)] for y in range(side)]


def _average(rows: list[bytes], x: int, y: int) -> Pixel:
    block = [row[x * _FINE * 4 : (x + 1) * _FINE * 4] for row in rows[y * _FINE : (y + 1) * _FINE]]
    red, green, blue = (
        sum(sum(line[channel::4]) for line in block) // _FINE**2 for channel in range(3)
    )
    return red, green, blue


def _rows(png: bytes) -> Iterator[bytes]:
    """Yield the rows of a PNG with eight bits each of red, green, blue and alpha."""
    width = struct.unpack(">I", png[16:20])[0]
    if png[24:29] != b"\x08\x06\x00\x00\x00":
        raise ValueError("not the kind of PNG that the rasteriser writes")
    body, place = b"", 8
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        if kind == b"IDAT":
            body += png[place + 8 : place + 8 + length]
        place += length + 12
    raw, stride = zlib.decompress(body), width * 4
    above = bytes(stride)
    for start in range(0, len(raw), stride + 1):
        above = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), above)
        yield above


def _unfiltered(kind: int, row: bytearray, above: bytes) -> bytes:
    for i, value in enumerate(row):
        left = row[i - 4] if i >= 4 else 0
        corner = above[i - 4] if i >= 4 else 0
        match kind:
            case 1:
                guess = left
            case 2:
                guess = above[i]
            case 3:
                guess = (left + above[i]) // 2
            case 4:
                guess = _paeth(left, above[i], corner)
            case _:
                guess = 0
        row[i] = (value + guess) & 255
    return bytes(row)


def _paeth(left: int, above: int, corner: int) -> int:
    estimate = left + above - corner
    return min((left, above, corner), key=lambda value: abs(estimate - value))
