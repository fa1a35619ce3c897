"""Installed recipes over replicas: paused, handed over, tried again, and left by their package."""

import asyncio
import uuid
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.gateway.v1.recipe_service_pb2 import RunRecipeRequest
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.recipes.custom import Context, Document, OutputInvalid
from services.gateway.recipes.installed.adapting import Installed
from tests.contract.gateway.requests import refusal_of
from tests.integration.gateway.test_control import halted
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story, kinds
from tests.support.recipes import recipe, step
from tests.support.scripted import Engines

RETRY = "GenerationService.RetryGeneration"


class Walk:
    """A recipe of two steps, of which the second waits at a gate; counts how often each is run."""

    def __init__(self) -> None:
        self.runs: list[str] = []
        self.came, self.opened = asyncio.Event(), asyncio.Event()
        self.fails = 0

    @property
    def recipe(self) -> Installed:
        """As a package would bring it."""
        return recipe(step(self._first, "first"), step(self._second, "second", attempts=1))

    async def _first(self, context: Context) -> Document:
        self.runs.append("first")
        return {"run": len(self.runs)}

    async def _second(self, context: Context) -> Document:
        self.runs.append("second")
        self.came.set()
        await self.opened.wait()
        if self.fails:
            self.fails -= 1
            raise OutputInvalid("not today")
        return {"after": context.results["first"]["run"], "attempt": context.attempt}


def _second(story: list[Progress]) -> dict[str, Any]:
    """What the second step gave."""
    (end,) = [e for e in story if e.step == "second" and e.HasField("step_completed")]
    return dict(MessageToDict(end.step_completed.document))


async def _begin(client: Client) -> str:
    """Begins one and leaves its stream after the first event; returns its name."""
    request = RunRecipeRequest(name="recipes/test", request_id=str(uuid.uuid4()))
    request.input.update({"topic": "x"})
    call = client.recipes.RunRecipe(request, metadata=client.metadata)
    first = await call.read()
    call.cancel()
    assert isinstance(first, Progress)
    return first.generation


async def test_a_step_begins_anew_after_a_pause(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """The step that was finished is not done again, and the attempt of the other rises."""
    walk = Walk()
    async with gateway(database_url, engines, tmp_path, custom=[walk.recipe]) as client:
        name = await _begin(client)
        await walk.came.wait()
        await client.pause(name)
        await halted(client, name)
        walk.opened.set()
        await client.resume(name)
        story = assert_story(await client.watch(name))
    assert {"after": 1, "attempt": 2} == _second(story)
    assert ["first", "second", "second"] == walk.runs


async def test_another_replica_goes_on_at_the_first_unfinished_step(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """A replica that goes away hands it over; what is done stays done."""
    walk = Walk()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    async with AsyncExitStack() as stack:
        async with gateway(database_url, engines, tmp_path / "a", custom=[walk.recipe]) as here:
            name = await _begin(here)
            await walk.came.wait()
        walk.opened.set()
        there = await stack.enter_async_context(
            gateway(database_url, engines, tmp_path / "b", custom=[walk.recipe])
        )
        story = assert_story(await there.watch(name))
    assert "recovered" in kinds(story)
    assert {"after": 1, "attempt": 2} == _second(story)
    assert 1 == walk.runs.count("first")


async def test_a_retry_keeps_what_was_done(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """From the step that failed, or from any that is named; it names itself in the end."""
    walk = Walk()
    walk.opened.set()
    walk.fails = 1
    async with gateway(database_url, engines, tmp_path, custom=[walk.recipe]) as client:
        failed = assert_story(await client.run("test", {"topic": "x"}))
        request = pb.RetryGenerationRequest(name=failed[0].generation)
        again = assert_story([e async for e in client.generations.RetryGeneration(request)])
    assert "failed" == kinds(failed)[-1]
    assert {"after": 1, "attempt": 1} == _second(again)
    assert ["first", "second", "second"] == walk.runs
    assert again[0].generation == again[-1].completed.resource != failed[0].generation


async def test_a_replica_without_the_package_does_not_run_it(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """It accepts, streams, pauses and cancels for others; one that has the package runs it."""
    walk = Walk()
    walk.opened.set()
    for name in ("accepts", "lacks", "has"):
        (tmp_path / name).mkdir()
    async with AsyncExitStack() as stack:

        async def enter(name: str, **settings: Any) -> Client:
            replica = gateway(database_url, engines, tmp_path / name, **settings)
            return await stack.enter_async_context(replica)

        accepts = await enter("accepts", custom=[walk.recipe], max_running=0)
        lacks = await enter("lacks")
        first = await _begin(accepts)
        await lacks.cancel(first)
        assert "cancelled" == kinds(assert_story(await lacks.watch(first)))[-1]
        second = await _begin(accepts)
        # Others get their turn meanwhile.
        assert "completed" == kinds(await lacks.hatch())[-1]
        assert pb.Generation.STATE_QUEUED == (await lacks.get(second)).state
        watching = asyncio.ensure_future(lacks.watch(second))
        await enter("has", custom=[walk.recipe])
        story = assert_story(await watching)
    assert "completed" == kinds(story)[-1]
    assert ["first", "second"] == walk.runs


@pytest.mark.parametrize("fails", [0, 1])
async def test_what_a_package_made_outlives_it(
    database_url: str, engines: Engines, tmp_path: Path, fails: int
) -> None:
    """Listed, shown, replayed and counted as before; only another try needs the package."""
    walk = Walk()
    walk.opened.set()
    walk.fails = fails
    async with gateway(database_url, engines, tmp_path, custom=[walk.recipe]) as client:
        story = assert_story(await client.run("test", {"topic": "x"}))
        snapshot = await client.get(story[0].generation)
    async with gateway(database_url, engines, tmp_path) as client:
        assert story == await client.watch(snapshot.name)
        assert snapshot == await client.get(snapshot.name)
        listed = await client.generations.ListGenerations(pb.ListGenerationsRequest())
        stats = await client.generations.QueryGenerationStats(pb.QueryGenerationStatsRequest())
        request = pb.RetryGenerationRequest(name=snapshot.name, from_step="second")
        refused = await refusal_of(client, RETRY, request)
    assert [(snapshot.name, "recipes/test")] == [
        (one.name, one.recipe) for one in listed.generations
    ]
    assert ["recipes/test"] == [one.recipe for one in stats.recipes]
    assert {"first", "second"} == {one.step for one in stats.steps}
    assert "NOTHING_TO_RETRY" == refused.reason
