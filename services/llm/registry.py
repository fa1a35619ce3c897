"""Which engine a setting's value means. An engine is imported only when it is the chosen one."""

import importlib
from typing import cast

from services.llm.port import TextEngine
from services.llm.settings import LlmSettings

# Each of these modules has `build(settings: LlmSettings) -> TextEngine`.
ENGINES = {
    "llamacpp": "services.llm.engines.llamacpp",
    "ollama": "services.llm.engines.ollama",
}


def build_engine(settings: LlmSettings) -> TextEngine:
    """The engine that the settings name, not started yet."""
    module = importlib.import_module(ENGINES[settings.llm_engine])
    return cast("TextEngine", module.build(settings))
