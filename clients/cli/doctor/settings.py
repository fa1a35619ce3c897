"""The settings of the engine services that an examination has to know."""

from pathlib import Path
from typing import Literal

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.local.errors import BadSetting

PREFIX = "HATCHERY_"


class EngineSettings(BaseSettings):
    """Which engines are chosen, as the services themselves read it."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True
    )

    llm_engine: Literal["llamacpp", "ollama"] = "llamacpp"
    avatar_engine: Literal["sketch", "mflux"] = "sketch"
    llamacpp_model: Path | None = None
    ollama_url: str = "http://127.0.0.1:11434"
    ollama_model: str = ""


def read_engine_settings() -> EngineSettings:
    """Read the environment. Raises BadSetting."""
    try:
        return EngineSettings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = PREFIX + str(first["loc"][0]).upper()
        raise BadSetting(f"{name} is not usable: {first['msg']}") from None
