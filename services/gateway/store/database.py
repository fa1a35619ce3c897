"""The pool of connections, and what an unreachable Postgres looks like to everything above."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg
from asyncpg.exceptions._base import DataError as BadArgumentError

from services.gateway.store.migrate import migrate
from services.runtime.errors import StoreUnavailable

if TYPE_CHECKING:
    Connection = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]

# What asyncpg raises when a server is gone, starting, stopping, full, read-only after a failover,
# or had to choose between two transactions: the same statement may succeed a moment later.
LOST = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # its protocol, on a connection that the server just ended
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.ReadOnlySQLTransactionError,
)


class Database:
    """A pool of connections to the one Postgres. Raises StoreUnavailable when it is lost."""

    def __init__(self, pool: "Pool", timeout: float) -> None:
        self._pool = pool
        self._timeout = timeout

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["Connection"]:
        """One connection, each statement a transaction of its own."""
        try:
            async with self._pool.acquire(timeout=self._timeout) as connection:
                yield connection
        except BadArgumentError:  # an InterfaceError, and a fault of the caller
            raise
        except LOST as lost:
            raise StoreUnavailable("the database cannot be reached; try again soon") from lost

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Connection"]:
        """One connection, in one transaction."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def ping(self) -> None:
        """Returns when the server answers; raises StoreUnavailable."""
        async with self.connection() as connection:
            await connection.execute("SELECT 1")


@asynccontextmanager
async def open_database(
    url: str, *, max_size: int = 16, timeout: float = 5.0
) -> AsyncIterator[Database]:
    """Connects, brings the schema up to date, and closes at the end. Raises StoreUnavailable.

    A statement that is not answered within `timeout` seconds counts as lost, and so does, for
    Postgres, a transaction that says nothing for as long: neither side notices otherwise that the
    other one is gone, and what is gone may hold locks.
    """
    try:
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=max_size,
            command_timeout=timeout,
            server_settings={
                "application_name": "hatchery-gateway",
                "idle_in_transaction_session_timeout": str(round(timeout * 1000)),
            },
        )
    except LOST as lost:
        raise StoreUnavailable("the database cannot be reached") from lost
    except asyncpg.PostgresError as refused:
        raise StoreUnavailable(f"the database refuses us ({refused.sqlstate})") from refused
    try:
        database = Database(pool, timeout)
        async with database.connection() as connection:
            await migrate(connection)
        yield database
    finally:
        await _close(pool)


async def _close(pool: "Pool") -> None:
    try:
        async with asyncio.timeout(5):
            await pool.close()
    except TimeoutError:
        pool.terminate()
