"""Steps of installed recipes that fail: typed, discreet, and nobody else is any the worse."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.gateway.recipes.custom import (
    Context,
    Document,
    EngineFailed,
    EngineUnavailable,
    InvalidField,
    OutputInvalid,
)
from services.runtime.errors import OutputLooping
from tests.support.gateway import gateway
from tests.support.oracle import assert_story, kinds
from tests.support.recipes import NAMED, error_of, recipe, step
from tests.support.scripted import Engines, write_persona

SECRET = "postgresql://somebody:secret@somewhere"
Raise = Callable[[], BaseException]


async def _cancels_itself(context: Context) -> Document:
    task = asyncio.current_task()
    assert task is not None
    task.cancel()
    await asyncio.sleep(0)
    return {}


async def _writes_nothing(context: Context) -> Document:
    # It has no engine.
    return {"text": await context.write(SECRET)}


async def _draws_twice(context: Context) -> Document:
    await asyncio.gather(context.draw("x"), context.draw(SECRET))
    return {}


async def _progresses_beyond(context: Context) -> Document:
    context.progress(3, 2, SECRET)
    return {}


def raising(error: Raise) -> Any:
    """A step that raises."""

    async def run(context: Context) -> Document:
        raise error()

    return run


@pytest.mark.parametrize(
    "run",
    [
        raising(lambda: ValueError(SECRET)),
        raising(lambda: TimeoutError(SECRET)),
        raising(lambda: SystemExit(SECRET)),
        raising(lambda: KeyboardInterrupt(SECRET)),
        raising(lambda: asyncio.CancelledError(SECRET)),
        raising(lambda: ExceptionGroup(SECRET, [OutputInvalid(SECRET), ValueError(SECRET)])),
        _cancels_itself,
        _writes_nothing,
        _progresses_beyond,
        _draws_twice,
    ],
    ids=[str(number) for number in range(10)],
)
async def test_what_a_step_raises_is_told_to_nobody(
    database_url: str, engines: Engines, tmp_path: Path, run: Any
) -> None:
    """INTERNAL with a constant text, at once; and the gateway goes on as if nothing had been."""
    engine = "avatar" if run is _draws_twice else ""
    custom = [recipe(step(run, engine=engine)), recipe(step(_fine), name="fine")]
    async with gateway(database_url, engines, tmp_path, custom=custom) as client:
        story = assert_story(await client.run("test", {"topic": "x"}))
        assert "completed" == kinds(await client.run("fine", {"topic": "x"}))[-1]
        snapshot = await client.get(story[0].generation)
    assert ("INTERNAL", "an internal error; the logs have it") == error_of(story)
    assert "step_retrying" not in kinds(story)
    assert not any("secret" in str(told) for told in (*story, snapshot))


async def _fine(context: Context) -> Document:
    return {}


@pytest.mark.parametrize(
    "failure",
    [
        (lambda: OutputInvalid("too short: try again"), "OUTPUT_INVALID", 2),
        (lambda: EngineFailed("the weather service broke"), "ENGINE_FAILED", 2),
        (
            lambda: ExceptionGroup("x", [ExceptionGroup("y", [EngineFailed("z")])]),
            "ENGINE_FAILED",
            2,
        ),
        (lambda: InvalidField({"input.topic": "is no place"}), "INVALID_FIELD", 1),
    ],
)
async def test_a_step_fails_with_words_of_its_own(
    database_url: str, engines: Engines, tmp_path: Path, failure: tuple[Raise, str, int]
) -> None:
    """What it says is told, with the reason, and it is tried again where that may help."""
    error, reason, attempts = failure
    custom = [recipe(step(raising(error), attempts=2))]
    async with gateway(database_url, engines, tmp_path, custom=custom) as client:
        story = assert_story(await client.run("test", {"topic": "x"}))
    told = error()
    while isinstance(told, BaseExceptionGroup):
        told = told.exceptions[0]
    assert (reason, str(told)) == error_of(story)
    assert attempts == 1 + kinds(story).count("step_retrying")


async def test_what_cannot_be_reached_is_waited_for(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Beyond the attempts of the step, as for an engine that is restarted."""

    async def late(context: Context) -> Document:
        if context.attempt < 3:
            raise EngineUnavailable("the weather service does not answer")
        return {"attempt": context.attempt}

    custom = [recipe(step(late, attempts=1))]
    async with gateway(database_url, engines, tmp_path, custom=custom) as client:
        story = assert_story(await client.run("test", {"topic": "x"}))
    assert "completed" == kinds(story)[-1]


def _deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = {"deeper": value}
    return value


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ({}, "output.name: is missing"),
        ({"name": 7}, "output.name: must be of type string"),
        ({"name": ""}, "output.name: must have at least 1 characters"),
        (None, "is no JSON document"),
        (["name"], "is no JSON document"),
        ({"name": object()}, "is no JSON document"),
        ({"name": float("nan")}, "is no JSON document"),
        ({"name": "\ud800"}, "is no JSON document"),
        ({"name": "x", "more": _deep(24)}, "is nested too deep"),
        ({"name": "x", "more": _deep(5000)}, "is nested too deep"),
        ({"name": "x" * 2**17}, "has more than 131072 bytes"),
    ],
    ids=[str(number) for number in range(11)],
)
async def test_an_output_that_breaks_its_schema_fails_typed(
    database_url: str, engines: Engines, tmp_path: Path, made: Any, told: str
) -> None:
    """OUTPUT_INVALID, after as many attempts as it has, with where and nothing of what."""

    async def run(context: Context) -> Document:
        return made  # type: ignore[no-any-return]

    custom = [recipe(step(run, attempts=2, output_schema=NAMED))]
    async with gateway(database_url, engines, tmp_path, custom=custom) as client:
        story = assert_story(await client.run("test", {"topic": "x"}))
    reason, message = error_of(story)
    assert "OUTPUT_INVALID" == reason
    assert told in message
    assert 1 == kinds(story).count("step_retrying")


async def test_a_document_as_large_and_deep_as_allowed_is_kept(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """It is read back by everybody: watchers, the snapshot, later steps and a retry."""
    deep = {"name": "x" * 120_000, "more": _deep(22)}

    async def run(context: Context) -> Document:
        return deep

    async def compare(context: Context) -> Document:
        return {"same": context.results["run"] == deep}

    custom = [recipe(step(run, "run"), step(compare, "look"))]
    async with gateway(database_url, engines, tmp_path, custom=custom) as client:
        story = assert_story(await client.run("test", {"topic": "x"}))
        snapshot = await client.get(story[0].generation)
        request = generations.RetryGenerationRequest(name=snapshot.name, from_step="look")
        again = assert_story([e async for e in client.generations.RetryGeneration(request)])
    for told in (story, again):
        (look,) = [e for e in told if e.step == "look" and e.HasField("step_completed")]
        assert look.step_completed.document["same"]
    assert deep["name"] == snapshot.steps[0].result.document["name"]


async def test_what_a_model_writes_is_checked_once_more(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """An engine that does not keep to the schema is not believed."""

    async def stray(request: Any, emit: Any) -> StepCompleted:
        completed = StepCompleted()
        completed.document.update({"name": 7} if len(engines.text_calls) == 1 else _deep(30))
        return completed

    async def run(context: Context) -> Document:
        return await context.write_document("x", NAMED)

    engines.text = stray
    custom = [recipe(step(run, engine="llm", attempts=2))]
    async with gateway(database_url, engines, tmp_path, custom=custom) as client:
        story = assert_story(await client.run("test", {"topic": "x"}))
    assert ("OUTPUT_INVALID", "the text model's answer is nested too deep") == error_of(story)
    assert 1 == kinds(story).count("step_retrying")


async def test_an_engine_that_fails_is_tried_again(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """As a step of the gateway's own is, with another seed, and what was told is void."""

    async def flaky(request: Any, emit: Any) -> StepCompleted:
        completed = await write_persona(request, emit)
        if len(engines.text_calls) == 1:
            raise OutputLooping("the model repeated itself")
        return completed

    async def run(context: Context) -> Document:
        return await context.write_document("x", NAMED, examples=[("y", {"name": "Z"})])

    engines.text = flaky
    custom = [recipe(step(run, engine="llm"))]
    async with gateway(database_url, engines, tmp_path, custom=custom) as client:
        story = assert_story(await client.run("test", {"topic": "x"}, seed=7))
        snapshot = await client.get(story[0].generation)
    assert ["completed"] == [k for k in kinds(story) if k in ("completed", "failed")]
    assert [7, 8] == [call.seed for call in engines.text_calls]
    assert ["Marisol"] == [t.text for t in snapshot.texts if t.field == "/name"]
    asked = engines.text_calls[0]
    assert NAMED == json.loads(asked.response_format.json_schema)
    assert {"name": "Z"} == dict(asked.response_format.examples[0].document)
