"""Pictures that people bring: what is taken, what of it is kept, and what never gets decoded."""

import io
import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from services.gateway import pictures
from services.gateway.pictures import NoPicture, Picture, egg, stripped

_SECRET = b"51.5007 N 0.1246 W"


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


def opened(picture: Picture) -> Image.Image:
    """What was kept, decoded."""
    image = Image.open(io.BytesIO(picture.data))
    image.load()
    assert ("PNG", picture.width, picture.height) == (image.format, *image.size)
    return image


def _exif(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = orientation, _SECRET.decode()
    return exif


@pytest.mark.parametrize("form", pictures.FORMATS)
def test_each_format_is_kept_as_a_png_of_its_pixels(form: str) -> None:
    """Whatever else the file told, as where it was taken, is gone."""
    info = PngInfo()
    info.add_text("Comment", _SECRET.decode())
    data = as_file(drawn(), form, exif=_exif(1), icc_profile=_SECRET, pnginfo=info)
    assert _SECRET in data
    kept = stripped(data, side=1024)
    assert _SECRET not in kept.data
    image = opened(kept)
    assert not image.info
    red, _, blue = image.getpixel((10, 40))  # type: ignore[misc]
    assert red > 200
    assert blue < 60


def test_a_picture_that_was_taken_sideways_stands_upright() -> None:
    """Its metadata said so, and is gone."""
    image = opened(stripped(as_file(drawn(), "JPEG", exif=_exif(6)), side=1024))
    assert (80, 120) == image.size
    red, _, _ = image.getpixel((40, 10))  # type: ignore[misc]
    assert red > 200


def test_a_large_one_is_made_smaller_and_a_small_one_stays() -> None:
    """No side is longer than was asked for, and its shape is kept."""
    assert (100, 50) == opened(stripped(as_file(drawn(size=(4000, 2000)), "JPEG"), side=100)).size
    assert (120, 80) == opened(stripped(as_file(drawn(), "WEBP"), side=1024)).size


def test_what_is_seen_through_stays_so() -> None:
    """An alpha channel and a transparent colour of a palette."""
    clear = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    assert (255, 0, 0, 0) == opened(stripped(as_file(clear, "PNG"), side=8)).getpixel((4, 4))
    few = Image.new("P", (8, 8), 3)
    few.putpalette([shade for shade in range(256) for _ in "rgb"])
    image = opened(stripped(as_file(few, "PNG", transparency=3), side=8))
    assert ("RGBA", 0) == (image.mode, image.getpixel((4, 4))[3])  # type: ignore[index]


def _bomb(width: int, height: int) -> bytes:
    """A PNG that says it is large, and whose data nobody should ever inflate."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 10_000_000, 9)
    return b"".join(
        [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b"")]
    )


def test_a_bomb_is_refused_by_its_header(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is decoded to find out."""

    def never(*_: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", never)
    for size in ((100_000, 100_000), (pictures.LARGEST_SIDE + 1, 1), (7000, 7000)):
        with pytest.raises(NoPicture, match="million pixels"):
            stripped(_bomb(*size), side=64)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        as_file(drawn(), "GIF"),
        as_file(drawn(), "BMP"),
        as_file(drawn(), "TIFF"),
        as_file(drawn(), "JPEG")[:-200],
        as_file(drawn(), "PNG")[:-40],
        as_file(drawn(), "WEBP")[:40],
        _bomb(64, 64)[:60],
    ],
)
def test_what_is_no_picture_of_these_is_refused(data: bytes) -> None:
    """By what stands in it, and also where it is cut short."""
    with pytest.raises(NoPicture):
        stripped(data, side=64)


@pytest.mark.filterwarnings("ignore::UserWarning")  # of metadata, which is not kept
@settings(max_examples=120, deadline=None)
@given(st.sampled_from(pictures.FORMATS), st.data())
def test_a_damaged_file_is_taken_or_refused(form: str, data: st.DataObject) -> None:
    """Never anything else, whichever bytes are other ones."""
    file = bytearray(as_file(drawn(size=(40, 30)), form, exif=_exif(3)))
    for at in data.draw(st.lists(st.integers(0, len(file) - 1), min_size=1, max_size=20)):
        file[at] = data.draw(st.integers(0, 255))
    with suppress(NoPicture):
        opened(stripped(bytes(file), side=32))


def test_the_egg_is_a_picture_too() -> None:
    """It stands where there is none."""
    assert (64, 64) == opened(egg(64)).size


def _with_chunk(png: bytes, kind: bytes, data: bytes) -> bytes:
    """The same file with one more chunk behind its header."""
    check = zlib.crc32(kind + data)
    chunk = struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
    return png[:33] + chunk + png[33:]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from([b"eXIf", b"iCCP", b"zTXt", b"iTXt", b"gAMA", b"acTL", b"sRGB"])
    | st.sampled_from([b"tEXtxmp\0", b"tEXttransparency\0", b"tEXticc_profile\0"]),
    st.binary(max_size=40),
)
def test_whatever_a_picture_carries_beside_its_pixels_is_not_looked_at(
    mode: str, chunk: bytes, data: bytes
) -> None:
    """In every mode: the same picture comes out as without it."""
    plain = as_file(Image.new(mode, (20, 10)), "PNG")
    carrying = _with_chunk(plain, chunk[:4], chunk[4:] + data)
    assert stripped(plain, side=16) == stripped(carrying, side=16)
