"""All that an owner has: as it stands in the store, and as the RPCs tell it."""

import asyncio
from typing import Any

import asyncpg
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import asset_service_pb2 as assets
from hatchery.gateway.v1 import conversation_service_pb2 as talks
from hatchery.gateway.v1 import generation_service_pb2 as generations

from tests.support.gateway import Client

_TABLES = """
SELECT table_name, array_agg(column_name::text) AS columns FROM information_schema.columns
WHERE table_schema = 'public' GROUP BY table_name ORDER BY table_name
"""
# How soon somebody's own client was handed their events: counted by the hour, and stored later.
_COUNTED = "deliveries"
# How the rows of a table are known to be an owner's, by its columns, the first that it has.
_OWNED = {
    "owner": "t.owner = $1",
    "generation": "t.generation IN (SELECT id FROM generations WHERE owner = $1)",
    "conversation": "t.conversation IN (SELECT id FROM conversations WHERE owner = $1)",
}
# Whatever belongs to one owner and points to what is another's.
_CROSSED = """
SELECT 'conversation', c.id FROM conversations c JOIN agents a ON a.id = c.agent
  WHERE a.owner <> c.owner
UNION ALL SELECT 'memory', m.id FROM memories m JOIN agents a ON a.id = m.agent
  WHERE a.owner <> m.owner
UNION ALL SELECT 'memory', m.id FROM memories m JOIN conversations c ON c.id = m.conversation
  WHERE c.owner <> m.owner OR c.agent <> m.agent
UNION ALL SELECT 'message', g.id FROM messages m JOIN conversations c ON c.id = m.conversation
  JOIN generations g ON g.id = m.generation WHERE c.owner <> g.owner
UNION ALL SELECT 'answer', g.id FROM generations g JOIN conversations c ON c.id = g.conversation
  WHERE c.owner <> g.owner
UNION ALL SELECT 'portrait', g.id FROM generations g JOIN agents a ON a.id = g.resource
  WHERE a.owner <> g.owner
UNION ALL SELECT 'cause', g.id FROM generations g JOIN generations h ON h.id = g.caused_by
  WHERE h.owner <> g.owner
"""


async def of_an_owner(database: asyncpg.Connection) -> str:
    """The statement that finds every row of an owner, in whatever tables there are."""
    owned = [
        (table, next((sql for column, sql in _OWNED.items() if column in columns), None))
        for table, columns in await database.fetch(_TABLES)
    ]
    each = (
        f"SELECT '{table}' AS name, t::text AS row FROM {table} AS t WHERE {how}"
        for table, how in owned
        if how is not None and table != _COUNTED
    )
    return f"{' UNION ALL '.join(each)} ORDER BY name, row"


async def stored(database: asyncpg.Connection, statement: str, owner: str) -> list[tuple[str, str]]:
    """Every row of an owner, byte for byte: its table, and all that stands in it."""
    rows = await database.fetch(statement, owner)
    return [(row["name"], row["row"]) for row in rows]


async def crossed(database: asyncpg.Connection) -> list[tuple[str, str]]:
    """What points from one owner to another: what and which."""
    return [(what, str(which)) for what, which in await database.fetch(_CROSSED)]


async def readable(client: Client, query: str) -> dict[str, bytes]:
    """What an owner can read, by what was asked: all lists, also of a query, and messages."""
    by: Any = {"metadata": client.metadata}
    own, talked, runs, kept, found_by = await asyncio.gather(
        client.agents.ListAgents(agents.ListAgentsRequest(show_deleted=True), **by),
        client.conversations.ListConversations(talks.ListConversationsRequest(), **by),
        client.generations.ListGenerations(generations.ListGenerationsRequest(), **by),
        client.conversations.ListMemories(talks.ListMemoriesRequest(), **by),
        client.conversations.ListMemories(talks.ListMemoriesRequest(query=query), **by),
    )
    found = {"agents": own, "conversations": talked, "generations": runs, "memories": kept}
    found["memories by a query"] = found_by
    for talk in talked.conversations:
        said = talks.ListMessagesRequest(conversation=talk.name)
        found[talk.name] = await client.conversations.ListMessages(said, **by)
    return {name: answer.SerializeToString(deterministic=True) for name, answer in found.items()}


async def files(client: Client) -> dict[str, bytes]:
    """The cards and the portraits of an owner's companions, as they are sent."""
    by: Any = {"metadata": client.metadata}
    told = {}
    listed = await client.agents.ListAgents(agents.ListAgentsRequest(), **by)
    for agent in listed.agents:
        out = agents.ExportAgentRequest(name=agent.name, format="FORMAT_JSON")
        card = client.agents.ExportAgent(out, **by)
        told[agent.name] = b"".join([chunk.data async for chunk in card])
        picture = assets.DownloadAssetRequest(name=agent.portrait.asset)
        asset = client.assets.DownloadAsset(picture, **by)
        told[agent.portrait.asset] = b"".join([chunk.data async for chunk in asset])
    return told
