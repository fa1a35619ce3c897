"""One illustrator for all tests of it: its processes take longer to start than a small drawing."""

import asyncio
from collections.abc import Iterator

import pytest

from services.avatar.engines.sketch.engine import SketchEngine


@pytest.fixture(scope="session")
def sketch() -> Iterator[SketchEngine]:
    """An engine that is closed in the end."""
    engine = SketchEngine()
    yield engine
    asyncio.run(engine.close())
