"""Artifacts in Postgres."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.gateway.store.database import Database

if TYPE_CHECKING:
    from services.gateway.store.database import Connection


@dataclass(frozen=True, slots=True)
class NewArtifact:
    """What is stored when a text or an app is saved; its time is the database's.

    `usage`, `cost` and `fallback` are serialised messages.
    """

    id: uuid.UUID
    owner: str
    generation: uuid.UUID
    kind: int
    title: str
    prompt: str
    content: str
    media_type: str
    usage: bytes | None
    cost: bytes | None
    fallback: bytes | None


@dataclass(frozen=True, slots=True)
class ArtifactRow:
    """An artifact as it is stored; in lists its content is left out."""

    id: uuid.UUID
    owner: str
    generation: uuid.UUID
    kind: int
    title: str
    prompt: str
    media_type: str
    usage: bytes | None
    cost: bytes | None
    fallback: bytes | None
    create_time: dt.datetime
    size_bytes: int
    content: str | None


_FIELDS = [
    name for name in ArtifactRow.__dataclass_fields__ if name not in ("size_bytes", "content")
]
_LISTED = f"{', '.join(_FIELDS)}, octet_length(content) AS size_bytes, NULL AS content"
_WHOLE = f"{', '.join(_FIELDS)}, octet_length(content) AS size_bytes, content"
_NEW = list(NewArtifact.__dataclass_fields__)


class Artifacts:
    """The table of artifacts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, artifact: uuid.UUID, owner: str) -> ArtifactRow | None:
        """One artifact of an owner."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                f"SELECT {_WHOLE} FROM artifacts WHERE id = $1 AND owner = $2", artifact, owner
            )
        return ArtifactRow(**dict(row)) if row else None

    async def page(
        self, owner: str, kind: int, before: tuple[dt.datetime, uuid.UUID] | None, limit: int
    ) -> list[ArtifactRow]:
        """The newest artifacts of an owner, of all kinds for 0, from a place on."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                f"SELECT {_LISTED} FROM artifacts WHERE owner = $1 AND ($2 = 0 OR kind = $2)"
                " AND ($3::timestamptz IS NULL OR (create_time, id) < ($3, $4::uuid))"
                " ORDER BY create_time DESC, id DESC LIMIT $5",
                owner,
                kind,
                before[0] if before else None,
                before[1] if before else None,
                limit,
            )
        return [ArtifactRow(**dict(row)) for row in rows]

    async def delete(self, artifact: uuid.UUID, owner: str) -> bool:
        """Deletes one for good; False where there is none."""
        async with self._database.connection() as connection:
            gone: Any = await connection.fetchval(
                "DELETE FROM artifacts WHERE id = $1 AND owner = $2 RETURNING true", artifact, owner
            )
        return bool(gone)


async def put_artifact(connection: "Connection", new: NewArtifact) -> None:
    """Keeps a new artifact, or changes the one that an earlier try has made."""
    places = ", ".join(f"${place}" for place, _ in enumerate(_NEW, 1))
    changed = ", ".join(
        f"{name} = excluded.{name}" for name in _NEW if name not in ("id", "owner", "cost")
    )
    # What was kept from an earlier try was paid there.
    changed += ", cost = coalesce(excluded.cost, artifacts.cost)"
    await connection.execute(
        f"INSERT INTO artifacts ({', '.join(_NEW)}) VALUES ({places})"
        f" ON CONFLICT (id) DO UPDATE SET {changed}, create_time = now()",
        *(getattr(new, name) for name in _NEW),
    )
