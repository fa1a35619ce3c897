"""Every error that the contract documents, provoked; and a table that fails when one is not."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
import pytest
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import generation_service_pb2 as generations

from tests.contract.gateway.conftest import OWNER_UNFINISHED
from tests.contract.gateway.requests import AGENT, ASSET, GENERATION, VALID, refusal_of
from tests.support.calls import Refusal, documented
from tests.support.gateway import Client
from tests.support.oracle import assert_story
from tests.support.scripted import HOLD

pytestmark = pytest.mark.asyncio(loop_scope="module")

Provoke = Callable[[Client], Awaitable[Refusal]]
PROVOKED: dict[tuple[str, str], Provoke] = {}


def provokes(rpc: str, reason: str) -> Callable[[Provoke], Provoke]:
    """Enters a provocation into the table that is held against the protos."""

    def enter(provoke: Provoke) -> Provoke:
        PROVOKED[(rpc, reason)] = provoke
        return provoke

    return enter


def _missing(rpc: str) -> Provoke:
    async def provoke(owner: Client) -> Refusal:
        refused = await refusal_of(owner, rpc, VALID[rpc])
        assert refused.info.metadata["resource"] in (AGENT, GENERATION, ASSET)
        return refused

    return provoke


for _rpc, _reasons in documented().items():
    if "RESOURCE_NOT_FOUND" in _reasons:
        PROVOKED[(_rpc, "RESOURCE_NOT_FOUND")] = _missing(_rpc)


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


@provokes("GenerationService.WatchGeneration", "CURSOR_BEYOND_LOG")
async def _watch_beyond(owner: Client) -> Refusal:
    events = await owner.hatch()
    last = max(event.sequence for event in events)
    request = generations.WatchGenerationRequest(name=events[0].generation, starting_after=last + 1)
    refused = await refusal_of(owner, "GenerationService.WatchGeneration", request)
    assert str(last) == refused.info.metadata["last_sequence"]
    return refused


@provokes("GenerationService.WatchGenerations", "CURSOR_BEYOND_LOG")
async def _watch_many_beyond(owner: Client) -> Refusal:
    stories = [await owner.hatch() for _ in range(2)]
    request = generations.WatchGenerationsRequest(
        cursors=[
            generations.GenerationCursor(name=story[0].generation, starting_after=after)
            for story, after in zip(stories, (0, 10**6), strict=True)
        ]
    )
    refused = await refusal_of(owner, "GenerationService.WatchGenerations", request)
    assert stories[1][0].generation == refused.info.metadata["generation"]
    return refused


# By then the gateway that keeps nothing has trimmed what ended, in seconds.
_TRIMMED = 0.5


@provokes("AgentService.CreateAgent", "CURSOR_TRIMMED")
async def _create_what_is_gone(forgetful: Client) -> Refusal:
    request = agents.CreateAgentRequest(description="x", request_id=str(uuid.uuid4()))
    return await _long_after(forgetful, "AgentService.CreateAgent", request)


@provokes("AgentService.RegenerateAvatar", "CURSOR_TRIMMED")
async def _draw_what_is_gone(forgetful: Client) -> Refusal:
    name = (await forgetful.hatch())[-1].completed.resource
    request = agents.RegenerateAvatarRequest(name=name, request_id=str(uuid.uuid4()))
    return await _long_after(forgetful, "AgentService.RegenerateAvatar", request)


@provokes("GenerationService.RetryGeneration", "CURSOR_TRIMMED")
async def _retry_what_is_gone(forgetful: Client) -> Refusal:
    name = (await forgetful.hatch())[0].generation
    request = generations.RetryGenerationRequest(
        name=name, from_step="avatar", request_id=str(uuid.uuid4())
    )
    return await _long_after(forgetful, "GenerationService.RetryGeneration", request)


async def _long_after(client: Client, rpc: str, request: Any) -> Refusal:
    """Sends a request, and the same again when its generation has ended and was trimmed."""
    service, _, method = rpc.partition(".")
    stub = {"AgentService": client.agents, "GenerationService": client.generations}[service]
    assert_story([event async for event in getattr(stub, method)(request)])
    await asyncio.sleep(_TRIMMED)
    return await refusal_of(client, rpc, request)


@provokes("GenerationService.WatchGeneration", "CURSOR_TRIMMED")
async def _watch_what_is_gone(forgetful: Client) -> Refusal:
    name = (await forgetful.hatch())[0].generation
    await asyncio.sleep(_TRIMMED)
    request = generations.WatchGenerationRequest(name=name)
    return await refusal_of(forgetful, "GenerationService.WatchGeneration", request)


@provokes("GenerationService.WatchGenerations", "CURSOR_TRIMMED")
async def _watch_many_of_which_one_is_gone(forgetful: Client) -> Refusal:
    name = (await forgetful.hatch())[0].generation
    await asyncio.sleep(_TRIMMED)
    request = generations.WatchGenerationsRequest(cursors=[generations.GenerationCursor(name=name)])
    refused = await refusal_of(forgetful, "GenerationService.WatchGenerations", request)
    assert name == refused.info.metadata["generation"]
    return refused


RETRY = "GenerationService.RetryGeneration"


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


async def _when_full(owner: Client, rpc: str, request: Any) -> Refusal:
    names = [await owner.start(f"{HOLD}full") for _ in range(OWNER_UNFINISHED)]
    refused = await refusal_of(owner, rpc, request)
    assert str(OWNER_UNFINISHED) == refused.info.metadata["limit"]
    assert refused.retry_after
    for name in names:
        await owner.cancel(name)
    return refused


@provokes("AgentService.CreateAgent", "QUEUE_FULL")
async def _create_when_full(owner: Client) -> Refusal:
    request = agents.CreateAgentRequest(description="x")
    return await _when_full(owner, "AgentService.CreateAgent", request)


@provokes("AgentService.RegenerateAvatar", "QUEUE_FULL")
async def _regenerate_when_full(owner: Client) -> Refusal:
    name = (await owner.hatch())[-1].completed.resource
    request = agents.RegenerateAvatarRequest(name=name)
    return await _when_full(owner, "AgentService.RegenerateAvatar", request)


@provokes(RETRY, "QUEUE_FULL")
async def _retry_when_full(owner: Client) -> Refusal:
    name = (await owner.hatch())[0].generation
    request = generations.RetryGenerationRequest(name=name, from_step="avatar")
    return await _when_full(owner, RETRY, request)


_CODES = {
    "QUEUE_FULL": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "NOT_ENDED": grpc.StatusCode.FAILED_PRECONDITION,
    "NOTHING_TO_RETRY": grpc.StatusCode.FAILED_PRECONDITION,
    "RETRY_UNDER_WAY": grpc.StatusCode.ALREADY_EXISTS,
    "RESOURCE_NOT_FOUND": grpc.StatusCode.NOT_FOUND,
    "ENGINE_UNAVAILABLE": grpc.StatusCode.UNAVAILABLE,
    "UNKNOWN_MODEL": grpc.StatusCode.INVALID_ARGUMENT,
    "REQUEST_ID_REUSED": grpc.StatusCode.ALREADY_EXISTS,
    "NOT_DELETED": grpc.StatusCode.ALREADY_EXISTS,
    "ETAG_MISMATCH": grpc.StatusCode.ABORTED,
    "CURSOR_BEYOND_LOG": grpc.StatusCode.OUT_OF_RANGE,
    "CURSOR_TRIMMED": grpc.StatusCode.OUT_OF_RANGE,
}


@pytest.mark.parametrize(
    ("rpc", "reason"),
    sorted((rpc, reason) for rpc, reasons in documented().items() for reason in reasons),
)
async def test_a_documented_error_is_what_its_rpc_answers(
    owner: Client, deserted: Client, forgetful: Client, rpc: str, reason: str
) -> None:
    """Every reason in an RPC's comment is provoked, and comes with its code."""
    assert (rpc, reason) in PROVOKED, "the contract documents an error that nothing here provokes"
    others = {"ENGINE_UNAVAILABLE": deserted, "CURSOR_TRIMMED": forgetful}
    client = others.get(reason, owner)
    refused = await PROVOKED[(rpc, reason)](client)
    assert (reason, _CODES[reason]) == (refused.reason, refused.code)


async def test_nothing_is_provoked_that_is_not_documented() -> None:
    """The table knows no error that the contract keeps quiet about."""
    assert set(PROVOKED) == {(rpc, r) for rpc, reasons in documented().items() for r in reasons}
