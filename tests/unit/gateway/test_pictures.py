"""Pictures that people bring: what is taken, what of it is kept, and what never gets decoded."""

import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from services.gateway import pictures
from services.gateway.pictures import NoPicture, Picture, egg, flattened, stripped
from tests.support.pictures import SECRET, as_file, bomb, chunk, drawn, exif, scanned


def opened(picture: Picture) -> Image.Image:
    """What was kept, decoded."""
    image = Image.open(io.BytesIO(picture.data))
    image.load()
    assert ("PNG", picture.width, picture.height) == (image.format, *image.size)
    return image


@pytest.mark.parametrize("form", pictures.FORMATS)
def test_each_format_is_kept_as_a_png_of_its_pixels(form: str) -> None:
    """Whatever else the file told, as where it was taken, is gone."""
    info = PngInfo()
    info.add_text("Comment", SECRET.decode())
    data = as_file(drawn(), form, exif=exif(1), icc_profile=SECRET, pnginfo=info)
    assert SECRET in data
    kept = stripped(data, side=1024)
    assert SECRET not in kept.data
    image = opened(kept)
    assert not image.info
    red, _, blue = image.getpixel((10, 40))  # type: ignore[misc]
    assert red > 200
    assert blue < 60


def test_a_picture_that_was_taken_sideways_stands_upright() -> None:
    """Its metadata said so, and is gone."""
    image = opened(stripped(as_file(drawn(), "JPEG", exif=exif(6)), side=1024))
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


def test_a_bomb_is_refused_by_its_header(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is decoded to find out."""

    def never(*_: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", never)
    for size in ((100_000, 100_000), (pictures.LARGEST_SIDE + 1, 1), (7000, 7000)):
        with pytest.raises(NoPicture, match="million pixels"):
            stripped(bomb(*size), side=64)


def test_a_picture_that_is_gone_over_again_and_again_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A few bytes more would cost seconds each; what programs write is taken."""
    assert (64, 64) == opened(stripped(scanned(20), side=64)).size
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", None)
    with pytest.raises(NoPicture, match="scans"):
        stripped(scanned(100), side=64)


def test_grey_of_sixteen_bits_stays_grey() -> None:
    """Its upper eight bits are kept; it does not turn white."""
    grey = Image.new("I;16", (8, 8), 0x4000)
    assert (0x40,) * 3 == opened(stripped(as_file(grey, "PNG"), side=8)).getpixel((4, 4))


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
        bomb(64, 64)[:60],
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
    file = bytearray(as_file(drawn(size=(40, 30)), form, exif=exif(3)))
    for at in data.draw(st.lists(st.integers(0, len(file) - 1), min_size=1, max_size=20)):
        file[at] = data.draw(st.integers(0, 255))
    with suppress(NoPicture):
        opened(stripped(bytes(file), side=32))


def test_for_a_model_it_is_a_jpeg_on_white_paper() -> None:
    """Which takes few bytes, and knows no transparency."""
    clear = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    shown = flattened(stripped(as_file(clear, "PNG"), side=8).data)
    image = Image.open(io.BytesIO(shown.data))
    assert ("JPEG", (8, 8), (255, 255, 255)) == (image.format, image.size, image.getpixel((4, 4)))
    noise = Image.effect_noise((1024, 1024), 90).convert("RGB")
    assert len(flattened(as_file(noise, "PNG")).data) < 2_000_000


def test_the_egg_is_a_picture_too() -> None:
    """It stands where there is none."""
    assert (64, 64) == opened(egg(64)).size


def _with_chunk(png: bytes, kind: bytes, data: bytes) -> bytes:
    """The same file with one more chunk behind its header."""
    return png[:33] + chunk(kind, data) + png[33:]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from([b"eXIf", b"iCCP", b"zTXt", b"iTXt", b"gAMA", b"acTL", b"sRGB"])
    | st.sampled_from([b"tEXtxmp\0", b"tEXttransparency\0", b"tEXticc_profile\0"]),
    st.binary(max_size=40),
)
def test_whatever_a_picture_carries_beside_its_pixels_is_not_looked_at(
    mode: str, kind: bytes, data: bytes
) -> None:
    """In every mode: the same picture comes out as without it."""
    plain = as_file(Image.new(mode, (20, 10)), "PNG")
    carrying = _with_chunk(plain, kind[:4], kind[4:] + data)
    assert stripped(plain, side=16) == stripped(carrying, side=16)
