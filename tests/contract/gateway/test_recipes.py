"""Recipes of installed packages: listed, and run as those that come with Hatchery are."""

import asyncio
import json
import uuid
from pathlib import Path

import pytest
from google.protobuf.json_format import MessageToDict
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.gateway.v1.recipe_service_pb2 import ListRecipesRequest
from hatchery.types.v1.estimate_pb2 import Estimate

from services.gateway.recipes.custom import Context, Document
from tests.support.gateway import gateway
from tests.support.oracle import assert_story
from tests.support.recipes import GREETING, INPUT, NAMED, outputs, recipe, step
from tests.support.scripted import Engines


async def test_recipes_are_listed_with_what_they_take_and_give(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """With the package that brought them, schemas as text, and shares that add up to 1."""
    async with gateway(database_url, engines, tmp_path, custom=[GREETING]) as client:
        (told,) = (await client.recipes.ListRecipes(ListRecipesRequest())).recipes
    assert ("recipes/greeting", "A test", "hatchery-test", "0.1") == (
        told.name,
        told.title,
        told.package,
        told.package_version,
    )
    assert INPUT == json.loads(told.input_schema)
    assert [("name", "llm", 0.75), ("greet", "", 0.25)] == [
        (one.step, one.engine, one.share) for one in told.steps
    ]
    assert NAMED == json.loads(told.steps[0].output_schema)


async def test_one_call_tells_the_whole_story(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Steps with their documents and words; the bar by the shares; the snapshot has it all."""
    async with gateway(database_url, engines, tmp_path, custom=[GREETING]) as client:
        story = assert_story(await client.run("greeting", {"topic": "a dragon"}))
        name = story[0].generation
        snapshot = await client.get(name)
        listed = await client.generations.ListGenerations(generations.ListGenerationsRequest())
    assert ["name", "greet"] == [one.step for one in story[1].started.steps]
    made = outputs(story)
    assert {"name": "Marisol", "species": "water dragon"} == MessageToDict(made["name"].document)
    assert {"greeting": "Hello, Marisol!"} == MessageToDict(made["greet"].document)
    assert ("script", 2) == (made["name"].usage.model, made["name"].usage.output_tokens)
    assert ("", "greeted") == (made["name"].details, made["greet"].details)
    told = [(e.text_delta.field, e.text_delta.text) for e in story if e.HasField("text_delta")]
    assert [("/name", "Marisol"), ("/species", "water dragon")] == told
    (half,) = [e.fraction for e in story if e.step == "name" and e.HasField("step_completed")]
    assert 0.75 == pytest.approx(half)
    assert name == story[-1].completed.resource
    assert ("recipes/greeting", "a dragon", name) == (
        snapshot.recipe,
        snapshot.description,
        snapshot.resource,
    )
    assert ("", "") == (snapshot.agent, snapshot.artifact)
    assert list(made.values()) == [one.result for one in snapshot.steps]
    assert ["recipes/greeting"] == [one.recipe for one in listed.generations]


async def test_history_knows_better_than_shares(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """The second run says how long the first took, and the bar goes by that."""

    async def slow(context: Context) -> Document:
        await asyncio.sleep(0.5)
        return {}

    async def quick(context: Context) -> Document:
        return {}

    steps = (step(slow, "slow", share=1), step(quick, "quick", share=9))
    custom = [recipe(*steps), recipe(*steps, name="other")]
    async with gateway(database_url, engines, tmp_path, custom=custom) as client:
        stories = [
            assert_story(await client.run(name, {"topic": "x"}))
            for name in ("test", "test", "other")
        ]
    ends = [
        next(e.fraction for e in story if e.step == "slow" and e.HasField("step_completed"))
        for story in stories
    ]
    first, second, other = ends
    assert 0.1 == pytest.approx(first) == pytest.approx(other)
    assert second > 0.9
    starts = [next(e for e in story if e.HasField("step_started")) for story in stories]
    assert [Estimate.BASIS_DEFAULT, Estimate.BASIS_HISTORY, Estimate.BASIS_DEFAULT] == [
        start.step_started.expected.basis for start in starts
    ]


async def test_one_request_id_is_one_generation(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """However often it comes."""
    fields = {"request_id": str(uuid.uuid4()), "seed": 7}
    async with gateway(database_url, engines, tmp_path, custom=[GREETING]) as client:
        given = {"topic": "a dragon", "lines": [1, 2], "tone": "grave"}
        first = await client.run("greeting", given, **fields)
        second = await client.run("greeting", dict(reversed(given.items())), **fields)
    assert first == second
    assert 1 == len(engines.text_calls)


async def test_model_and_seed_reach_the_engine(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Each call has a seed of its own, the first that of the attempt; and again the same."""

    async def thrice(context: Context) -> Document:
        for _ in range(3):
            await context.write("a word", temperature=0.5)
        return {"seed": context.seed, "attempt": context.attempt}

    custom = [recipe(step(thrice, engine="llm"))]
    engines.eyes = ("other",)
    async with gateway(database_url, engines, tmp_path, custom=custom) as client:
        for _ in range(2):
            story = assert_story(await client.run("test", {"topic": "x"}, model="other", seed=7))
        assert_story(await client.run("test", {"topic": "x"}))
    assert {"seed": 7, "attempt": 1} == MessageToDict(outputs(story)["only"].document)
    seeds = [call.seed for call in engines.text_calls[:6]]
    assert seeds[:3] == seeds[3:]
    assert 7 == seeds[0]
    assert 3 == len(set(seeds[:3]))
    assert not any(call.HasField("seed") for call in engines.text_calls[6:])
    models = [call.model for call in engines.text_calls]
    assert ["other"] * 6 + [""] * 3 == models
    assert {0.5} == {call.sampling.temperature for call in engines.text_calls}
