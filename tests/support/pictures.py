"""Picture files, good and bad, drawn where they are needed."""

import io
import struct
import zlib

from PIL import Image, ImageDraw

# What stands in the metadata of a file that has some.
SECRET = b"51.5007 N 0.1246 W"


def drawn(mode: str = "RGB", size: tuple[int, int] = (120, 80)) -> Image.Image:
    """A picture whose left half is red."""
    picture = Image.new(mode, size, "blue")
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2, size[1]), fill="red")
    return picture


def as_file(picture: Image.Image, form: str, **options: object) -> bytes:
    """The picture as a file of a format."""
    file = io.BytesIO()
    picture.save(file, form, **options)  # type: ignore[arg-type]
    return file.getvalue()


def exif(orientation: int) -> Image.Exif:
    """Metadata: which way is up, and where it was taken."""
    found = Image.Exif()
    found[0x0112], found[0x010E] = orientation, SECRET.decode()
    return found


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is large, and whose data nobody should ever inflate."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 10_000_000, 9)
    return b"".join(
        [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b"")]
    )


def at_dusk(size: tuple[int, int] = (90, 120)) -> Image.Image:
    """A dark teal evening with a golden window at the lower right."""
    picture = Image.new("RGB", size, "#123f44")
    width, height = size
    ImageDraw.Draw(picture).rectangle(
        (width * 0.6, height * 0.6, width * 0.9, height * 0.9), fill="#e3b23c"
    )
    return picture


def scanned(times: int) -> bytes:
    """A progressive JPEG that goes over its pixels so many times more than it has to."""
    file = as_file(Image.new("L", (64, 64), 128), "JPEG", progressive=True)
    last = file.rindex(b"\xff\xda")
    return file[:-2] + file[last:-2] * times + file[-2:]
