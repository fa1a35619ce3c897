"""Agents that come from cards, and the cards that they came with."""

import uuid
from dataclasses import dataclass

from services.gateway.store.agents import put_asset
from services.gateway.store.database import Database


@dataclass(frozen=True, slots=True)
class NewImport:
    """What is stored of a card; its persona, portrait and fallback are serialised messages."""

    id: uuid.UUID
    owner: str
    request_id: uuid.UUID
    digest: bytes
    card: bytes
    description: str
    persona: bytes
    words: str
    portrait: bytes
    portrait_fallback: bytes | None
    picture: bytes
    picture_digest: bytes
    picture_type: str


class Imports:
    """The tables of imports, and of agents as far as cards go."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, new: NewImport) -> tuple[uuid.UUID, bytes]:
        """Keeps the agent; where the request id was used before, nothing changes.

        Returns the agent that this request id made, and the digest of its card.
        """
        async with self._database.transaction() as connection:
            first = await connection.fetchrow(
                "INSERT INTO imports (owner, request_id, digest, agent) VALUES ($1, $2, $3, $4)"
                " ON CONFLICT (owner, request_id) DO NOTHING RETURNING agent",
                new.owner,
                new.request_id,
                new.digest,
                new.id,
            )
            if first is None:
                earlier = await connection.fetchrow(
                    "SELECT agent, digest FROM imports WHERE owner = $1 AND request_id = $2",
                    new.owner,
                    new.request_id,
                )
                assert earlier is not None
                return earlier["agent"], earlier["digest"]
            await put_asset(
                connection, new.owner, new.picture_digest, new.picture_type, new.picture
            )
            await connection.execute(
                "INSERT INTO agents (id, owner, description, persona, words, portrait,"
                " portrait_fallback, card) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                new.id,
                new.owner,
                new.description,
                new.persona,
                new.words,
                new.portrait,
                new.portrait_fallback,
                new.card,
            )
            return new.id, new.digest

    async def card(self, agent: uuid.UUID, owner: str) -> bytes | None:
        """The card that an agent came with, as JSON; None where it came with none."""
        async with self._database.connection() as connection:
            card: bytes | None = await connection.fetchval(
                "SELECT card FROM agents WHERE id = $1 AND owner = $2", agent, owner
            )
        return card
