"""Messages that cannot be sent, and conversations that are not there or have changed."""

import uuid
from typing import Any

from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import conversation_service_pb2 as pb

from tests.contract.gateway.provocations.registry import long_after, provokes, when_full
from tests.contract.gateway.requests import VALID, refusal_of
from tests.support.calls import Refusal
from tests.support.gateway import Client
from tests.support.thinking import companion, conversation_of

SEND, UPDATE = "ConversationService.SendMessage", "ConversationService.UpdateConversation"


async def _imported(client: Client) -> str:
    """A companion that needed no engine; its name."""
    card = agents.ImportAgentRequest(data=b'{"name": "a dragon", "description": ""}')
    imported = await client.agents.ImportAgent(iter([card]), metadata=client.metadata)
    return str(imported.name)


async def _message(client: Client, **fields: Any) -> pb.SendMessageRequest:
    return pb.SendMessageRequest(agent=await _imported(client), text="Hello!", **fields)


for _rpc in (
    SEND,
    UPDATE,
    "ConversationService.GetConversation",
    "ConversationService.DeleteConversation",
    "ConversationService.ListMessages",
    "ConversationService.DeleteMemory",
):

    @provokes(_rpc, "RESOURCE_NOT_FOUND")
    async def _missing(owner: Client, rpc: str = _rpc) -> Refusal:
        return await refusal_of(owner, rpc, VALID[rpc])


@provokes(SEND, "UNKNOWN_MODEL")
async def _unknown_model(owner: Client) -> Refusal:
    refused = await refusal_of(owner, SEND, await _message(owner, model="llama"))
    assert ["model"] == refused.fields
    return refused


@provokes(SEND, "ENGINE_UNAVAILABLE")
async def _without_engines(deserted: Client) -> Refusal:
    return await refusal_of(deserted, SEND, await _message(deserted, model="script"))


@provokes(SEND, "REQUEST_ID_REUSED")
async def _sent_twice(owner: Client) -> Refusal:
    request = await _message(owner, request_id=str(uuid.uuid4()))
    first = [e async for e in owner.conversations.SendMessage(request, metadata=owner.metadata)]
    request.text = "Good bye!"
    refused = await refusal_of(owner, SEND, request)
    assert first[0].generation == refused.info.metadata["generation"]
    return refused


@provokes(SEND, "QUEUE_FULL")
async def _when_full(owner: Client) -> Refusal:
    return await when_full(owner, SEND, await _message(owner))


@provokes(SEND, "BUDGET_EXCEEDED")
async def _too_dear(thrifty: Client) -> Refusal:
    request = await _message(thrifty)
    refused = await refusal_of(thrifty, SEND, request)
    listed = await thrifty.conversations.ListConversations(
        pb.ListConversationsRequest(agent=request.agent)
    )
    assert not listed.conversations, "nothing is half done"
    return refused


@provokes(SEND, "CURSOR_TRIMMED")
async def _what_is_gone(forgetful: Client) -> Refusal:
    return await long_after(
        forgetful, SEND, await _message(forgetful, request_id=str(uuid.uuid4()))
    )


@provokes(UPDATE, "ETAG_MISMATCH")
async def _changed_meanwhile(owner: Client) -> Refusal:
    conversation = conversation_of(await owner.say(agent=await companion(owner)))
    request = pb.UpdateConversationRequest(name=conversation, title="Tides", etag="none")
    return await refusal_of(owner, UPDATE, request)
