"""What MLX computes on, and whether mflux is there at all."""

import importlib.metadata
import importlib.util
from dataclasses import dataclass

INSTALL = "pip install 'hatchery[mflux]'"


@dataclass(frozen=True, slots=True)
class Found:
    """What a person should know before choosing mflux. `device` is "Metal", "CUDA" or "CPU"."""

    installed: bool
    version: str = ""
    device: str = ""
    advice: str = ""


def find() -> Found:
    """Looks for mflux and its device. Imports MLX, not mflux."""
    if not is_installed():
        return Found(installed=False, advice=INSTALL)
    version = importlib.metadata.version("mflux")
    device = device_name()
    advice = "a CPU takes minutes to hours for a portrait" if device == "CPU" else ""
    return Found(installed=True, version=version, device=device, advice=advice)


def is_installed() -> bool:
    """Whether mflux and MLX can be imported."""
    return all(importlib.util.find_spec(name) is not None for name in ("mflux", "mlx"))


def device_name() -> str:
    """The device that MLX takes by default."""
    import mlx.core as mx  # noqa: PLC0415  # optional, and slow to import

    if mx.default_device().type == mx.DeviceType.cpu:
        return "CPU"
    return "Metal" if mx.metal.is_available() else "CUDA"


def use_device() -> str:
    """Prepares the default device for work and returns its name."""
    import mlx.core as mx  # noqa: PLC0415  # optional, and slow to import

    name = device_name()
    if name == "CPU":
        # On a CPU, MLX would call a C++ compiler, which few machines have, to gain little.
        mx.disable_compile()
    return name
