"""Waiting until nobody works on anything."""

import asyncpg

from tests.support.waiting import until


async def until_at_rest(connection: asyncpg.Connection, seconds: float) -> None:
    """Whatever was begun has ended, or halts. Raises TimeoutError."""

    async def is_at_rest() -> bool:
        under_way = "SELECT count(*) FROM generations WHERE state IN ('QUEUED', 'RUNNING')"
        return not await connection.fetchval(under_way)

    await until(is_at_rest, seconds)
