"""The engine for an Ollama server, wherever that runs, through Ollama's own client."""

from services.llm.engines.ollama.engine import OllamaEngine
from services.llm.port import TextEngine
from services.llm.settings import LlmSettings


def build(settings: LlmSettings) -> TextEngine:
    """The engine as the settings want it, not started yet."""
    return OllamaEngine(settings)
