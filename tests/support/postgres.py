"""A real Postgres for the tests, and a database of its own for each of them."""

import asyncio
import itertools
import os
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg

from deploy.local.postgres import serving
from services.gateway.store.migrate import migrate
from tests.support.ports import free_port

TEMPLATE = "hatchery_template"


@contextmanager
def postgres_server() -> Iterator[str]:
    """Serves a fresh Postgres from a folder that goes at the end; yields its URL."""
    with tempfile.TemporaryDirectory(prefix="hatchery-test-") as folder:
        # As root, Postgres runs as somebody else, who has to reach the folder.
        Path(folder).chmod(0o755)
        started: asyncio.Queue[str | BaseException] = asyncio.Queue()
        loop, stop = asyncio.new_event_loop(), asyncio.Event()

        async def serve() -> None:
            try:
                async with serving(Path(folder) / "state", free_port()) as url:
                    await _make_template(url)
                    started.put_nowait(url)
                    await stop.wait()
            except BaseException as error:  # told to the test that waits
                started.put_nowait(error)
                raise

        thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
        thread.start()
        try:
            told = asyncio.run_coroutine_threadsafe(started.get(), loop).result(timeout=120)
            if isinstance(told, BaseException):
                raise told
            yield told
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join()
            loop.close()


@asynccontextmanager
async def connected(url: str, timeout: float = 10) -> AsyncIterator[asyncpg.Connection]:
    """A connection, closed at the end. Takes `timeout` seconds at most to come about."""
    connection = await asyncpg.connect(url, timeout=timeout)
    try:
        yield connection
    finally:
        await connection.close()


_numbers = itertools.count(1)


@asynccontextmanager
async def fresh_database(server_url: str) -> AsyncIterator[str]:
    """A database with the present schema and nothing in it; yields its URL."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    await _administer(server_url, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    try:
        yield _with_database(server_url, name)
    finally:
        await _administer(server_url, f"DROP DATABASE {name} WITH (FORCE)")


async def _make_template(url: str) -> None:
    await _administer(url, f"CREATE DATABASE {TEMPLATE}")
    async with connected(_with_database(url, TEMPLATE)) as connection:
        await migrate(connection)


async def _administer(url: str, sql: str) -> None:
    async with connected(url) as connection:
        await connection.execute(sql)


def _with_database(url: str, name: str) -> str:
    return f"{url.rpartition('/')[0]}/{name}"
