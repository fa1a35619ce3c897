"""What a step of an installed recipe is held to: its time, its tokens, its end."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.gateway.recipes.custom import (
    Context,
    Document,
    InvalidField,
)
from tests.support.gateway import gateway
from tests.support.oracle import assert_story, kinds
from tests.support.recipes import error_of, recipe, step
from tests.support.scripted import Engines
from tests.support.waiting import until


async def test_a_step_that_takes_too_long_is_stopped(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """ENGINE_TIMEOUT, for each attempt."""

    async def endless(context: Context) -> Document:
        await asyncio.Event().wait()
        return {}

    custom = [recipe(step(endless, attempts=1, timeout=0.3))]
    async with gateway(database_url, engines, tmp_path, custom=custom) as client:
        story = assert_story(await client.run("test", {"topic": "x"}))
    assert ("ENGINE_TIMEOUT", "the step was not done within 0.3 s") == error_of(story)


async def test_a_step_that_does_not_let_go_is_left(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """A cancel ends the generation soon, whatever the step makes of it."""
    began, let_go = asyncio.Event(), asyncio.Event()
    late = list[str]()

    async def stubborn(context: Context) -> Document:
        began.set()
        while not let_go.is_set():
            try:
                await let_go.wait()
            except asyncio.CancelledError:
                continue
        context.progress(1, 1, "late")
        try:
            await context.write("late")
        except RuntimeError as error:
            late.append(str(error))
        return {}

    custom = [recipe(step(stubborn, engine="llm"))]
    async with gateway(database_url, engines, tmp_path, custom=custom, lease=60.0) as client:
        running = asyncio.ensure_future(client.run("test", {"topic": "x"}, seed=1))
        await began.wait()
        (listed,) = (
            await client.generations.ListGenerations(generations.ListGenerationsRequest())
        ).generations
        async with asyncio.timeout(20):
            await client.cancel(listed.name)
            story = assert_story(await running)
        let_go.set()

        async def has_ended() -> bool:
            return bool(late)

        await until(has_ended)
    assert "cancelled" == kinds(story)[-1]
    assert ["the step has ended"] == late
    assert [] == engines.text_calls


async def test_what_a_step_leaves_behind_holds_no_engine(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """A call that outlives its step is cancelled."""
    began = asyncio.Event()

    async def held(request: Any, emit: Any) -> StepCompleted:
        began.set()
        await asyncio.Event().wait()
        raise AssertionError

    tasks = set[asyncio.Task[str]]()

    async def careless(context: Context) -> Document:
        tasks.add(asyncio.create_task(context.write("x")))
        await began.wait()
        return {}

    async def stopped() -> bool:
        return engines.stopped == 1

    engines.text = held
    custom = [recipe(step(careless, engine="llm"))]
    async with gateway(database_url, engines, tmp_path, custom=custom) as client:
        story = assert_story(await client.run("test", {"topic": "x"}))
        await until(stopped)
    assert "completed" == kinds(story)[-1]
    assert [True] == [task.cancelled() for task in tasks]


@pytest.mark.parametrize(
    ("prompts", "reason"), [(["x" * 900], "PROMPT_TOO_LONG"), (["x"] * 3, "OUTPUT_CUT_OFF")]
)
async def test_a_step_reads_and_writes_no_more_than_it_says(
    database_url: str, engines: Engines, tmp_path: Path, prompts: list[str], reason: str
) -> None:
    """So that a budget which lets it begin lets it end."""

    async def run(context: Context) -> Document:
        return {"texts": [await context.write(prompt) for prompt in prompts]}

    bounds = {"max_input_tokens": 800, "max_output_tokens": 20, "attempts": 1}
    custom = [recipe(step(run, engine="llm", **bounds))]
    async with gateway(database_url, engines, tmp_path, custom=custom) as client:
        story = assert_story(await client.run("test", {"topic": "x"}))
    assert reason == error_of(story)[0]
    # The text has thirteen tokens each time.
    assert [20, 7][: len(prompts) - 1] == [call.sampling.max_tokens for call in engines.text_calls]


async def test_what_an_engine_refuses_is_the_steps_fault(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """And no field of whoever asked."""

    async def run(context: Context) -> Document:
        picture = await context.draw("x", width=17)
        return {"picture": picture.asset}

    async def refuse(request: Any, emit: Any) -> StepCompleted:
        raise InvalidField({"width": "must be a multiple of 16"})

    engines.image = refuse
    custom = [recipe(step(run, engine="avatar"))]
    async with gateway(database_url, engines, tmp_path, custom=custom) as client:
        story = assert_story(await client.run("test", {"topic": "x"}))
    assert "INTERNAL" == error_of(story)[0]
