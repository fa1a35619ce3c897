# ruff: noqa: PLC0415  # MLX is optional, and this file is imported where it may be missing
"""Pictures out of the pipeline: what fits a message, and what a preview foresees."""

import io
import random
from pathlib import Path

import pytest

from services.avatar.engines.mflux.device import find

# Everything here needs MLX and Pillow, which come with mflux.
pytestmark = pytest.mark.usefixtures("tiny_flux")


def test_a_picture_always_fits_a_message() -> None:
    """Even noise of the largest size: it keeps its width and height and gives up colours."""
    from PIL import Image

    from services.avatar.engines.mflux.engine import MAX_SIZE
    from services.avatar.engines.mflux.pictures import MAX_PNG_BYTES, png

    size = (MAX_SIZE, MAX_SIZE)
    noise = Image.frombytes("RGB", size, random.Random(7).randbytes(3 * MAX_SIZE**2))
    data = png(noise)
    assert len(data) <= MAX_PNG_BYTES
    assert ("PNG", size) == ((opened := Image.open(io.BytesIO(data))).format, opened.size)
    flat = Image.new("RGB", (64, 64), "teal")
    assert "RGB" == Image.open(io.BytesIO(png(flat))).mode


def test_a_preview_foresees_where_a_step_heads_for() -> None:
    """On the straight line from noise to picture any two points give the picture itself."""
    import mlx.core as mx

    from services.avatar.engines.mflux.pictures import foreseen

    class Schedule:
        sigmas = mx.array([1.0, 0.75, 0.3, 0.0])

    mx.random.seed(7)
    picture, noise = mx.random.normal((1, 16, 8)), mx.random.normal((1, 16, 8))
    points = [(1 - s) * picture + s * noise for s in Schedule.sigmas]
    for step in range(3):
        seen = foreseen(points[step + 1], points[step], Schedule(), step)
        assert mx.allclose(picture, seen, atol=1e-4).item()
    # Without a schedule, or a point before, there is nothing to foresee with.
    assert foreseen(noise, picture, None, 0) is noise
    assert foreseen(noise, None, Schedule(), 0) is noise


def test_the_doctor_finds_mflux_and_its_device(tiny_flux: Path) -> None:
    """What is installed, its version, and on what it computes."""
    found = find()
    assert found.installed
    assert found.version.count(".") == 2
    assert found.device in {"Metal", "CUDA", "CPU"}
    assert ("CPU" == found.device) == bool(found.advice)
