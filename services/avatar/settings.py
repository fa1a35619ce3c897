"""Settings of the avatar service, read once from the environment (`HATCHERY_…`)."""

from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from services.runtime.settings import ServerSettings

QUANTIZATIONS = (3, 4, 5, 6, 8)


class AvatarSettings(ServerSettings):
    """Which engine draws, and how `mflux` goes about it. Durations are in seconds."""

    # An empty variable, as `HATCHERY_MFLUX_QUANTIZE=` in an env file, means the default.
    model_config = SettingsConfigDict(env_ignore_empty=True)

    # Shorter than a lease: a gateway that froze does not hold the engine until it wakes.
    keepalive_time: float = Field(2.0, ge=1, description="a silent connection is probed after this")
    keepalive_timeout: float = Field(2.0, gt=0, description="an unanswered probe closes it")

    avatar_engine: Literal["sketch", "mflux"] = Field("sketch", description="what draws")

    mflux_model: str = Field(
        default="flux2-klein-4b",
        min_length=1,
        description="a name that mflux knows, a hub repository, or a folder with weights",
    )
    mflux_models: str = Field(
        default="", description="further models that requests may name, separated by commas"
    )
    mflux_quantize: int | None = Field(
        default=None, description="bits to quantise to while loading: 3, 4, 5, 6 or 8"
    )
    mflux_download: bool = Field(
        default=False, description="let mflux download weights that are not on this machine"
    )
    mflux_load_timeout: float = Field(
        default=1800.0, gt=0, description="a model that loads longer hangs"
    )
    mflux_hang_timeout: float = Field(
        default=300.0, gt=0, description="a worker that is silent for longer while it draws hangs"
    )
    mflux_cancel_timeout: float = Field(
        default=30.0, gt=0, description="a worker that does not stop in this time is killed"
    )

    @field_validator("mflux_quantize")
    @classmethod
    def _known_bits(cls, bits: int | None) -> int | None:
        if bits is not None and bits not in QUANTIZATIONS:
            raise ValueError(f"must be one of {', '.join(map(str, QUANTIZATIONS))}")
        return bits
