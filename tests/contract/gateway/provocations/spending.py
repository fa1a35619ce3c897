"""What costs more than there is left: refused before anything is stored."""

from typing import Any

from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import artifact_service_pb2 as artifacts
from hatchery.gateway.v1 import generation_service_pb2 as generations

from tests.contract.gateway.provocations.registry import provokes
from tests.contract.gateway.requests import POEM, refusal_of
from tests.support.calls import Refusal
from tests.support.gateway import Client


async def _refused(thrifty: Client, rpc: str, request: Any) -> Refusal:
    before = await thrifty.generations.ListGenerations(generations.ListGenerationsRequest())
    refused = await refusal_of(thrifty, rpc, request)
    assert "bricks" == refused.info.metadata["unit"]
    after = await thrifty.generations.ListGenerations(generations.ListGenerationsRequest())
    assert before == after
    return refused


@provokes("AgentService.CreateAgent", "BUDGET_EXCEEDED")
async def _hatch(thrifty: Client) -> Refusal:
    request = agents.CreateAgentRequest(description="a dragon")
    return await _refused(thrifty, "AgentService.CreateAgent", request)


@provokes("ArtifactService.CreateArtifact", "BUDGET_EXCEEDED")
async def _write(thrifty: Client) -> Refusal:
    return await _refused(thrifty, "ArtifactService.CreateArtifact", POEM)


@provokes("ArtifactService.CreateComparison", "BUDGET_EXCEEDED")
async def _compare(thrifty: Client) -> Refusal:
    # Each of them alone would do.
    artifact = artifacts.CreateArtifactRequest(prompt="x", max_tokens=200)
    request = artifacts.CreateComparisonRequest(artifact=artifact, models=["", ""])
    return await _refused(thrifty, "ArtifactService.CreateComparison", request)


@provokes("AgentService.RegenerateAvatar", "BUDGET_EXCEEDED")
async def _redraw(thrifty: Client) -> Refusal:
    card = agents.ImportAgentRequest(data=b'{"name": "a dragon", "description": ""}')
    imported = await thrifty.agents.ImportAgent(iter([card]))
    request = agents.RegenerateAvatarRequest(name=imported.name)
    return await _refused(thrifty, "AgentService.RegenerateAvatar", request)


@provokes("GenerationService.RetryGeneration", "BUDGET_EXCEEDED")
async def _retry(thrifty: Client) -> Refusal:
    # Each costs thirteen tokens in the end, of which the second leaves too few for all of it again.
    await thrifty.write("x", max_tokens=300)
    name = (await thrifty.write("x", max_tokens=326))[0].generation
    request = generations.RetryGenerationRequest(name=name, from_step="write")
    return await _refused(thrifty, "GenerationService.RetryGeneration", request)
