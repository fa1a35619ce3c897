"""What tests share: a Postgres for the session; a database, engines and a gateway for each."""

import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import pytest

from services.runtime import logs
from tests.support.gateway import Client, gateway
from tests.support.postgres import fresh_database, postgres_server
from tests.support.scripted import Engines, scripted_engines

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile(
    "hatchery", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("hatchery")


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Tests run in the background of a shell can interrupt their children all the same."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def logging() -> None:
    """Logs as in production: what the console draws in colours takes half a second a traceback."""
    logs.configure("json", "info", "tests")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a Postgres that lives as long as the tests."""
    with postgres_server() as url:
        yield url


@pytest.fixture
async def database_url(postgres_url: str) -> AsyncIterator[str]:
    """The URL of an empty database with the present schema."""
    async with fresh_database(postgres_url) as url:
        yield url


@pytest.fixture
async def engines() -> AsyncIterator[Engines]:
    """Scripted engine services."""
    async with scripted_engines() as running:
        yield running


@pytest.fixture
async def client(database_url: str, engines: Engines, tmp_path: Path) -> AsyncIterator[Client]:
    """A client of a gateway over an empty database and scripted engines."""
    async with gateway(database_url, engines, tmp_path) as running:
        yield running
