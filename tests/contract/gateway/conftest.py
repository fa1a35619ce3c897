"""One gateway for many tests: each of them is an owner of its own."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.support.gateway import Client, gateway
from tests.support.ports import free_port
from tests.support.postgres import fresh_database
from tests.support.recipes import GREETING
from tests.support.scripted import Engines, scripted_engines

OWNER_UNFINISHED = 12


@dataclass
class House:
    """A gateway, its engines and its database."""

    client: Client
    engines: Engines
    database_url: str


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """A gateway for all tests of a module, which run in one loop. Tests leave the engines alone."""
    folder = tmp_path_factory.mktemp("house")
    async with (
        fresh_database(postgres_url) as url,
        scripted_engines() as engines,
        gateway(
            url, engines, folder, custom=[GREETING], owner_unfinished=OWNER_UNFINISHED
        ) as client,
    ):
        yield House(client, engines, url)


@pytest.fixture
def owner(house: House) -> Client:
    """A client of an owner whom nobody else is."""
    return house.client.as_owner(f"owner-{uuid.uuid4()}")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def deserted(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Client]:
    """A client of a gateway whose engine services have never answered."""
    nowhere = f"127.0.0.1:{free_port()}"
    async with (
        fresh_database(postgres_url) as url,
        gateway(
            url,
            Engines(llm_target=nowhere, avatar_target=nowhere),
            tmp_path_factory.mktemp("deserted"),
            custom=[GREETING],
        ) as client,
    ):
        yield client


PRICES = """
unit = "bricks"
[models.script]
output = 1
picture = 7
[budget]
limit = 1
period = "1h"
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def thrifty(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Client]:
    """A client who may spend one brick an hour: a thousand tokens, and no picture."""
    folder = tmp_path_factory.mktemp("thrifty")
    (folder / "prices.toml").write_text(PRICES)
    async with (
        fresh_database(postgres_url) as url,
        scripted_engines() as engines,
        gateway(url, engines, folder, custom=[GREETING], prices=folder / "prices.toml") as client,
    ):
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def forgetful(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Client]:
    """A client of a gateway that keeps no events of what has ended."""
    async with (
        fresh_database(postgres_url) as url,
        scripted_engines() as engines,
        gateway(
            url,
            engines,
            tmp_path_factory.mktemp("forgetful"),
            custom=[GREETING],
            retention=0.01,
        ) as client,
    ):
        yield client
