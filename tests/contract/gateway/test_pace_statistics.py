"""How far apart the updates of a step come and where the time goes, as statistics tell it."""

import asyncio
from functools import partial
from itertools import pairwise
from statistics import median
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration
from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.gateway.v1.model_service_pb2 import ListModelsRequest
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.runtime.errors import EngineFailed
from tests.support.gateway import Client
from tests.support.oracle import assert_story
from tests.support.scripted import Engines, write_text


async def _steps(client: Client, **fields: Any) -> dict[str, pb.StepStats]:
    request = pb.QueryGenerationStatsRequest(**fields)
    told = await client.generations.QueryGenerationStats(request)
    return {step.step: step for step in told.steps}


def _gaps(story: list[Progress], step: str) -> list[float]:
    times = [event.emit_time.ToNanoseconds() for event in story if event.step == step]
    return [(later - earlier) / 1e9 for earlier, later in pairwise(times)]


def _retries(event: Progress) -> bool:
    return event.HasField("step_retrying")


def _seconds(duration: Duration) -> float:
    return duration.ToNanoseconds() / 1e9


async def test_updates_and_their_gaps_are_those_of_the_log(
    client: Client, engines: Engines
) -> None:
    """As many as the log has of each step, and between them the time that their stamps tell."""
    engines.text = partial(write_text, pause=0.02)
    story = assert_story(await client.write())
    told = await _steps(client)
    for name, step in told.items():
        gaps = _gaps(story, name)
        assert len(gaps) + 1 == step.updates
        assert max(gaps) == pytest.approx(_seconds(step.max_update_gap), abs=1e-5)
    write, gaps = told["write"], sorted(_gaps(story, "write"))
    middle = (gaps[(len(gaps) - 1) // 2] + gaps[len(gaps) // 2]) / 2
    assert middle == pytest.approx(_seconds(write.median_update_gap), abs=1e-5)


async def test_updates_of_all_runs_are_counted(client: Client, engines: Engines) -> None:
    """The longest silence is that of any run; the median, of the runs' own medians; also by day."""
    stories = []
    for pause in (0.0, 0.15, 0.0):
        engines.text = partial(write_text, pause=pause)
        stories.append(assert_story(await client.write()))
    write = (await _steps(client))["write"]
    logged = [len([event for event in story if event.step == "write"]) for story in stories]
    longest = max(max(_gaps(story, "write")) for story in stories)
    assert (sum(logged), pytest.approx(longest, abs=1e-5)) == (
        write.updates,
        _seconds(write.max_update_gap),
    )
    middle = median(median(_gaps(story, "write")) for story in stories)
    assert middle == pytest.approx(_seconds(write.median_update_gap), abs=1e-5)
    assert 0.1 < _seconds(write.max_update_gap)
    request = pb.QueryGenerationStatsRequest(period=Duration(seconds=86_400))
    told = await client.generations.QueryGenerationStats(request)
    assert write in told.periods[0].steps


async def test_the_time_of_tries_that_failed_went_somewhere(
    client: Client, engines: Engines
) -> None:
    """All tries of a step are in where the time goes; how long it takes is the last one alone."""
    tries = iter((True, False))

    async def fail_once(request: Any, emit: Any) -> StepCompleted:
        await asyncio.sleep(0.3)
        if next(tries, False):
            raise EngineFailed("x")
        return await write_text(request, emit)

    engines.text = fail_once
    await client.models.ListModels(ListModelsRequest())  # so that both tries know which they are of
    story = assert_story(await client.write())
    write = (await _steps(client))["write"]
    last, all_ = _seconds(write.median_duration), _seconds(write.total_duration)
    assert 0.3 < last < all_ - 0.3
    # The pause before the second try is silence, and no work.
    paused = next(_seconds(event.step_retrying.backoff) for event in story if _retries(event))
    assert 0 < paused < sum(_gaps(story, "write")) - all_
    assert len([event for event in story if event.step == "write"]) == write.updates
