"""The pool of connections, and what an unreachable Postgres looks like to everything above."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, cast

import asyncpg
import stamina
import structlog
from asyncpg.exceptions._base import DataError as BadArgumentError

from services.gateway.store.migrate import migrate
from services.gateway.store.traced import DATABASE, TracedConnection
from services.runtime.errors import StoreUnavailable
from services.runtime.tracing import child, here

if TYPE_CHECKING:
    Connection = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]

log = structlog.get_logger()

# Seconds for a first connection, and for what it is asked beside the migrations.
_PATIENCE = 10.0
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
# It lets us in no more, as while a password changes: for who was let in before, that is the same.
_REFUSED = (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError)

# The version of Postgres from which on `transaction_timeout` is known.
_ENDS_TRANSACTIONS = 17
# What Postgres should do about clients that are gone without a word: they may hold locks. The first
# two count milliseconds; the second is of Postgres 17, and the only one that ends a transaction
# whose client was lost within a statement. No parameters of the start, which poolers refuse.
_SETTINGS = """
SELECT set_config(name, CASE WHEN name LIKE 'tcp%' THEN '10' ELSE $1 END, false)
FROM pg_settings WHERE name IN (
    'idle_in_transaction_session_timeout', 'transaction_timeout',
    'tcp_keepalives_idle', 'tcp_keepalives_interval'
)
"""


class Database:
    """A pool of connections to the one Postgres. Raises StoreUnavailable when it is lost."""

    def __init__(self, pool: "Pool", kept_free: "Pool", timeout: float) -> None:
        self._pool = pool
        self._kept_free = kept_free
        self._timeout = timeout

    @asynccontextmanager
    async def connection(self, *, first: bool = False) -> AsyncIterator["Connection"]:
        """One connection, each statement a transaction of its own.

        `first` is for what must not wait for anything else that goes on.
        """
        pool = self._kept_free if first else self._pool
        try:
            async with pool.acquire(timeout=self._timeout) as connection:
                # Nothing is paid where nobody looks, and polls are done for nobody.
                yield (
                    cast("Connection", TracedConnection(connection))
                    if here().recorded
                    else connection
                )
        except BadArgumentError:  # an InterfaceError, and a fault of the caller
            raise
        except (*LOST, *_REFUSED) as lost:
            raise StoreUnavailable("the database cannot be reached; try again soon") from lost

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Connection"]:
        """One connection, in one transaction; as a span, from waiting for it to the commit."""
        with child("transaction", "client", DATABASE):
            async with self.connection() as connection, connection.transaction():
                yield connection

    async def ping(self) -> None:
        """Returns when the server answers; raises StoreUnavailable."""
        async with self.connection() as connection:
            await connection.execute("SELECT 1")


@asynccontextmanager
async def open_database(
    url: str, *, max_size: int = 16, timeout: float = 5.0, patience: float = 0.0
) -> AsyncIterator[Database]:
    """Connects, brings the schema up to date, and closes at the end. Raises StoreUnavailable.

    There are up to `max_size` connections, and one beside them.

    A server that cannot be reached is waited for, `patience` seconds long.
    A statement that is not answered within `timeout` seconds counts as lost, and so does, for
    Postgres, a transaction that is not over by then: neither side notices otherwise that the other
    one is gone, and what is gone may hold locks.
    """

    async def init(connection: asyncpg.Connection) -> None:
        await connection.execute(_SETTINGS, str(round(timeout * 1000)))

    async def open_pool(size: int, max_queries: int = 50_000) -> "Pool":
        return await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=size,
            max_queries=max_queries,
            command_timeout=timeout,
            init=init,
            reset=_keep,
            server_settings={"application_name": "hatchery-gateway"},
        )

    async with AsyncExitStack() as at_end:
        try:
            await _bring_up_to_date(url, patience)
            pool = await open_pool(max_size)
            at_end.push_async_callback(_close, pool)
            # Never given up for another one, which might not be had just then.
            kept_free = await open_pool(1, max_queries=2**63)
            at_end.push_async_callback(_close, kept_free)
        except LOST as lost:
            raise StoreUnavailable("the database cannot be reached") from lost
        except asyncpg.PostgresError as refused:
            raise StoreUnavailable(f"the database refuses us ({refused.sqlstate})") from refused
        yield Database(pool, kept_free, timeout)


async def _bring_up_to_date(url: str, patience: float) -> None:
    connection = await _connected(url, patience)
    try:
        if (version := connection.get_server_version()) < (_ENDS_TRANSACTIONS,):
            log.warning(
                "this Postgres ends no transaction whose client was lost within a statement:"
                " its locks stay until TCP gives it up",
                version=version.major,
                needed=_ENDS_TRANSACTIONS,
            )
        await migrate(connection)
    finally:
        await connection.close()


async def _connected(url: str, patience: float) -> "asyncpg.Connection[asyncpg.Record]":
    retries = stamina.retry_context(
        on=_may_come,
        attempts=None if patience else 1,
        timeout=patience or None,
        wait_initial=0.5,
        wait_max=5.0,
    )
    async for attempt in retries:
        with attempt:
            return await asyncpg.connect(url, timeout=_PATIENCE, command_timeout=_PATIENCE)
    raise AssertionError("a retry context ends by returning or raising")


def _may_come(error: Exception) -> bool:
    """Whether it may be another time: not with an address that is none, or another authority."""
    never = (asyncpg.InterfaceError, ssl.SSLCertVerificationError)
    return isinstance(error, LOST) and not isinstance(error, never)


async def _keep(_: asyncpg.Connection) -> None:
    """Leaves a connection as it is: nothing is ever set on one but what it began with."""


async def _close(pool: "Pool") -> None:
    try:
        async with asyncio.timeout(5):
            await pool.close()
    except TimeoutError:
        pool.terminate()
