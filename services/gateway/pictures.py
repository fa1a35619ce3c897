"""Pictures that people bring: looked at before they are decoded, and kept as pixels alone."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from services.gateway import png

# What is decoded here, by what stands in the file; a name or a media type is not asked.
FORMATS = ("PNG", "JPEG", "WEBP")
PNG, JPEG = "image/png", "image/jpeg"
LARGEST_SIDE, MOST_PIXELS = 16_384, 40_000_000
# A progressive JPEG goes over all of its pixels in each scan; programs write some ten of them.
_JPEG, _SCAN, _MOST_SCANS = b"\xff\xd8", b"\xff\xda", 64
# The one limit of pixels is that above, which is looked at before anything is decoded.
Image.MAX_IMAGE_PIXELS = None
# These are made smaller as they are; others are turned into one of them first.
_PLAIN = ("L", "LA", "RGB", "RGBA")


class NoPicture(Exception):
    """The bytes are no picture that is taken here; the message says why, as in "cannot be read"."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture of nothing but its pixels."""

    data: bytes
    width: int
    height: int


def stripped(data: bytes, *, side: int) -> Picture:
    """The first frame, no longer than `side`, as a PNG without any metadata.

    It is upright where a JPEG or a WebP says which way that is.

    Blocks for as long as decoding takes, with up to half a gigabyte of memory for the largest
    picture. Raises NoPicture.
    """
    try:
        if data.startswith(png.SIGNATURE):
            # Nothing of what else it carries is worth a decoder's attention.
            data = png.picture_alone(data)
        elif data.startswith(_JPEG) and data.count(_SCAN) > _MOST_SCANS:
            raise NoPicture(f"has more than {_MOST_SCANS} scans")
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            return _kept(_decoded(opened, side))
    except NoPicture:
        raise
    except UnidentifiedImageError as error:
        raise NoPicture("is neither a PNG nor a JPEG nor a WebP") from error
    except Exception as error:  # decoders raise whatever they stumble over
        raise NoPicture("cannot be decoded") from error


def flattened(data: bytes) -> Picture:
    """A picture that is kept as a JPEG, on white where it is transparent: few bytes for a model."""
    with Image.open(io.BytesIO(data), formats=("PNG",)) as opened:
        shown = opened.convert("RGBA")
    paper = Image.new("RGBA", shown.size, "white")
    paper.alpha_composite(shown)
    file = io.BytesIO()
    paper.convert("RGB").save(file, "JPEG", quality=90)
    return Picture(file.getvalue(), *shown.size)


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


def _decoded(picture: Image.Image, side: int) -> Image.Image:
    width, height = picture.size
    if max(width, height) > LARGEST_SIDE or width * height > MOST_PIXELS:
        raise NoPicture(f"has more than {MOST_PIXELS // 10**6} million pixels")
    # JPEG can be decoded at a fraction of its size.
    picture.draft("RGB", (2 * side, 2 * side))
    # Which way is up stands in the metadata.
    ImageOps.exif_transpose(picture, in_place=True)
    if picture.mode.startswith("I"):
        # Grey of sixteen bits, of which eight are kept.
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if picture.mode not in _PLAIN or "transparency" in picture.info:
        picture = picture.convert(mode)
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    return picture.convert(mode)


def _kept(picture: Image.Image) -> Picture:
    # A picture of the pixels alone: what was loaded remembers profiles and texts.
    alone = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    file = io.BytesIO()
    alone.save(file, "PNG")
    return Picture(file.getvalue(), *alone.size)
