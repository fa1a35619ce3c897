"""Texts that cannot be written, alone or side by side."""

import uuid

from hatchery.gateway.v1 import artifact_service_pb2 as pb

from tests.contract.gateway.conftest import OWNER_UNFINISHED
from tests.contract.gateway.provocations.registry import long_after, provokes, when_full
from tests.contract.gateway.requests import POEM, refusal_of
from tests.support.calls import Refusal
from tests.support.gateway import Client

WRITE, COMPARE = "ArtifactService.CreateArtifact", "ArtifactService.CreateComparison"


def _comparison(
    *models: str, prompt: str = "x", request_id: str = ""
) -> pb.CreateComparisonRequest:
    artifact = pb.CreateArtifactRequest(prompt=prompt)
    return pb.CreateComparisonRequest(artifact=artifact, models=models, request_id=request_id)


@provokes(WRITE, "UNKNOWN_MODEL")
async def _unknown_model(owner: Client) -> Refusal:
    request = pb.CreateArtifactRequest(prompt="x", model="llama")
    refused = await refusal_of(owner, WRITE, request)
    assert ["model"] == refused.fields
    return refused


@provokes(COMPARE, "UNKNOWN_MODEL")
async def _compare_with_an_unknown_model(owner: Client) -> Refusal:
    refused = await refusal_of(owner, COMPARE, _comparison("", "script", "llama"))
    assert ["models[2]"] == refused.fields
    return refused


@provokes(WRITE, "ENGINE_UNAVAILABLE")
async def _write_without_engines(deserted: Client) -> Refusal:
    request = pb.CreateArtifactRequest(prompt="x", model="script")
    return await refusal_of(deserted, WRITE, request)


@provokes(COMPARE, "ENGINE_UNAVAILABLE")
async def _compare_without_engines(deserted: Client) -> Refusal:
    return await refusal_of(deserted, COMPARE, _comparison("", "script"))


@provokes(WRITE, "REQUEST_ID_REUSED")
async def _write_twice(owner: Client) -> Refusal:
    request_id = str(uuid.uuid4())
    first = await owner.write("a poem", request_id=request_id)
    request = pb.CreateArtifactRequest(prompt="another poem", request_id=request_id)
    refused = await refusal_of(owner, WRITE, request)
    assert first[0].generation == refused.info.metadata["generation"]
    return refused


@provokes(COMPARE, "REQUEST_ID_REUSED")
async def _compare_twice(owner: Client) -> Refusal:
    request = _comparison("", "script", request_id=str(uuid.uuid4()))
    async for _event in owner.artifacts.CreateComparison(request, metadata=owner.metadata):
        pass
    request.models.append("")
    return await refusal_of(owner, COMPARE, request)


@provokes(WRITE, "CURSOR_TRIMMED")
async def _write_what_is_gone(forgetful: Client) -> Refusal:
    request = pb.CreateArtifactRequest(prompt="x", request_id=str(uuid.uuid4()))
    return await long_after(forgetful, WRITE, request)


@provokes(COMPARE, "CURSOR_TRIMMED")
async def _compare_what_is_gone(forgetful: Client) -> Refusal:
    return await long_after(forgetful, COMPARE, _comparison("", "", request_id=str(uuid.uuid4())))


@provokes(WRITE, "QUEUE_FULL")
async def _write_when_full(owner: Client) -> Refusal:
    return await when_full(owner, WRITE, POEM)


@provokes(COMPARE, "QUEUE_FULL")
async def _compare_when_nearly_full(owner: Client) -> Refusal:
    names = [await owner.start("hold on: nearly full") for _ in range(OWNER_UNFINISHED - 1)]
    refused = await refusal_of(owner, COMPARE, _comparison("", ""))
    for name in names:
        await owner.cancel(name)
    return refused
