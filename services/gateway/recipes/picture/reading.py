"""Measures a picture: palette, brightness, contrast, composition. Pure; takes some milliseconds."""

import io

import numpy as np
from hatchery.types.v1.picture_pb2 import Composition, PictureReading, Swatch
from numpy.typing import NDArray
from PIL import Image

from services.gateway.recipes.picture.colours import name_of, to_hex

# Colours and weight need no more pixels than this a side.
_SIDE = 96
_COLOURS, _LEAST_SHARE = 8, 0.02
# What is more transparent than this is not there.
_OPAQUE = 128
# How far from the middle the pixels of a picture are in the mean square, its side being 1.
_EVENLY = (1 / 6) ** 0.5

Floats = NDArray[np.float64]


def read_picture(data: bytes) -> PictureReading:
    """Reads the file of a picture that is kept: a PNG, upright. Raises OSError where it is none."""
    with Image.open(io.BytesIO(data), formats=("PNG",)) as opened:
        aspect = opened.width / opened.height
        small = opened.convert("RGBA")
    small.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
    pixels = np.asarray(small, dtype=np.uint8)
    there = pixels[..., 3] >= _OPAQUE
    if not there.any():  # what is not there is white paper
        there, pixels = np.ones_like(there), np.full_like(pixels, 255)
    shown: Floats = pixels[there][:, :3] / 255.0
    light = shown @ (0.2126, 0.7152, 0.0722)
    low, high = np.percentile(light, (5, 95))
    strongest, weakest = shown.max(axis=1), shown.min(axis=1)
    return PictureReading(
        palette=_palette(pixels[there][:, :3]),
        brightness=float(light.mean()),
        contrast=float(high - low),
        saturation=float((strongest - weakest).mean()),
        warmth=float((shown[:, 0] - shown[:, 2]).mean()),
        composition=_composition(pixels, there, aspect),
    )


def _palette(shown: NDArray[np.uint8]) -> list[Swatch]:
    """The colours of some pixels, those of one name as one."""
    row = Image.fromarray(shown.reshape(1, -1, 3), "RGB")
    few = row.quantize(_COLOURS, Image.Quantize.MEDIANCUT, kmeans=3, dither=Image.Dither.NONE)
    table = few.getpalette() or []
    counts = np.bincount(np.asarray(few).ravel())
    swatches: dict[str, Swatch] = {}
    for index in np.argsort(-counts, kind="stable"):
        colour = table[3 * index : 3 * index + 3]
        if not counts[index] or len(colour) < 3:
            continue
        rgb = (colour[0], colour[1], colour[2])
        swatch = swatches.setdefault(name_of(rgb), Swatch(color=to_hex(rgb), name=name_of(rgb)))
        swatch.share += counts[index] / len(shown)
    found = sorted(swatches.values(), key=lambda swatch: -swatch.share)
    return [swatch for swatch in found if swatch.share >= _LEAST_SHARE]


def _composition(pixels: NDArray[np.uint8], there: NDArray[np.bool_], aspect: float) -> Composition:
    """Where its weight lies: detail, and what stands out from the colour that prevails."""
    shown: Floats = np.where(there[..., None], pixels[..., :3], 255) / 255.0
    grey = shown.mean(axis=2)
    down, right = np.gradient(grey) if min(grey.shape) > 1 else (grey * 0, grey * 0)
    weight = np.hypot(down, right) + np.abs(shown - np.median(shown, axis=(0, 1))).mean(axis=2)
    if weight.sum() < 1e-6:  # a plain surface has its weight everywhere
        weight = np.ones_like(grey)
    height, width = weight.shape
    across, along = (np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height
    total = weight.sum()
    x = float((weight.sum(axis=0) * across).sum() / total)
    y = float((weight.sum(axis=1) * along).sum() / total)
    away = (weight * ((across[None, :] - x) ** 2 + (along[:, None] - y) ** 2)).sum() / total
    spread = min(float(away**0.5) / _EVENLY, 1.0)
    return Composition(center_x=x, center_y=y, spread=spread, aspect=aspect)
