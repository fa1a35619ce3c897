"""Templates of owners in Postgres, each version of each."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import asyncpg

from services.gateway.store.database import Database

if TYPE_CHECKING:
    from services.gateway.store.database import Connection


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One version of a template; `content` is a serialised Template."""

    id: str
    version: int
    content: bytes
    place: uuid.UUID
    create_time: dt.datetime
    delete_time: dt.datetime | None


_COLUMNS = ", ".join(TemplateRow.__dataclass_fields__)
_INSERT = (
    "INSERT INTO templates (owner, id, version, content) VALUES ($1, $2, $3, $4)"
    f" RETURNING {_COLUMNS}"
)


class Templates:
    """The table of templates."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, owner: str, id_: str) -> TemplateRow | None:
        """The newest version, also of a deleted one."""
        return await self._one(
            f"SELECT {_COLUMNS} FROM templates WHERE owner = $1 AND id = $2"
            " ORDER BY version DESC LIMIT 1",
            owner,
            id_,
        )

    async def version(self, owner: str, id_: str, version: int) -> TemplateRow | None:
        """One version."""
        return await self._one(
            f"SELECT {_COLUMNS} FROM templates WHERE owner = $1 AND id = $2 AND version = $3",
            owner,
            id_,
            version,
        )

    async def page(
        self, owner: str, before: tuple[dt.datetime, uuid.UUID] | None, limit: int
    ) -> list[TemplateRow]:
        """The newest versions of those that are not deleted, the latest first, from a place on."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                f"SELECT {_COLUMNS} FROM (SELECT DISTINCT ON (id) {_COLUMNS} FROM templates"
                " WHERE owner = $1 ORDER BY id, version DESC) AS newest"
                " WHERE delete_time IS NULL"
                " AND ($2::timestamptz IS NULL OR (create_time, place) < ($2, $3::uuid))"
                " ORDER BY create_time DESC, place DESC LIMIT $4",
                owner,
                before[0] if before else None,
                before[1] if before else None,
                limit,
            )
        return [_row(row) for row in rows]

    async def add(
        self, owner: str, id_: str, version: int, content: bytes, *, new: bool
    ) -> TemplateRow | None:
        """Stores a version after the newest one, which is deleted, or none, where this is `new`.

        None where that is not so any more.
        """
        async with self._database.transaction() as connection:
            newest = await _locked(connection, owner, id_)
            there = newest is not None and newest.delete_time is None
            if there == new or (newest.version if newest else 0) + 1 != version:
                return None
            try:
                async with connection.transaction():
                    row = await connection.fetchrow(_INSERT, owner, id_, version, content)
            except asyncpg.UniqueViolationError:
                return None
        return _row(row)

    async def delete(self, owner: str, id_: str, version: int) -> TemplateRow | None:
        """Marks a template as deleted if this is its newest version, and it is not deleted."""
        async with self._database.transaction() as connection:
            newest = await _locked(connection, owner, id_)
            if newest is None or newest.delete_time or newest.version != version:
                return None
            row = await connection.fetchrow(
                "UPDATE templates SET delete_time = now()"
                f" WHERE owner = $1 AND id = $2 AND version = $3 RETURNING {_COLUMNS}",
                owner,
                id_,
                version,
            )
        return _row(row)

    async def _one(self, sql: str, *arguments: Any) -> TemplateRow | None:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(sql, *arguments)
        return _row(row) if row else None


async def _locked(connection: "Connection", owner: str, id_: str) -> TemplateRow | None:
    """The newest version, while nobody else changes the template."""
    newest = (
        f"SELECT {_COLUMNS} FROM templates WHERE owner = $1 AND id = $2"
        " ORDER BY version DESC LIMIT 1"
    )
    await connection.execute(f"{newest} FOR UPDATE", owner, id_)
    # Whoever was waited for may have made another one.
    row = await connection.fetchrow(newest, owner, id_)
    return _row(row) if row else None


def _row(record: Any) -> TemplateRow:
    return TemplateRow(**dict(record))
