"""The conversation that a generation answers in, from the store."""

import uuid
from collections.abc import Awaitable, Callable, Sequence

from hatchery.types.v1.persona_pb2 import Persona

from services.gateway.recipes.talk import Exchange, Remembered, Said
from services.gateway.runner.pictures import patiently
from services.gateway.store.agents import Agents
from services.gateway.store.conversations import Conversations
from services.gateway.store.memories import Memories
from services.gateway.store.rows import Row

# How many messages are read at most, of this conversation and of others, and how many memories.
_MESSAGES, _ELSEWHERE, _MEMORIES = 200, 300, 500

# Begins a new portrait of an agent, for an owner, on behalf of a generation; returns its name.
Redraw = Callable[[Row, uuid.UUID, str], Awaitable[str]]


class StoredTalk:
    """One message and what belongs to it. A store that cannot be reached is waited for."""

    def __init__(
        self,
        conversations: Conversations,
        memories: Memories,
        agents: Agents,
        redraw: Redraw,
        row: Row,
    ) -> None:
        assert row.conversation is not None
        self.conversation = row.conversation
        self.number = row.message
        self._conversations = conversations
        self._memories = memories
        self._agents = agents
        self._redraw = redraw
        self._row = row
        self._agent: uuid.UUID | None = None

    async def exchange(self) -> Exchange:
        """The conversation as it stands, up to the message that is answered."""
        owner = self._row.owner
        conversation = await patiently(lambda: self._conversations.get(self.conversation, owner))
        agent = await patiently(lambda: self._agents.live(conversation.agent, owner))
        rows = await patiently(
            lambda: self._conversations.messages(self.conversation, self.number, _MESSAGES)
        )
        self._agent = agent.id
        # A message that is answered anew long after is older than what the summary tells.
        later = conversation.summarized >= self.number
        summarized = 0 if later else conversation.summarized
        return Exchange(
            agent.id,
            Persona.FromString(agent.persona),
            "" if later else conversation.summary,
            summarized,
            [
                Said(row.number, row.number % 2 == 1, row.text)
                for row in reversed(rows)
                if row.number > summarized
            ],
        )

    async def memories(self) -> Sequence[Remembered]:
        """What the companion remembers, the latest first."""
        agent = await self._of()
        rows = await patiently(lambda: self._memories.page(self._row.owner, agent, None, _MEMORIES))
        return [Remembered(row.id, row.text) for row in rows]

    async def elsewhere(self) -> Sequence[Said]:
        """The latest messages of its other conversations with the same person."""
        agent = await self._of()
        rows = await patiently(
            lambda: self._conversations.elsewhere(
                agent, self._row.owner, self.conversation, _ELSEWHERE
            )
        )
        return [Said(number, number % 2 == 1, text) for number, text in rows]

    async def redraw(self, style: str) -> str:
        """Begins a new portrait; the name of its generation."""
        agent = await self._of()
        return await patiently(lambda: self._redraw(self._row, agent, style))

    async def _of(self) -> uuid.UUID:
        if self._agent is None:
            await self.exchange()
        assert self._agent is not None
        return self._agent
