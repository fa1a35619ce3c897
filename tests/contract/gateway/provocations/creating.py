"""Companions that cannot be made, or not again."""

import uuid

from hatchery.gateway.v1 import agent_service_pb2 as agents

from tests.contract.gateway.provocations.registry import long_after, provokes, when_full
from tests.contract.gateway.requests import AGENT, refusal_of
from tests.support.calls import Refusal
from tests.support.gateway import Client


@provokes("AgentService.CreateAgent", "UNKNOWN_MODEL")
async def _unknown_text_model(owner: Client) -> Refusal:
    request = agents.CreateAgentRequest(description="x", llm_model="llama\0 \u2028 9")
    refused = await refusal_of(owner, "AgentService.CreateAgent", request)
    assert ["llm_model"] == refused.fields
    assert request.llm_model == refused.info.metadata["model"]
    portrait = agents.PortraitOptions(model="龍" * 400)
    request = agents.CreateAgentRequest(description="x", portrait=portrait)
    refused = await refusal_of(owner, "AgentService.CreateAgent", request)
    assert ["portrait.model"] == refused.fields
    return refused


@provokes("AgentService.RegenerateAvatar", "UNKNOWN_MODEL")
async def _unknown_image_model(owner: Client) -> Refusal:
    name = (await owner.hatch())[-1].completed.resource
    request = agents.RegenerateAvatarRequest(
        name=name, portrait=agents.PortraitOptions(model="flux")
    )
    return await refusal_of(owner, "AgentService.RegenerateAvatar", request)


@provokes("AgentService.CreateAgent", "ENGINE_UNAVAILABLE")
async def _create_without_engines(deserted: Client) -> Refusal:
    request = agents.CreateAgentRequest(description="x", llm_model="script")
    return await refusal_of(deserted, "AgentService.CreateAgent", request)


@provokes("AgentService.RegenerateAvatar", "ENGINE_UNAVAILABLE")
async def _regenerate_without_engines(deserted: Client) -> Refusal:
    options = agents.PortraitOptions(model="script")
    request = agents.RegenerateAvatarRequest(name=AGENT, portrait=options)
    return await refusal_of(deserted, "AgentService.RegenerateAvatar", request)


@provokes("AgentService.CreateAgent", "REQUEST_ID_REUSED")
async def _create_twice(owner: Client) -> Refusal:
    request_id = str(uuid.uuid4())
    first = await owner.hatch("a shy dragon", request_id=request_id)
    request = agents.CreateAgentRequest(description="a bold dragon", request_id=request_id)
    refused = await refusal_of(owner, "AgentService.CreateAgent", request)
    assert first[0].generation == refused.info.metadata["generation"]
    return refused


@provokes("AgentService.RegenerateAvatar", "REQUEST_ID_REUSED")
async def _regenerate_twice(owner: Client) -> Refusal:
    name, request_id = (await owner.hatch())[-1].completed.resource, str(uuid.uuid4())
    request = agents.RegenerateAvatarRequest(name=name, request_id=request_id)
    async for _event in owner.agents.RegenerateAvatar(request, metadata=owner.metadata):
        pass
    request.seed = 7
    return await refusal_of(owner, "AgentService.RegenerateAvatar", request)


@provokes("AgentService.CreateAgent", "CURSOR_TRIMMED")
async def _create_what_is_gone(forgetful: Client) -> Refusal:
    request = agents.CreateAgentRequest(description="x", request_id=str(uuid.uuid4()))
    return await long_after(forgetful, "AgentService.CreateAgent", request)


@provokes("AgentService.RegenerateAvatar", "CURSOR_TRIMMED")
async def _draw_what_is_gone(forgetful: Client) -> Refusal:
    name = (await forgetful.hatch())[-1].completed.resource
    request = agents.RegenerateAvatarRequest(name=name, request_id=str(uuid.uuid4()))
    return await long_after(forgetful, "AgentService.RegenerateAvatar", request)


@provokes("AgentService.CreateAgent", "QUEUE_FULL")
async def _create_when_full(owner: Client) -> Refusal:
    request = agents.CreateAgentRequest(description="x")
    return await when_full(owner, "AgentService.CreateAgent", request)


@provokes("AgentService.RegenerateAvatar", "QUEUE_FULL")
async def _regenerate_when_full(owner: Client) -> Refusal:
    name = (await owner.hatch())[-1].completed.resource
    request = agents.RegenerateAvatarRequest(name=name)
    return await when_full(owner, "AgentService.RegenerateAvatar", request)
