"""A gateway whose metrics are served."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.gateway import Client, gateway
from tests.support.ports import free_port
from tests.support.scraping import Scrape, scrape
from tests.support.scripted import Engines
from tests.support.waiting import until


@dataclass
class Measured:
    """A gateway whose metrics are served, and where."""

    client: Client
    engines: Engines
    listen: str

    async def scrape(self, ended: int = 0) -> Scrape:
        """Reads them, once so many generations have ended: who watches knows it a little sooner."""

        async def are_counted() -> bool:
            seen = await scrape(self.listen)
            return seen("hatchery_generation_duration_seconds_count") >= ended

        await until(are_counted)
        return await scrape(self.listen)


@asynccontextmanager
async def measured_gateway(
    database_url: str, engines: Engines, folder: Path, **settings: Any
) -> AsyncIterator[Measured]:
    """Runs one."""
    listen = f"127.0.0.1:{free_port()}"
    async with gateway(database_url, engines, folder, metrics_listen=listen, **settings) as client:
        yield Measured(client, engines, listen)
