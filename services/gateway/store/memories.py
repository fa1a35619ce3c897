"""What companions remember, in Postgres."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.gateway.store.database import Database

if TYPE_CHECKING:
    from services.gateway.store.database import Connection


@dataclass(frozen=True, slots=True)
class MemoryRow:
    """A memory as it is stored; `message` is the number of the one that it was taken from."""

    id: uuid.UUID
    owner: str
    agent: uuid.UUID
    text: str
    conversation: uuid.UUID
    message: int
    create_time: dt.datetime


_COLUMNS = ", ".join(f"m.{name}" for name in MemoryRow.__dataclass_fields__)
# What came of a conversation that is deleted is not there.
_THERE = "m.conversation IN (SELECT id FROM conversations WHERE delete_time IS NULL)"


class Memories:
    """The table of memories: a row for each conversation that says one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self,
        owner: str,
        agent: uuid.UUID | None,
        before: tuple[dt.datetime, uuid.UUID] | None,
        limit: int,
    ) -> list[MemoryRow]:
        """The latest of an owner, of one agent or all, from a place on."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT * FROM ("
                f"SELECT DISTINCT ON (m.id) {_COLUMNS} FROM memories AS m WHERE m.owner = $1"
                f" AND ($2::uuid IS NULL OR m.agent = $2) AND {_THERE}"
                " ORDER BY m.id, m.create_time) AS m"
                " WHERE $3::timestamptz IS NULL OR (m.create_time, m.id) < ($3, $4::uuid)"
                " ORDER BY m.create_time DESC, m.id DESC LIMIT $5",
                owner,
                agent,
                before[0] if before else None,
                before[1] if before else None,
                limit,
            )
        return [MemoryRow(**dict(row)) for row in rows]

    async def delete(self, memory: uuid.UUID, owner: str) -> bool:
        """Deletes one for good; False where there is none."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                f"DELETE FROM memories AS m WHERE id = $1 AND owner = $2 AND {_THERE}"
                " RETURNING true",
                memory,
                owner,
            )
        return bool(rows)


async def put_memory(
    connection: "Connection", id_: uuid.UUID, conversation: uuid.UUID, message: int, text: str
) -> None:
    """Has the companion of a conversation remember something: once for each that says it."""
    await connection.execute(
        "INSERT INTO memories (id, owner, agent, text, conversation, message)"
        " SELECT $1, owner, agent, $4, id, $3 FROM conversations WHERE id = $2"
        " ON CONFLICT (id, conversation) DO UPDATE SET message = excluded.message",
        id_,
        conversation,
        message,
        text,
    )


async def drop_memories(
    connection: "Connection", conversation: uuid.UUID, message: int, kept: Sequence[uuid.UUID]
) -> None:
    """Forgets what was taken from a message, but for those that are kept."""
    await connection.execute(
        "DELETE FROM memories WHERE conversation = $1 AND message = $2 AND NOT id = ANY($3)",
        conversation,
        message,
        list(kept),
    )
