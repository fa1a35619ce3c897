"""Portraits by MLX image models, through mflux, on Apple silicon or an NVIDIA card."""

from services.avatar.engines.mflux.engine import MfluxEngine, Options
from services.avatar.settings import AvatarSettings

__all__ = ["MfluxEngine", "Options", "build"]


def build(settings: AvatarSettings) -> MfluxEngine:
    """The engine as the settings want it."""
    further = (source.strip() for source in settings.mflux_models.split(","))
    return MfluxEngine(
        Options(
            sources=[settings.mflux_model, *(source for source in further if source)],
            quantize=settings.mflux_quantize,
            download=settings.mflux_download,
            load_timeout=settings.mflux_load_timeout,
            hang_timeout=settings.mflux_hang_timeout,
            cancel_timeout=settings.mflux_cancel_timeout,
        )
    )
