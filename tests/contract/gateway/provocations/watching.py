"""Logs that cannot be read from where somebody asks."""

from hatchery.gateway.v1 import generation_service_pb2 as generations

from tests.contract.gateway.provocations.registry import once_trimmed, provokes
from tests.contract.gateway.requests import refusal_of
from tests.support.calls import Refusal
from tests.support.gateway import Client


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


@provokes("GenerationService.WatchGeneration", "CURSOR_TRIMMED")
async def _watch_what_is_gone(forgetful: Client) -> Refusal:
    name = (await forgetful.hatch())[0].generation
    request = generations.WatchGenerationRequest(name=name)
    return await once_trimmed(forgetful, "GenerationService.WatchGeneration", request)


@provokes("GenerationService.WatchGenerations", "CURSOR_TRIMMED")
async def _watch_many_of_which_one_is_gone(forgetful: Client) -> Refusal:
    name = (await forgetful.hatch())[0].generation
    request = generations.WatchGenerationsRequest(cursors=[generations.GenerationCursor(name=name)])
    refused = await once_trimmed(forgetful, "GenerationService.WatchGenerations", request)
    assert name == refused.info.metadata["generation"]
    return refused


@provokes("GenerationService.QueryGenerationStats", "SCOPE_MISSING")
async def _others_statistics(owner: Client) -> Refusal:
    request = generations.QueryGenerationStatsRequest(all_owners=True)
    refused = await refusal_of(owner, "GenerationService.QueryGenerationStats", request)
    assert "hatchery.operate" == refused.info.metadata["scope"]
    return refused
