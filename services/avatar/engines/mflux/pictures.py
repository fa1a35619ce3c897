"""Pictures out of the pipeline: encoded results, and previews of half the size."""

import io
from typing import Any

import mlx.core as mx
from mflux.utils.image_util import ImageUtil
from PIL import Image

# A message holds 4 MiB; beyond this a picture keeps its size and gives up colours instead.
MAX_PNG_BYTES = 3_900_000


def png(picture: Image.Image) -> bytes:
    """A picture as PNG that fits a message: 256 colours are the last resort."""
    data = _saved(picture, "PNG")
    if len(data) > MAX_PNG_BYTES:
        data = _saved(picture, "PNG", optimize=True)
    if len(data) > MAX_PNG_BYTES:
        data = _saved(picture.convert("RGB").quantize(256), "PNG", optimize=True)
    return data


def jpeg(picture: Image.Image) -> bytes:
    """A preview is looked at for a second: small matters more than exact."""
    return _saved(picture.convert("RGB"), "JPEG", quality=85)


def half_size(model: Any, creator: Any, latents: Any, width: int, height: int) -> Image.Image:
    """What the latents of a step look like, decoded at half the width and height."""
    picture: Image.Image = ImageUtil.to_pil(decoded(model, creator, latents, width, height))
    return picture


def decoded(model: Any, creator: Any, latents: Any, width: int, height: int) -> Any:
    """Pixels of half the size, as (1, 3, height, width) from -1 to 1.

    A quarter of the work of a full decode: every second latent in each direction is left out.
    """
    unpacked = latents
    if creator is not None:
        unpacked = creator.unpack_latents(latents=latents, height=height, width=width)
    elif latents.ndim == 3:  # a sequence of patches of 16 by 16 pixels
        grid = latents.reshape(latents.shape[0], height // 16, width // 16, latents.shape[-1])
        unpacked = grid.transpose(0, 3, 1, 2)
    vae = getattr(model, "vae", None)
    if vae is None:  # a model that works on pixels
        return unpacked[..., ::2, ::2]
    if hasattr(vae, "unpack_packed_latents") and unpacked.shape[1] > vae.latent_channels:
        unpacked = vae.unpack_packed_latents(unpacked)
    pixels = vae.decode(unpacked[..., ::2, ::2])
    return pixels[:, :, 0] if pixels.ndim == 5 else pixels


def foreseen(latents: Any, before: Any, scheduler: Any, step: int) -> Any:
    """The end that a step heads for, instead of the noise that it is still in.

    Flow matching goes in straight lines: the latents before and after a step give the velocity,
    and with it the point where no noise is left. Without a schedule: the latents as they are.
    """
    sigmas = getattr(scheduler, "sigmas", None)
    if before is None or sigmas is None or before.shape != latents.shape:
        return latents
    now, after = float(sigmas[step]), float(sigmas[step + 1])
    if now == after:
        return latents
    velocity = (latents - before).astype(mx.float32) / (after - now)
    return (latents.astype(mx.float32) - after * velocity).astype(latents.dtype)


def _saved(picture: Image.Image, media: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, media, **options)
    return buffer.getvalue()
