"""What generations come to: per recipe, step, engine and model, in all and over time."""

import datetime as dt
from functools import partial
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration
from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.runtime.errors import EngineFailed, OutputInvalid, OutputLooping
from tests.support.gateway import Client
from tests.support.oracle import assert_story
from tests.support.postgres import connected
from tests.support.scripted import HOLD, WORDS, Engines, write_text


async def stats(client: Client, **fields: Any) -> pb.QueryGenerationStatsResponse:
    """What there is to tell."""
    request = pb.QueryGenerationStatsRequest(**fields)
    told: pb.QueryGenerationStatsResponse = await client.generations.QueryGenerationStats(request)
    return told


def reasons(failures: Any) -> dict[str, int]:
    """How often something failed, by reason."""
    return {one.reason: one.failures for one in failures}


async def test_speeds_and_tokens_are_told_per_model(client: Client) -> None:
    """How many, how long, tokens/s while writing, and tokens in all; of the step alone."""
    for _ in range(3):
        await client.write()
    told = await stats(client)
    (recipe,) = told.recipes
    assert ("create_text", 3, 3) == (recipe.recipe, recipe.generations, recipe.completed)
    assert 0 < recipe.median_duration.ToNanoseconds() <= recipe.p90_duration.ToNanoseconds()
    assert not recipe.HasField("cost")
    write = next(step for step in told.steps if step.step == "write")
    assert ("create_text", "scripted", "script", 3, 3 * 7, 3 * len(WORDS)) == (
        write.recipe,
        write.engine,
        write.model,
        write.completed,
        write.input_tokens,
        write.output_tokens,
    )
    assert 50.0 == write.median_tokens_per_second
    assert not told.HasField("budget")


async def test_the_error_of_estimates_is_told(client: Client, engines: Engines) -> None:
    """What was expected when the step began against what it took; what is over at once has none."""
    await client.write()
    assert [0.0, 0.0] == [step.median_estimate_error for step in (await stats(client)).steps]
    engines.text = partial(write_text, pause=0.03)
    story = await client.write()
    (began,) = [e for e in story if e.step == "write" and e.HasField("step_started")]
    expected = began.step_started.expected.expected.ToNanoseconds() / 1e9
    (write,) = [step for step in (await stats(client)).steps if step.step == "write"]
    ended = next(e for e in story if e.step == "write" and e.HasField("step_completed"))
    took = (ended.emit_time.ToNanoseconds() - began.emit_time.ToNanoseconds()) / 1e9
    assert abs(expected - took) / took == pytest.approx(
        write.median_estimate_error, rel=0.1, abs=0.02
    )


async def test_failures_are_told_by_their_reasons(client: Client, engines: Engines) -> None:
    """Each try of a step, also one that was followed by another; and what ended whole ones."""
    failures = [EngineFailed("x"), OutputLooping("x"), OutputInvalid("x"), EngineFailed("x")]

    async def fail(request: Any, emit: Any) -> StepCompleted:
        if failures:
            raise failures.pop(0)
        return await write_text(request, emit)

    engines.text = fail
    stories = [assert_story(await client.write()) for _ in range(2)]
    assert ["failed", "completed"] == [s[-1].WhichOneof("event") for s in stories]
    told = await stats(client)
    (recipe,) = told.recipes
    assert (1, 1) == (recipe.completed, recipe.failed)
    assert {"OUTPUT_INVALID": 1} == reasons(recipe.failures)
    write = next(step for step in told.steps if step.step == "write")
    assert {"ENGINE_FAILED": 2, "OUTPUT_LOOPING": 1, "OUTPUT_INVALID": 1} == reasons(write.failures)
    assert 2 == write.failures[0].failures
    assert ("scripted", "script") == (write.engine, write.model)


async def test_substitutes_are_counted_and_say_nothing_of_times(
    client: Client, engines: Engines
) -> None:
    """A placeholder is done, and no portrait."""

    async def fail(_: Any, __: Any) -> StepCompleted:
        raise EngineFailed("no paint")

    engines.image = fail
    await client.hatch()
    told = await stats(client)
    (avatar,) = [step for step in told.steps if step.step == "avatar"]
    assert (1, 1, 0) == (
        avatar.completed,
        avatar.fallbacks,
        avatar.median_duration.ToNanoseconds(),
    )
    assert ("scripted", "script") == (avatar.engine, avatar.model)
    assert {"ENGINE_FAILED": 3} == reasons(avatar.failures)


async def test_it_is_told_over_time(client: Client, database_url: str) -> None:
    """In stretches that begin at multiples of the period; those without anything are left out."""
    names = [(await client.write())[0].generation for _ in range(3)]
    held = await client.begin_writing(f"{HOLD}a poem")
    await client.cancel(held)
    await client.watch(held)
    then = dt.datetime(2026, 3, 1, 12, 34, 56, tzinfo=dt.UTC)
    async with connected(database_url) as connection:
        for name, day in zip(names, (0, 0, 5), strict=True):
            await connection.execute(
                "UPDATE generations SET create_time = $2::timestamptz,"
                " end_time = $2 + interval '3 s' WHERE id = $1",
                name.removeprefix("generations/"),
                then + dt.timedelta(days=day),
            )
    told = await stats(client, period=Duration(seconds=86_400))
    assert 4 == sum(recipe.generations for recipe in told.recipes)
    starts = [period.start_time.ToDatetime(dt.UTC) for period in told.periods]
    assert 3 == len(starts)
    assert [dt.datetime(2026, 3, day, tzinfo=dt.UTC) for day in (1, 6)] == starts[:2]
    assert [2, 1, 1] == [period.recipes[0].generations for period in told.periods]
    assert [0, 0, 1] == [period.recipes[0].cancelled for period in told.periods]
    assert 3_000_000_000 == told.periods[0].recipes[0].median_duration.ToNanoseconds()
    assert [2, 1] == [period.steps[0].completed for period in told.periods[:2]]
    hours = await stats(client, period=Duration(seconds=3600))
    assert dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC) == hours.periods[0].start_time.ToDatetime(
        dt.UTC
    )


async def test_nobody_is_told_of_anothers(client: Client) -> None:
    """An owner who has made nothing is told nothing."""
    await client.write()
    bob = client.as_owner("bob")
    told = await client.generations.QueryGenerationStats(
        pb.QueryGenerationStatsRequest(period=Duration(seconds=60)), metadata=bob.metadata
    )
    assert pb.QueryGenerationStatsResponse() == told
