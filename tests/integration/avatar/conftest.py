"""The tiny checkpoint, made once a session, and engines over it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from services.avatar.engines.mflux import MfluxEngine, Options
from services.avatar.engines.mflux.device import is_installed
from tests.support.require import require
from tests.tools.tiny_flux import make_tiny_flux


@pytest.fixture(scope="session")
def tiny_flux(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A FLUX.2 klein of a few megabytes, with random weights."""
    require(is_installed(), "mflux is not installed: pip install 'hatchery[mflux]'")
    return make_tiny_flux(tmp_path_factory.mktemp("models") / "tiny-flux")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def engine(tiny_flux: Path) -> AsyncIterator[MfluxEngine]:
    """An engine that a module's tests share: starting a worker takes seconds."""
    engine = MfluxEngine(Options(sources=[str(tiny_flux)], hang_timeout=60))
    await engine.start()
    yield engine
    await engine.close()
