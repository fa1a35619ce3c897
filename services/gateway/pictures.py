"""Pictures that people bring: looked at before they are decoded, and kept as pixels alone."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

# What is decoded here, by what stands in the file; a name or a media type is not asked.
FORMATS = ("PNG", "JPEG", "WEBP")
PNG = "image/png"
LARGEST_SIDE, MOST_PIXELS = 16_384, 40_000_000
# The one limit of pixels is that above, which is looked at before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


class NoPicture(Exception):
    """The bytes are no picture that is taken here; the message says why, as in "cannot be read"."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: a PNG of nothing but its pixels."""

    data: bytes
    width: int
    height: int


def stripped(data: bytes, *, side: int) -> Picture:
    """The first frame, upright, no longer than `side`, as a PNG without any metadata.

    Blocks for as long as decoding takes. Raises NoPicture.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            width, height = opened.size
            if max(width, height) > LARGEST_SIDE or width * height > MOST_PIXELS:
                raise NoPicture(f"has more than {MOST_PIXELS // 10**6} million pixels")
            # JPEG can be decoded at a fraction of its size.
            opened.draft("RGB", (2 * side, 2 * side))
            # Which way is up stands in the metadata.
            upright = ImageOps.exif_transpose(opened)
            picture = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except UnidentifiedImageError as error:
        raise NoPicture("is neither a PNG nor a JPEG nor a WebP") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise NoPicture("cannot be decoded") from error
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    # A picture of the pixels alone: what was loaded remembers profiles and texts.
    return _kept(Image.frombytes(picture.mode, picture.size, picture.tobytes()))


def egg(side: int) -> Picture:
    """What stands where there is no picture: an egg on cream."""
    picture = Image.new("RGB", (side, side), "#fdf3d8")
    draw = ImageDraw.Draw(picture)
    edge = side // 25
    frame = (edge, edge, side - edge, side - edge)
    draw.rounded_rectangle(frame, radius=2 * edge, outline="#d9a521", width=max(side // 50, 1))
    shell = (side * 0.34, side * 0.28, side * 0.66, side * 0.72)
    draw.ellipse(shell, fill="#f6d77a", outline="#7a5c10", width=max(side // 80, 1))
    return _kept(picture)


def _kept(picture: Image.Image) -> Picture:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return Picture(file.getvalue(), *picture.size)
