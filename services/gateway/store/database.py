"""The pool of connections, and what an unreachable Postgres looks like to everything above."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg

from services.gateway.store.migrate import migrate
from services.runtime.errors import StoreUnavailable

if TYPE_CHECKING:
    Connection = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]

# What asyncpg raises when a server is gone, starting, stopping or out of connections.
LOST = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
)


class Database:
    """A pool of connections to the one Postgres. Raises StoreUnavailable when it is lost."""

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["Connection"]:
        """One connection, each statement a transaction of its own."""
        try:
            async with self._pool.acquire(timeout=10) as connection:
                yield connection
        except LOST as lost:
            raise StoreUnavailable("the database cannot be reached; try again soon") from lost

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Connection"]:
        """One connection, in one transaction."""
        async with self.connection() as connection, connection.transaction():
            yield connection


@asynccontextmanager
async def open_database(url: str, *, max_size: int = 16) -> AsyncIterator[Database]:
    """Connects, brings the schema up to date, and closes at the end."""
    try:
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=max_size,
            command_timeout=30,
            server_settings={"application_name": "hatchery-gateway"},
        )
    except LOST as lost:
        raise StoreUnavailable("the database cannot be reached") from lost
    try:
        async with pool.acquire() as connection:
            await migrate(connection)
        yield Database(pool)
    finally:
        pool.terminate() if pool.is_closing() else await _close(pool)


async def _close(pool: "Pool") -> None:
    try:
        await asyncpg.compat.wait_for(pool.close(), timeout=5)
    except TimeoutError:
        pool.terminate()
