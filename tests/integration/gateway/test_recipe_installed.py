"""The package of docs/recipes.md: built, installed, and run by a gateway as a process."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.gateway.v1.recipe_service_pb2 import ListRecipesRequest, Recipe
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted, TextDelta
from hatchery.types.v1.usage_pb2 import Usage
from jsonschema import validate

from deploy.local.checks import grpc_serving
from tests.support.gateway import Client
from tests.support.oracle import assert_story, kinds
from tests.support.ports import free_port
from tests.support.process import module_process
from tests.support.scripted import Engines

SAMPLE = Path(__file__).parents[3] / "docs" / "samples" / "hatchery-haiku"
POEMS = [
    {"first": "Rain", "second": "the tide has forgotten it", "third": "gone"},
    {
        "first": "Soft rain on the sea",
        "second": "a crab waits under its stone",
        "third": "and no one calls it",
    },
    {"first": "The sea", "second": "the sea", "third": "the sea"},
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of installed packages: the sample, and one that is broken."""
    folder = tmp_path_factory.mktemp("recipes")
    shutil.copytree(SAMPLE, folder / "source")
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    offline = ("--no-index", "--no-deps", "--no-build-isolation", "--no-warn-conflicts")
    target = folder / "site"
    subprocess.run([*pip, *offline, "--target", target, folder / "source"], check=True)
    broken = target / "broken_recipe-0.1.dist-info"
    broken.mkdir()
    (broken / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-recipe\nVersion: 0.1\n")
    (broken / "entry_points.txt").write_text("[hatchery.recipes]\nbroken = nowhere_at_all:RECIPE\n")
    return target


@asynccontextmanager
async def serving(
    database_url: str, engines: Engines, site: Path | None = None
) -> AsyncIterator[Client]:
    """A gateway in a process of its own, with what is installed in a folder, if any is."""
    target = f"127.0.0.1:{free_port()}"
    path = [str(site) if site else "", os.environ.get("PYTHONPATH", "")]
    environment = {
        "HATCHERY_LISTEN": target,
        "HATCHERY_DATABASE_URL": database_url,
        "HATCHERY_LLM_TARGET": engines.llm_target,
        "HATCHERY_AVATAR_TARGET": engines.avatar_target,
        "PYTHONPATH": os.pathsep.join(filter(None, path)),
    }
    with module_process("services.gateway", **environment):
        await grpc_serving(target)
        async with grpc.aio.insecure_channel(target) as channel:
            yield Client(channel, target=target)


async def _haiku(client: Client) -> Recipe:
    (told,) = (await client.recipes.ListRecipes(ListRecipesRequest())).recipes
    assert isinstance(told, Recipe)
    return told


def _documents(story: list[Progress]) -> dict[str, Any]:
    """What each step gave."""
    ends = [e for e in story if e.HasField("step_completed")]
    return {e.step: MessageToDict(e.step_completed.document) for e in ends}


async def test_an_installed_package_runs_as_the_documents_say(
    database_url: str, engines: Engines, site: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its steps, typed outputs and shares; what is broken beside it is left out, and logged."""

    async def poet(request: Any, emit: Any) -> StepCompleted:
        poem = POEMS[len(engines.text_calls) - 1]
        for line, text in poem.items():
            emit(Progress(text_delta=TextDelta(field=f"/{line}", text=text)))
        document = Struct()
        document.update(poem)
        return StepCompleted(document=document, usage=Usage(output_tokens=20))

    engines.text = poet
    async with serving(database_url, engines, site) as client:
        told = await _haiku(client)
        story = assert_story(await client.run("haiku", {"topic": "the tide"}, seed=3))
        snapshot = await client.get(story[0].generation)
    (left_out,) = [
        line for line in capfd.readouterr().err.splitlines() if "a recipe is left out" in line
    ]
    for words in ("broken-recipe", "nowhere_at_all:RECIPE", "cannot be imported"):
        assert words in left_out
    assert ("recipes/haiku", "hatchery-haiku", "1.0.0") == (
        told.name,
        told.package,
        told.package_version,
    )
    assert [("draft", "llm", 0.8), ("count", "", 0.1), ("choose", "", 0.1)] == [
        (step.step, step.engine, pytest.approx(step.share)) for step in told.steps
    ]
    made = _documents(story)
    for step in told.steps:
        validate(made[step.step], json.loads(step.output_schema))
    assert {"haiku": POEMS[1], "syllables": [5, 7, 5], "exact": True} == made["choose"]
    ends = {e.step: e for e in story if e.HasField("step_completed")}
    assert [0.8, 0.9, 1.0] == [pytest.approx(ends[step.step].fraction) for step in told.steps]
    assert "5-7-5, the best of 3" == ends["choose"].step_completed.details
    assert 60 == ends["draft"].step_completed.usage.output_tokens
    assert POEMS[2]["first"] == next(
        text.text for text in snapshot.texts if text.field == "/drafts/2/first"
    )
    assert list(ends) == [step.step for step in snapshot.steps]
    assert all(ends[step.step].step_completed == step.result for step in snapshot.steps)
    assert 3 == len({call.seed for call in engines.text_calls})
    assert "the tide" in engines.text_calls[0].messages[-1].content


async def test_a_package_that_is_gone_leaves_what_it_made(
    database_url: str, engines: Engines, site: Path
) -> None:
    """Without it nothing is run, and what was run is listed, shown and replayed as before."""

    async def poet(request: Any, emit: Any) -> StepCompleted:
        document = Struct()
        document.update(POEMS[1])
        return StepCompleted(document=document)

    engines.text = poet
    async with serving(database_url, engines, site) as client:
        story = assert_story(await client.run("haiku", {"topic": "the tide", "drafts": 1}))
        snapshot = await client.get(story[0].generation)
    async with serving(database_url, engines) as client:
        assert not (await client.recipes.ListRecipes(ListRecipesRequest())).recipes
        assert story == await client.watch(snapshot.name)
        assert snapshot == await client.get(snapshot.name)
        listed = await client.generations.ListGenerations(generations.ListGenerationsRequest())
    assert [snapshot.name] == [one.name for one in listed.generations]


async def test_the_shipped_model_writes_one(
    database_url: str, engines: Engines, site: Path
) -> None:
    """As long as it takes, and as well as it can; whatever it is, it fits the schemas."""
    llm = f"127.0.0.1:{free_port()}"
    with module_process("services.llm", HATCHERY_LISTEN=llm):
        await grpc_serving(llm)
        engines.llm_target = llm
        async with serving(database_url, engines, site) as client:
            told = await _haiku(client)
            story = assert_story(await client.run("haiku", {"topic": "a lighthouse", "drafts": 2}))
    assert "completed" == kinds(story)[-1]
    made = _documents(story)
    for step in told.steps:
        validate(made[step.step], json.loads(step.output_schema))
    told_as_it_grew = "".join(
        e.text_delta.text for e in story if e.text_delta.field == "/drafts/1/first"
    )
    assert made["draft"]["drafts"][1]["first"] == told_as_it_grew.strip()
    gauges = [e.token_progress.tokens for e in story if e.HasField("token_progress")]
    assert sorted(gauges) == gauges
