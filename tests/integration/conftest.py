"""A real Ollama server, started once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.require import require
from tests.tools.ollama_server import OllamaServer

ROOT = Path(__file__).parents[2]
OLLAMA = ROOT / ".cache/tools/bin/ollama"


@pytest.fixture(scope="session")
def ollama_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OllamaServer]:
    """An Ollama server that has one model, `smollm2`."""
    require(OLLAMA.exists(), "no Ollama server: tests/tools/ollama builds one where Go is present")
    server = OllamaServer(OLLAMA, tmp_path_factory.mktemp("ollama"))
    with server:
        yield server
