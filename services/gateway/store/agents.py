"""Agents and assets in Postgres."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.gateway.names import agent_name
from services.gateway.store.database import Database
from services.runtime.errors import ResourceNotFound

if TYPE_CHECKING:
    from services.gateway.store.database import Connection


@dataclass(frozen=True, slots=True)
class AgentRow:
    """An agent as it is stored; `persona`, `portrait` and the fallback are serialised messages."""

    id: uuid.UUID
    owner: str
    generation: uuid.UUID | None
    description: str
    persona: bytes
    portrait: bytes
    portrait_fallback: bytes | None
    version: int
    create_time: dt.datetime
    update_time: dt.datetime
    delete_time: dt.datetime | None


@dataclass(frozen=True, slots=True)
class NewAgent:
    """What is stored when an agent hatches; its times and version are the database's."""

    id: uuid.UUID
    owner: str
    generation: uuid.UUID
    description: str
    persona: bytes
    words: str
    portrait: bytes
    portrait_fallback: bytes | None
    keep_persona: bool


@dataclass(frozen=True, slots=True)
class Asset:
    """The bytes of a picture."""

    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class AssetPart:
    """Some of the bytes of a picture, which has `size` of them."""

    media_type: str
    size: int
    data: bytes


_COLUMNS = ", ".join(AgentRow.__dataclass_fields__)


class Agents:
    """The tables of agents and assets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, agent: uuid.UUID, owner: str) -> AgentRow | None:
        """One agent of an owner, also a deleted one."""
        return await self._one(
            f"SELECT {_COLUMNS} FROM agents WHERE id = $1 AND owner = $2", agent, owner
        )

    async def live(self, agent: uuid.UUID, owner: str) -> AgentRow:
        """One agent of an owner that is not deleted. Raises ResourceNotFound."""
        row = await self.get(agent, owner)
        if row is None or row.delete_time is not None:
            raise ResourceNotFound(agent_name(agent))
        return row

    async def page(
        self,
        owner: str,
        deleted: bool,
        patterns: Sequence[str],
        before: tuple[dt.datetime, uuid.UUID] | None,
        limit: int,
    ) -> list[AgentRow]:
        """The newest agents of an owner whose words are like all patterns, from a place on."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                f"SELECT {_COLUMNS} FROM agents WHERE owner = $1"
                " AND ($2 OR delete_time IS NULL)"
                " AND coalesce(words, lower(description)) LIKE ALL($3::text[])"
                " AND ($4::timestamptz IS NULL OR (create_time, id) < ($4, $5::uuid))"
                " ORDER BY create_time DESC, id DESC LIMIT $6",
                owner,
                deleted,
                list(patterns),
                before[0] if before else None,
                before[1] if before else None,
                limit,
            )
        return [_row(row) for row in rows]

    async def set_persona(
        self, agent: uuid.UUID, owner: str, version: int, persona: bytes, words: str
    ) -> AgentRow | None:
        """Changes the persona of what still has that version."""
        return await self._one(
            "UPDATE agents SET persona = $4, words = $5, version = version + 1,"
            " update_time = now()"
            " WHERE id = $1 AND owner = $2 AND version = $3 AND delete_time IS NULL"
            f" RETURNING {_COLUMNS}",
            agent,
            owner,
            version,
            persona,
            words,
        )

    async def delete(self, agent: uuid.UUID, owner: str, version: int) -> AgentRow | None:
        """Marks as deleted what still has that version and is not deleted."""
        return await self._one(
            "UPDATE agents SET delete_time = now(), version = version + 1, update_time = now()"
            " WHERE id = $1 AND owner = $2 AND version = $3 AND delete_time IS NULL"
            f" RETURNING {_COLUMNS}",
            agent,
            owner,
            version,
        )

    async def undelete(self, agent: uuid.UUID, owner: str) -> AgentRow | None:
        """Brings back what is deleted."""
        return await self._one(
            "UPDATE agents SET delete_time = NULL, version = version + 1, update_time = now()"
            " WHERE id = $1 AND owner = $2 AND delete_time IS NOT NULL"
            f" RETURNING {_COLUMNS}",
            agent,
            owner,
        )

    async def asset(self, digest: bytes, owner: str) -> Asset | None:
        """One asset of an owner."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                "SELECT media_type, data FROM assets WHERE owner = $1 AND digest = $2",
                owner,
                digest,
            )
        return Asset(row["media_type"], row["data"]) if row else None

    async def asset_part(
        self, digest: bytes, owner: str, start: int, length: int
    ) -> AssetPart | None:
        """So many bytes of an asset of an owner, from one on; no more of it is read."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                "SELECT media_type, octet_length(data) AS size,"
                " substring(data FROM $3 FOR $4) AS data"
                " FROM assets WHERE owner = $1 AND digest = $2",
                owner,
                digest,
                start + 1,
                length,
            )
        return AssetPart(row["media_type"], row["size"], row["data"]) if row else None

    async def _one(self, sql: str, *arguments: Any) -> AgentRow | None:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(sql, *arguments)
        return _row(row) if row else None


async def put_asset(
    connection: "Connection", owner: str, digest: bytes, media_type: str, data: bytes
) -> None:
    """Keeps a picture, once for each owner."""
    await connection.execute(
        "INSERT INTO assets (owner, digest, media_type, data) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (owner, digest) DO NOTHING",
        owner,
        digest,
        media_type,
        data,
    )


async def put_agent(connection: "Connection", new: NewAgent) -> None:
    """Keeps a new agent, or changes the one that an earlier try has made."""
    await connection.execute(
        "INSERT INTO agents (id, owner, generation, description, persona, portrait,"
        " portrait_fallback, words) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        " ON CONFLICT (id) DO UPDATE SET"
        " persona = CASE WHEN $9 THEN agents.persona ELSE excluded.persona END,"
        " words = CASE WHEN $9 THEN agents.words ELSE excluded.words END,"
        " portrait = excluded.portrait, portrait_fallback = excluded.portrait_fallback,"
        " version = agents.version + 1, update_time = now()",
        new.id,
        new.owner,
        new.generation,
        new.description,
        new.persona,
        new.portrait,
        new.portrait_fallback,
        new.words,
        new.keep_persona,
    )


async def put_portrait(
    connection: "Connection", agent: uuid.UUID, owner: str, portrait: bytes, fallback: bytes | None
) -> None:
    """Gives an agent another portrait."""
    await connection.execute(
        "UPDATE agents SET portrait = $3, portrait_fallback = $4, version = version + 1,"
        " update_time = now() WHERE id = $1 AND owner = $2",
        agent,
        owner,
        portrait,
        fallback,
    )


async def agent_of(connection: "Connection", conversation: uuid.UUID) -> AgentRow:
    """The agent of a conversation, locked."""
    columns = ", ".join(f"a.{name}" for name in AgentRow.__dataclass_fields__)
    row = await connection.fetchrow(
        f"SELECT {columns} FROM agents AS a JOIN conversations AS c ON c.agent = a.id"
        " WHERE c.id = $1 FOR NO KEY UPDATE OF a",
        conversation,
    )
    return _row(row)


async def put_sheet(connection: "Connection", agent: uuid.UUID, persona: bytes, words: str) -> None:
    """Gives an agent another sheet."""
    await connection.execute(
        "UPDATE agents SET persona = $2, words = $3, version = version + 1, update_time = now()"
        " WHERE id = $1",
        agent,
        persona,
        words,
    )


def _row(record: Any) -> AgentRow:
    return AgentRow(**dict(record))
