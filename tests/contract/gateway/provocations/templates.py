"""Templates that are somebody's already, cannot be changed, or are not there; and early ratings."""

from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.gateway.v1 import template_service_pb2 as pb

from tests.contract.gateway.provocations.registry import provokes
from tests.contract.gateway.requests import TEMPLATE, refusal_of
from tests.support.calls import Refusal
from tests.support.gateway import Client
from tests.support.scripted import HOLD

_FOX = pb.Template(title="Mine", description="a fox")


async def _mine(owner: Client) -> pb.Template:
    request = pb.CreateTemplateRequest(template_id="mine", template=_FOX)
    mine: pb.Template = await owner.templates.CreateTemplate(request, metadata=owner.metadata)
    return mine


@provokes("AgentService.CreateAgent", "RESOURCE_NOT_FOUND")
async def _begin_with_none(owner: Client) -> Refusal:
    await _mine(owner)
    for name in ("templates/mine@2", "templates/knight@9"):
        request = agents.CreateAgentRequest(template=name)
        refused = await refusal_of(owner, "AgentService.CreateAgent", request)
        assert name == refused.info.metadata["resource"]
    request = agents.CreateAgentRequest(template=TEMPLATE)
    return await refusal_of(owner, "AgentService.CreateAgent", request)


@provokes("TemplateService.CreateTemplate", "TEMPLATE_EXISTS")
async def _create_another(owner: Client) -> Refusal:
    mine = await _mine(owner)
    assert mine == await _mine(owner)
    request = pb.CreateTemplateRequest(template_id="knight", template=_FOX)
    await refusal_of(owner, "TemplateService.CreateTemplate", request)
    request = pb.CreateTemplateRequest(
        template_id="mine", template=pb.Template(title="Mine", description="a wolf")
    )
    return await refusal_of(owner, "TemplateService.CreateTemplate", request)


@provokes("TemplateService.UpdateTemplate", "ETAG_MISMATCH")
async def _update_stale(owner: Client) -> Refusal:
    name = (await _mine(owner)).name
    request = pb.UpdateTemplateRequest(template=pb.Template(name=name, title="x", etag="0"))
    return await refusal_of(owner, "TemplateService.UpdateTemplate", request)


@provokes("TemplateService.DeleteTemplate", "ETAG_MISMATCH")
async def _delete_stale(owner: Client) -> Refusal:
    request = pb.DeleteTemplateRequest(name=(await _mine(owner)).name, etag="0")
    return await refusal_of(owner, "TemplateService.DeleteTemplate", request)


@provokes("TemplateService.UpdateTemplate", "TEMPLATE_SHIPPED")
async def _update_shipped(owner: Client) -> Refusal:
    request = pb.UpdateTemplateRequest(template=pb.Template(name="templates/knight", title="x"))
    return await refusal_of(owner, "TemplateService.UpdateTemplate", request)


@provokes("TemplateService.DeleteTemplate", "TEMPLATE_SHIPPED")
async def _delete_shipped(owner: Client) -> Refusal:
    request = pb.DeleteTemplateRequest(name="templates/knight")
    return await refusal_of(owner, "TemplateService.DeleteTemplate", request)


@provokes("GenerationService.RateGeneration", "NOT_ENDED")
async def _rate_too_early(owner: Client) -> Refusal:
    name = await owner.start(f"{HOLD}a dragon")
    rpc = "GenerationService.RateGeneration"
    of_step = generations.RateGenerationRequest(name=name, step="persona", stars=3)
    assert ["step"] == (await refusal_of(owner, rpc, of_step)).fields
    refused = await refusal_of(owner, rpc, generations.RateGenerationRequest(name=name, stars=3))
    await owner.cancel(name)
    return refused
