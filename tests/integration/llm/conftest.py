"""The embedded model, loaded once."""

import asyncio
from collections.abc import Iterator

import pytest

from services.llm.engines.llamacpp.engine import LlamaCppEngine
from services.llm.settings import LlmSettings


@pytest.fixture(scope="session")
def embedded() -> Iterator[LlamaCppEngine]:
    """The engine with the embedded model."""
    engine = LlamaCppEngine(LlmSettings())
    asyncio.run(engine.start())
    yield engine
    asyncio.run(engine.close())
