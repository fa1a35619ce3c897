"""Generations that cannot be tried again."""

import uuid

from hatchery.gateway.v1 import generation_service_pb2 as generations

from tests.contract.gateway.provocations.registry import long_after, provokes, when_full
from tests.contract.gateway.requests import refusal_of
from tests.support.calls import Refusal
from tests.support.gateway import Client
from tests.support.scripted import HOLD

RETRY = "GenerationService.RetryGeneration"


@provokes(RETRY, "CURSOR_TRIMMED")
async def _retry_what_is_gone(forgetful: Client) -> Refusal:
    name = (await forgetful.hatch())[0].generation
    request = generations.RetryGenerationRequest(
        name=name, from_step="avatar", request_id=str(uuid.uuid4())
    )
    return await long_after(forgetful, RETRY, request)


@provokes(RETRY, "NOT_ENDED")
async def _retry_what_runs(owner: Client) -> Refusal:
    name = await owner.start(f"{HOLD}retry")
    refused = await refusal_of(owner, RETRY, generations.RetryGenerationRequest(name=name))
    await owner.cancel(name)
    return refused


@provokes(RETRY, "NOTHING_TO_RETRY")
async def _retry_what_went_well(owner: Client) -> Refusal:
    name = (await owner.hatch())[0].generation
    return await refusal_of(owner, RETRY, generations.RetryGenerationRequest(name=name))


@provokes(RETRY, "RETRY_UNDER_WAY")
async def _retry_what_is_retried(owner: Client) -> Refusal:
    name = await owner.start(f"{HOLD}retry")
    await owner.cancel(name)
    await owner.watch(name)
    request = generations.RetryGenerationRequest(name=name)
    call = owner.generations.RetryGeneration(request, metadata=owner.metadata)
    first = await call.read()
    refused = await refusal_of(owner, RETRY, request)
    assert first.generation == refused.info.metadata["generation"]
    call.cancel()
    await owner.cancel(first.generation)
    return refused


@provokes(RETRY, "REQUEST_ID_REUSED")
async def _retry_with_a_used_id(owner: Client) -> Refusal:
    name = (await owner.hatch())[0].generation
    request = generations.RetryGenerationRequest(
        name=name, from_step="avatar", request_id=str(uuid.uuid4())
    )
    async for _event in owner.generations.RetryGeneration(request, metadata=owner.metadata):
        pass
    request.from_step = "persona"
    return await refusal_of(owner, RETRY, request)


@provokes(RETRY, "QUEUE_FULL")
async def _retry_when_full(owner: Client) -> Refusal:
    name = (await owner.hatch())[0].generation
    request = generations.RetryGenerationRequest(name=name, from_step="avatar")
    return await when_full(owner, RETRY, request)
