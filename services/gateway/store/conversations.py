"""Conversations and their messages in Postgres."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.gateway.names import conversation_name
from services.gateway.store.database import Database
from services.runtime.errors import ResourceNotFound

if TYPE_CHECKING:
    from services.gateway.store.database import Connection

# How much of the latest message a list shows, in characters.
_LATEST = 200


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation as it is stored; `summarized` is the number of the latest message in it."""

    id: uuid.UUID
    owner: str
    agent: uuid.UUID
    title: str
    summary: str
    summarized: int
    messages: int
    latest: str
    version: int
    create_time: dt.datetime
    update_time: dt.datetime


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as it is stored; `reply` and `fallback` are serialised messages of a reply."""

    conversation: uuid.UUID
    number: int
    text: str
    generation: uuid.UUID
    reply: bytes | None
    fallback: bytes | None
    create_time: dt.datetime
    state: str


_COLUMNS = ", ".join(ConversationRow.__dataclass_fields__)
_MESSAGE = "m.conversation, m.number, m.text, m.generation, m.reply, m.fallback, m.create_time"
_MESSAGES = f"""
SELECT {_MESSAGE}, coalesce(g.state, 'COMPLETED') AS state
FROM messages AS m LEFT JOIN generations AS g ON g.id = m.generation
WHERE m.conversation = $1 AND m.number < $2 ORDER BY m.number DESC LIMIT $3
"""


class Conversations:
    """The tables of conversations and messages. What is deleted is not there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, conversation: uuid.UUID, owner: str) -> ConversationRow:
        """One conversation of an owner. Raises ResourceNotFound."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                f"SELECT {_COLUMNS} FROM conversations"
                " WHERE id = $1 AND owner = $2 AND delete_time IS NULL",
                conversation,
                owner,
            )
        return _found(row, conversation)

    async def page(
        self,
        owner: str,
        agent: uuid.UUID | None,
        before: tuple[dt.datetime, uuid.UUID] | None,
        limit: int,
    ) -> list[ConversationRow]:
        """Those of an owner, with one agent or all, the latest first, from a place on."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                f"SELECT {_COLUMNS} FROM conversations"
                " WHERE owner = $1 AND delete_time IS NULL AND ($2::uuid IS NULL OR agent = $2)"
                " AND ($3::timestamptz IS NULL OR (update_time, id) < ($3, $4::uuid))"
                " ORDER BY update_time DESC, id DESC LIMIT $5",
                owner,
                agent,
                before[0] if before else None,
                before[1] if before else None,
                limit,
            )
        return [ConversationRow(**dict(row)) for row in rows]

    async def messages(
        self, conversation: uuid.UUID, before: int, limit: int
    ) -> Sequence[MessageRow]:
        """Up to `limit` messages with a lower number, the latest first."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(_MESSAGES, conversation, before, limit)
        return [MessageRow(**dict(row)) for row in rows]

    async def elsewhere(
        self, agent: uuid.UUID, owner: str, but: uuid.UUID, limit: int
    ) -> list[tuple[int, str]]:
        """The latest messages of an agent's other conversations: their numbers, and what they say.

        A number tells who said it.
        """
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT m.number, m.text FROM messages AS m"
                " JOIN conversations AS c ON c.id = m.conversation"
                " WHERE c.agent = $1 AND c.owner = $2 AND c.id <> $3 AND c.delete_time IS NULL"
                " ORDER BY m.create_time DESC LIMIT $4",
                agent,
                owner,
                but,
                limit,
            )
        return [(row["number"], row["text"]) for row in rows]

    async def change(
        self,
        conversation: uuid.UUID,
        owner: str,
        version: int | None,
        title: str | None,
        summary: str | None,
    ) -> ConversationRow | None:
        """Changes the title, the summary or both of what has that version; None where it has not.

        Without a version it changes whatever there is.
        """
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                "UPDATE conversations SET title = coalesce($4, title),"
                " summary = coalesce($5, summary), version = version + 1"
                " WHERE id = $1 AND owner = $2 AND delete_time IS NULL"
                f" AND ($3::bigint IS NULL OR version = $3) RETURNING {_COLUMNS}",
                conversation,
                owner,
                version,
                title,
                summary,
            )
        return ConversationRow(**dict(row)) if row else None


@dataclass(frozen=True, slots=True)
class Turn:
    """A message to be answered: a new one, or that of a `number` again.

    `begins` is the agent that a new conversation is with, which is called `title`.
    """

    conversation: uuid.UUID
    text: str
    number: int = 0
    begins: uuid.UUID | None = None
    title: str = ""


async def put_turn(connection: "Connection", owner: str, generation: uuid.UUID, turn: Turn) -> None:
    """Keeps a message, and puts the generation that answers it in the line of its conversation.

    Raises ResourceNotFound where that was deleted meanwhile.
    """
    if turn.begins is not None:
        await connection.execute(
            "INSERT INTO conversations (id, owner, agent, title) VALUES ($1, $2, $3, $4)",
            turn.conversation,
            owner,
            turn.begins,
            turn.title,
        )
    again = turn.number > 0
    # A number is kept for the reply; the lock on the row gives turns an order.
    row = await connection.fetchrow(
        "UPDATE conversations SET turns = turns + 1,"
        " messages = CASE WHEN $3 THEN messages ELSE messages + messages % 2 + 1 END,"
        " latest = CASE WHEN $3 THEN latest ELSE $4 END, update_time = now()"
        " WHERE id = $1 AND owner = $2 AND delete_time IS NULL RETURNING turns, messages",
        turn.conversation,
        owner,
        again,
        turn.text[:_LATEST],
    )
    if row is None:
        raise ResourceNotFound(conversation_name(turn.conversation))
    number = turn.number or row["messages"]
    if again:
        await connection.execute(
            "UPDATE messages SET generation = $3 WHERE conversation = $1 AND number = $2",
            turn.conversation,
            number,
            generation,
        )
    else:
        await connection.execute(
            "INSERT INTO messages (conversation, number, text, generation) VALUES ($1, $2, $3, $4)",
            turn.conversation,
            number,
            turn.text,
            generation,
        )
    await connection.execute(
        "UPDATE generations SET conversation = $2, turn = $3, message = $4 WHERE id = $1",
        generation,
        turn.conversation,
        row["turns"],
        number,
    )


@dataclass(frozen=True, slots=True)
class NewReply:
    """A reply to be kept, in the place of what an earlier try has said."""

    conversation: uuid.UUID
    number: int
    text: str
    generation: uuid.UUID
    reply: bytes
    fallback: bytes | None


async def put_reply(connection: "Connection", new: NewReply) -> None:
    """Keeps a reply."""
    await connection.execute(
        "INSERT INTO messages (conversation, number, text, generation, reply, fallback)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (conversation, number) DO UPDATE SET"
        " text = excluded.text, generation = excluded.generation, reply = excluded.reply,"
        " fallback = excluded.fallback, create_time = now()",
        new.conversation,
        new.number,
        new.text,
        new.generation,
        new.reply,
        new.fallback,
    )
    await connection.execute(
        "UPDATE conversations SET messages = greatest(messages, $2), update_time = now(),"
        " latest = CASE WHEN $2 >= messages THEN $3 ELSE latest END WHERE id = $1",
        new.conversation,
        new.number,
        new.text[:_LATEST],
    )


async def put_summary(
    connection: "Connection", conversation: uuid.UUID, read: str, summary: str, upto: int
) -> None:
    """Keeps a summary of the messages up to a number, unless a person corrected it meanwhile.

    `read` is the one that it goes on with.
    """
    await connection.execute(
        "UPDATE conversations SET summary = $3, summarized = $4, version = version + 1"
        " WHERE id = $1 AND summary = $2 AND summarized < $4",
        conversation,
        read,
        summary,
        upto,
    )


def _found(row: Any, conversation: uuid.UUID) -> ConversationRow:
    if row is None:
        raise ResourceNotFound(conversation_name(conversation))
    return ConversationRow(**dict(row))
