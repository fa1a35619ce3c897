"""Companions that cannot be changed, deleted or brought back."""

import uuid

from hatchery.gateway.v1 import agent_service_pb2 as agents

from tests.contract.gateway.provocations.registry import provokes
from tests.contract.gateway.requests import refusal_of
from tests.support.calls import Refusal
from tests.support.gateway import Client


@provokes("AgentService.UpdateAgent", "ETAG_MISMATCH")
async def _update_stale(owner: Client) -> Refusal:
    name = (await owner.hatch())[-1].completed.resource
    request = agents.UpdateAgentRequest(agent=agents.Agent(name=name, etag="0"))
    return await refusal_of(owner, "AgentService.UpdateAgent", request)


@provokes("AgentService.DeleteAgent", "ETAG_MISMATCH")
async def _delete_stale(owner: Client) -> Refusal:
    name = (await owner.hatch())[-1].completed.resource
    request = agents.DeleteAgentRequest(name=name, etag="0")
    return await refusal_of(owner, "AgentService.DeleteAgent", request)


@provokes("AgentService.UndeleteAgent", "NOT_DELETED")
async def _undelete_what_lives(owner: Client) -> Refusal:
    name = (await owner.hatch())[-1].completed.resource
    request = agents.UndeleteAgentRequest(name=name)
    return await refusal_of(owner, "AgentService.UndeleteAgent", request)


@provokes("AgentService.ImportAgent", "REQUEST_ID_REUSED")
async def _import_another(owner: Client) -> Refusal:
    rpc, request_id = "AgentService.ImportAgent", str(uuid.uuid4())
    card = agents.ImportAgentRequest(
        data=b'{"name": "a dragon", "description": ""}', request_id=request_id
    )
    first = await owner.agents.ImportAgent(iter([card]), metadata=owner.metadata)
    assert first == await owner.agents.ImportAgent(iter([card]), metadata=owner.metadata)
    card.data = b'{"name": "a fox", "description": ""}'
    refused = await refusal_of(owner, rpc, card)
    assert first.name == refused.info.metadata["agent"]
    return refused
