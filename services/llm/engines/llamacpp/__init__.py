"""The embedded engine: a small instruct model in this process, through llama.cpp."""

from services.llm.engines.llamacpp.engine import LlamaCppEngine
from services.llm.port import TextEngine
from services.llm.settings import LlmSettings


def build(settings: LlmSettings) -> TextEngine:
    """The engine as the settings want it, not started yet."""
    return LlamaCppEngine(settings)
