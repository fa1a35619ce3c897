"""A connection to Postgres whose statements are spans of what they are done for."""

from typing import Any

from services.gateway.store.statements import summary
from services.runtime.tracing import Attributes, child

DATABASE: Attributes = {"db.system.name": "postgresql"}


class TracedConnection:
    """Hands on to a connection; what a statement is called in traces has no value of its own."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *values: Any, **options: Any) -> Any:
        """All rows."""
        with _span(sql):
            return await self._connection.fetch(sql, *values, **options)

    async def fetchrow(self, sql: str, *values: Any, **options: Any) -> Any:
        """The first row."""
        with _span(sql):
            return await self._connection.fetchrow(sql, *values, **options)

    async def fetchval(self, sql: str, *values: Any, **options: Any) -> Any:
        """The first value."""
        with _span(sql):
            return await self._connection.fetchval(sql, *values, **options)

    async def execute(self, sql: str, *values: Any, **options: Any) -> Any:
        """What became of it."""
        with _span(sql):
            return await self._connection.execute(sql, *values, **options)

    async def executemany(self, sql: str, values: Any, **options: Any) -> Any:
        """Once for each of many."""
        with _span(sql):
            return await self._connection.executemany(sql, values, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def _span(sql: str) -> Any:
    called = summary(sql)
    return child(called, "client", {**DATABASE, "db.query.summary": called})
