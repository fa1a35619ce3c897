"""The settings of the llm service, and the engines that they name."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.llm.engines.llamacpp.loading import model_file
from services.llm.registry import ENGINES, build_engine
from services.llm.settings import LlmSettings
from services.runtime.errors import EngineUnavailable


def test_every_engine_that_can_be_set_can_be_built() -> None:
    """The names in the settings are those of the registry, and no other is accepted."""
    for name in ENGINES:
        assert name == build_engine(LlmSettings(llm_engine=name)).name
    with pytest.raises(ValidationError):
        LlmSettings(llm_engine="scripted")


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each as HATCHERY_ and its name; an empty one means the default."""
    monkeypatch.setenv("HATCHERY_LLM_ENGINE", "ollama")
    monkeypatch.setenv("HATCHERY_OLLAMA_MODEL", "")
    monkeypatch.setenv("HATCHERY_LLM_CONCURRENCY", "3")
    settings = LlmSettings()
    assert ("ollama", "", 3) == (
        settings.llm_engine,
        settings.ollama_model,
        settings.llm_concurrency,
    )


def test_a_model_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The setting and the path, so that a person can put it right."""
    missing = tmp_path / "no.gguf"
    with pytest.raises(EngineUnavailable, match=r"HATCHERY_LLAMACPP_MODEL.*no\.gguf"):
        model_file(LlmSettings(llamacpp_model=missing))
