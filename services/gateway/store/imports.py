"""Agents that come from cards, and the cards that they came with."""

import uuid
from dataclasses import dataclass

from services.gateway.store.agents import Asset, put_asset
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
    picture: Asset
    picture_digest: bytes


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
            picture = new.picture
            await put_asset(
                connection, new.owner, new.picture_digest, picture.media_type, picture.data
            )
            await connection.execute(
                "INSERT INTO agents (id, owner, description, persona, words, portrait,"
                " portrait_fallback, card, card_persona)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $4)",
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

    async def card(self, agent: uuid.UUID, owner: str) -> tuple[bytes, bytes] | None:
        """The card that an agent came with, as JSON, and the persona that it told of then."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                "SELECT card, card_persona FROM agents"
                " WHERE id = $1 AND owner = $2 AND card IS NOT NULL",
                agent,
                owner,
            )
        return (row["card"], row["card_persona"]) if row else None
