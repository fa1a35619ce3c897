"""Talking with companions: messages that are accepted, and conversations that are deleted."""

import asyncio
import uuid
from contextlib import suppress

import structlog
from hatchery.gateway.v1.agent_service_pb2 import RegenerateAvatarRequest
from hatchery.gateway.v1.conversation_service_pb2 import SendMessageRequest

from services.gateway.accept import Acceptor
from services.gateway.control import Control
from services.gateway.creating import Creator
from services.gateway.names import (
    ConversationId,
    GenerationId,
    Owner,
    agent_id,
    agent_name,
    conversation_id,
    conversation_name,
    generation_name,
)
from services.gateway.recipes.reply.actions import ACTIONS
from services.gateway.recipes.reply.steps import SEND_MESSAGE
from services.gateway.store.agents import Agents
from services.gateway.store.conversations import Conversations, Turn
from services.gateway.store.forgetting import Forgetting
from services.gateway.store.rows import Row
from services.gateway.upstream.catalog import Catalog
from services.runtime.errors import InvalidField, ResourceNotFound, StoreUnavailable

log = structlog.get_logger()

# How long the end of what is under way takes to reach everybody, in seconds.
_HEARD = 1.5
# How often one looks whether what was under way has ended, and the pauses between, in seconds.
_LOOKS, _PAUSE = 200, 0.05
# The longest title that is made of a message, in characters.
_TITLE = 80
# How often what is left of deletions is looked for, in seconds.
_SWEEPS = 30.0


class Sender:
    """Accepts messages."""

    def __init__(
        self, conversations: Conversations, agents: Agents, *, catalog: Catalog, acceptor: Acceptor
    ) -> None:
        self._conversations = conversations
        self._agents = agents
        self._catalog = catalog
        self._acceptor = acceptor

    async def send(self, owner: Owner, request: SendMessageRequest) -> GenerationId:
        """The generation that answers a message. Raises what SendMessage documents."""
        rpc = "SendMessage"
        if earlier := await self._acceptor.earlier(owner, rpc, request):
            return earlier
        _check_actions(request)
        if request.conversation:
            conversation = conversation_id(request.conversation)
            agent = (await self._conversations.get(conversation, owner)).agent
        else:
            conversation, agent = ConversationId(uuid.uuid4()), agent_id(request.agent)
        await self._agents.live(agent, owner)
        await self._catalog.check_text(request.model, "model")
        begins = None if request.conversation else agent
        return await self._acceptor.accept(
            owner,
            rpc,
            SEND_MESSAGE,
            request,
            description=request.text,
            resource=conversation,
            turn=Turn(conversation, request.text, begins=begins, title=_title(request.text)),
        )


def _check_actions(request: SendMessageRequest) -> None:
    """Raises InvalidField for an action that there is not: it was meant to be another."""
    for place, action in enumerate(request.allowed_actions):
        if action not in ACTIONS:
            known = ", ".join(ACTIONS)
            raise InvalidField({f"allowed_actions[{place}]": f"must be one of {known}"})


def _title(text: str) -> str:
    """How a message begins, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= _TITLE else f"{line[: _TITLE - 1].rstrip()}…"


class Painter:
    """Begins the portraits that companions ask for."""

    def __init__(self, creator: Creator) -> None:
        self._creator = creator

    async def redraw(self, row: Row, agent: uuid.UUID, style: str) -> str:
        """The name of the portrait's generation: one for a generation `row` and all its retries."""
        request = RegenerateAvatarRequest(
            name=agent_name(agent),
            request_id=str(uuid.uuid5(row.origin or row.id, "portrait")),
        )
        request.portrait.style = style
        made = await self._creator.redraw(Owner(row.owner), request, caused_by=row.id)
        return generation_name(made)


class Forgetter:
    """Deletes conversations, with what came of them."""

    def __init__(self, forgetting: Forgetting, control: Control) -> None:
        self._forgetting = forgetting
        self._control = control

    async def delete(self, conversation: ConversationId, owner: Owner) -> None:
        """Deletes one for good. Raises ResourceNotFound.

        It is gone at once for everybody; what is under way is cancelled, and what does not end in
        time is deleted later, by any replica.
        """
        if not await self._forgetting.mark(conversation, owner):
            raise ResourceNotFound(conversation_name(conversation))
        await self._purge(conversation, owner)

    async def run(self) -> None:
        """Deletes for ever what is left of deletions that were not done to their end."""
        while True:
            try:
                await self._forgetting.trim_spending()
                for conversation, owner in await self._forgetting.marked():
                    await self._sweep(conversation, Owner(owner))
            except StoreUnavailable:
                pass
            except Exception:
                log.exception("what is left of deletions cannot be looked for")
            await asyncio.sleep(_SWEEPS)

    async def _sweep(self, conversation: uuid.UUID, owner: Owner) -> None:
        try:
            await self._purge(conversation, owner)
        except StoreUnavailable:
            # The others may be smaller than this one.
            log.warning("a conversation is not deleted yet", conversation=str(conversation))
        except Exception:
            log.exception("a conversation cannot be deleted", conversation=str(conversation))

    async def _purge(self, conversation: uuid.UUID, owner: Owner) -> None:
        if unfinished := await self._forgetting.unfinished(conversation):
            for generation in unfinished:
                with suppress(ResourceNotFound):  # another replica was faster
                    await self._control.cancel(generation, owner)
            # Whoever watches, on any replica, hears the end before it is gone.
            await asyncio.sleep(_HEARD)
        for _ in range(_LOOKS):
            if not await self._forgetting.unfinished(conversation):
                await self._forgetting.purge(conversation)
                return
            await asyncio.sleep(_PAUSE)
