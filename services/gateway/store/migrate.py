"""Brings the database to the present schema: numbered SQL files, each once, under a lock."""

import importlib.resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncpg

    Connection = (
        asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    )

# An arbitrary number that names the lock among all advisory locks of the database.
_LOCK = 0x4841_5443_4845_5259
# Seconds that one file may take, or that we wait for another replica to be done.
_PATIENCE = 600


async def migrate(connection: "Connection") -> list[str]:
    """Applies what is missing, each file in a transaction of its own; returns their names.

    Any number of replicas may call it at once: one works, the others wait for it.
    """
    applied = []
    await connection.execute("SELECT pg_advisory_lock($1)", _LOCK, timeout=_PATIENCE)
    try:
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS migrations"
            " (name text PRIMARY KEY, create_time timestamptz NOT NULL DEFAULT now())"
        )
        rows = await connection.fetch("SELECT name FROM migrations")
        done = {row["name"] for row in rows}
        for name, sql in _files():
            if name in done:
                continue
            async with connection.transaction():
                await connection.execute(sql, timeout=_PATIENCE)
                await connection.execute("INSERT INTO migrations (name) VALUES ($1)", name)
            applied.append(name)
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)
    return applied


def _files() -> list[tuple[str, str]]:
    folder = importlib.resources.files("services.gateway.store").joinpath("migrations")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return [(f.name, f.read_text()) for f in files]
