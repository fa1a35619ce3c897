"""Ratings, and the statistics in which they show."""

import datetime as dt

from google.protobuf.timestamp_pb2 import Timestamp
from hatchery.gateway.v1 import generation_service_pb2 as pb

from tests.contract.gateway.requests import refusal_of
from tests.support.gateway import Client
from tests.support.oracle import assert_story
from tests.support.scripted import HOLD


async def rate(client: Client, name: str, step: str, stars: int, comment: str = "") -> None:
    """Says how satisfied one is."""
    request = pb.RateGenerationRequest(name=name, step=step, stars=stars, comment=comment)
    await client.generations.RateGeneration(request, metadata=client.metadata)


async def stats(
    client: Client, since: dt.datetime | None = None
) -> pb.QueryGenerationStatsResponse:
    """What there is to tell."""
    request = pb.QueryGenerationStatsRequest()
    if since is not None:
        start = Timestamp()
        start.FromDatetime(since)
        request.start_time.CopyFrom(start)
    told: pb.QueryGenerationStatsResponse = await client.generations.QueryGenerationStats(request)
    return told


async def test_a_rating_stands_with_what_it_rates_and_the_latest_counts(client: Client) -> None:
    """Of the whole and of a step, with a comment; none goes into the log; 0 takes it back."""
    name = (await client.hatch())[0].generation
    before = await client.get(name)
    await rate(client, name, "avatar", 2, "no tail")
    await rate(client, name, "avatar", 4, "a tail <b>")
    await rate(client, name, "", 5)
    told = await client.get(name)
    assert [("", 5, ""), ("avatar", 4, "a tail <b>")] == [
        (one.step, one.stars, one.comment) for one in told.ratings
    ]
    assert before.last_sequence == told.last_sequence
    await rate(client, name, "avatar", 0)
    await rate(client, name, "avatar", 0)
    assert [""] == [one.step for one in (await client.get(name)).ratings]


async def test_ratings_show_per_model_and_step(client: Client) -> None:
    """Counted and averaged where the work was done, also where a retry kept it."""
    for stars in (1, 2, 5):
        name = (await client.hatch())[0].generation
        await rate(client, name, "avatar", stars)
        await rate(client, name, "", stars)
    request = pb.RetryGenerationRequest(name=name, from_step="avatar")
    again = assert_story([e async for e in client.generations.RetryGeneration(request)])
    await rate(client, again[0].generation, "persona", 4)
    told = await stats(client)
    (recipe,) = told.recipes
    assert ("create_agent", 4, 4, 0, 0) == (
        recipe.recipe,
        recipe.generations,
        recipe.completed,
        recipe.failed,
        recipe.cancelled,
    )
    assert (3, 8 / 3) == (recipe.satisfaction.ratings, recipe.satisfaction.mean_stars)
    by_step = {step.step: step for step in told.steps}
    assert {"persona", "avatar", "save"} == set(by_step)
    avatar, persona = by_step["avatar"], by_step["persona"]
    assert ("scripted", "script", 4, 3) == (
        avatar.engine,
        avatar.model,
        avatar.completed,
        avatar.satisfaction.ratings,
    )
    assert (3, 1, 4.0) == (
        persona.completed,
        persona.satisfaction.ratings,
        persona.satisfaction.mean_stars,
    )
    assert 0 < avatar.median_duration.ToNanoseconds() <= avatar.p90_duration.ToNanoseconds()
    assert not by_step["save"].satisfaction.ratings


async def test_statistics_begin_where_they_are_asked_to(client: Client) -> None:
    """What was created before is left out; how it ended is told."""
    name = await client.start(f"{HOLD}a dragon")
    await client.cancel(name)
    await client.watch(name)
    (recipe,) = (await stats(client)).recipes
    assert (1, 0, 1) == (recipe.generations, recipe.completed, recipe.cancelled)
    await rate(client, name, "", 1, "too slow")
    now = dt.datetime.now(dt.UTC)
    assert not (await stats(client, now + dt.timedelta(minutes=1))).recipes
    assert (await stats(client, now - dt.timedelta(minutes=1))).recipes
    for year in (1970, 9999):
        await stats(client, dt.datetime(year, 1, 2, tzinfo=dt.UTC))


async def test_a_step_that_it_does_not_have_cannot_be_rated(client: Client) -> None:
    """Nor one of that name elsewhere."""
    name = (await client.hatch())[0].generation
    for step in ("describe", "Avatar", "x", "x" * 101):
        request = pb.RateGenerationRequest(name=name, step=step, stars=3)
        refused = await refusal_of(client, "GenerationService.RateGeneration", request)
        assert ["step"] == refused.fields
