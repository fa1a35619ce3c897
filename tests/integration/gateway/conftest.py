"""What tests of the store share."""

from collections.abc import AsyncIterator

import pytest

from services.gateway.store.database import Database, open_database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A pool on an empty database."""
    async with open_database(database_url) as opened:
        yield opened
