"""What a step of an installed recipe works with: models, pictures, threads; and what it costs."""

import asyncio
import threading
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict
from hatchery.gateway.v1 import asset_service_pb2 as assets
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.gateway.recipes.custom import Context, Document
from services.runtime.engine_stream import Emit
from services.runtime.errors import EngineBusy
from tests.contract.gateway.conftest import PRICES
from tests.support.gateway import gateway
from tests.support.oracle import assert_story, kinds
from tests.support.recipes import NAMED, outputs, recipe, step
from tests.support.scripted import PNG, TEXT, WORDS, Engines, write_persona


async def test_several_calls_are_one_piece_of_work(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Gauges go on from call to call, text stands where it belongs, and the usage is the sum."""

    async def twice(context: Context) -> Document:
        drafts = []
        for number in range(2):
            context.progress(number, 2, "drafts")
            drafts.append(await context.write("a poem", into=f"/drafts/{number}"))
        remark = await context.write_document("name it", NAMED, into="/remark")
        loose = [await context.write("more") for _ in range(2)]
        return {"drafts": drafts, "remark": remark, "loose": loose}

    custom = [recipe(step(twice, engine="llm"))]
    async with gateway(database_url, engines, tmp_path, custom=custom) as client:
        story = assert_story(await client.run("test", {"topic": "x"}))
        snapshot = await client.get(story[0].generation)
    made = outputs(story)["only"]
    assert [TEXT, TEXT] == list(made.document["drafts"])  # type: ignore[arg-type]
    assert {
        "/drafts/0": TEXT,
        "/drafts/1": TEXT,
        "/remark/name": "Marisol",
        "/remark/species": "water dragon",
        "": f"{TEXT}\n\n{TEXT}",
    } == {text.field: text.text for text in snapshot.texts}
    gauges = [e.token_progress for e in story if e.HasField("token_progress")]
    tokens = [gauge.tokens for gauge in gauges]
    assert sorted(tokens) == tokens
    elapsed = [gauge.elapsed.ToNanoseconds() for gauge in gauges]
    assert sorted(elapsed) == elapsed
    assert 4 * 20 * len(WORDS) == elapsed[-1] / 1e6
    written = 4 * len(WORDS) + 2
    assert (written, 4 * 7, written) == (
        made.usage.output_tokens,
        made.usage.input_tokens,
        tokens[-1],
    )
    told = [e for e in story if e.HasField("step_progress")][-1]
    assert (1, 2) == (told.step_progress.done, told.step_progress.total)
    assert told.fraction >= 0.5


async def test_a_busy_engine_is_waited_for_in_the_middle_of_a_step(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """What the step did before is not done again, and no attempt is lost."""
    calls = 0

    async def busy(request: Any, emit: Emit) -> StepCompleted:
        nonlocal calls
        calls += 1
        if calls in (1, 3, 4):
            raise EngineBusy("busy", retry_after=0.05)
        return await write_persona(request, emit)

    async def both(context: Context) -> Document:
        return {"texts": [await context.write("a poem") for _ in range(2)]}

    engines.text = busy
    custom = [recipe(step(both, engine="llm"))]
    async with gateway(database_url, engines, tmp_path, custom=custom) as client:
        story = assert_story(await client.run("test", {"topic": "x"}))
    assert 5 == calls
    assert "step_retrying" not in kinds(story)
    assert [TEXT, TEXT] == list(outputs(story)["only"].document["texts"])  # type: ignore[arg-type]


async def test_slow_work_holds_nobody_up(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """It is done in a thread, tells how far it is from there, and others are answered meanwhile."""
    counted, answered = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    async def slow(context: Context) -> Document:
        def count(most: int, *, unit: str) -> int:
            for done in range(most):
                if done == most // 2:
                    loop.call_soon_threadsafe(counted.set)
                    if not answered.wait(20):
                        return done
                context.progress(done, most, unit)
            return most

        return {"counted": await context.work(count, 10, unit="sheep")}

    custom = [recipe(step(slow))]
    async with gateway(database_url, engines, tmp_path, custom=custom) as client:
        running = asyncio.ensure_future(client.run("test", {"topic": "x"}))
        async with asyncio.timeout(20):
            await counted.wait()
        request = generations.ListGenerationsRequest()
        (listed,) = (await client.generations.ListGenerations(request)).generations
        await client.watch(listed.name, until=lambda event: event.HasField("step_progress"))
        assert not running.done()
        answered.set()
        story = assert_story(await running)
    assert {"counted": 10} == MessageToDict(outputs(story)["only"].document)
    units = {e.step_progress.unit for e in story if e.HasField("step_progress")}
    assert {"sheep"} == units
    fractions = [e.fraction for e in story if e.HasField("step_progress")]
    assert fractions[-1] > fractions[0]


async def test_a_step_draws_a_picture_that_is_kept(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Its name stands in the document, its bytes are an asset, and it costs what pictures do."""

    async def paint(context: Context) -> Document:
        picture = await context.draw(f"a {context.input['topic']}", width=64, style="ink")
        assert PNG == picture.data
        return {"picture": picture.asset, "width": picture.width}

    (tmp_path / "prices.toml").write_text(PRICES.replace("limit = 1", "limit = 100"))
    custom = [recipe(step(paint, engine="avatar"))]
    prices = tmp_path / "prices.toml"
    async with gateway(database_url, engines, tmp_path, custom=custom, prices=prices) as client:
        story = assert_story(await client.run("test", {"topic": "pond"}, seed=5))
        made = outputs(story)["only"]
        name = made.document["picture"]
        request = assets.DownloadAssetRequest(name=name)  # type: ignore[arg-type]
        data = b"".join([part.data async for part in client.assets.DownloadAsset(request)])
    assert PNG == data
    (asked,) = engines.image_calls
    assert ("a pond", 64, "ink", 5) == (asked.prompt, asked.width, asked.style, asked.seed)
    assert (4, 7_000_000) == (made.usage.steps, made.cost.amount_micros)


async def test_what_a_step_costs_is_that_of_all_its_calls(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """As it rises, and at the end; also what was computed for a call that came to nothing."""

    async def endless(request: Any, emit: Emit) -> StepCompleted:
        emit(Progress(token_progress=progress.TokenProgress(tokens=9, tokens_per_second=50)))
        await asyncio.Event().wait()
        raise AssertionError

    async def stubborn(context: Context) -> Document:
        await context.write("a poem")
        engines.text = endless
        try:
            async with asyncio.timeout(2.0):
                await context.write("another")
        except TimeoutError:
            pass
        engines.text = write_persona
        await context.write("a third")
        return {}

    (tmp_path / "prices.toml").write_text(PRICES.replace("limit = 1", "limit = 100"))
    custom = [recipe(step(stubborn, engine="llm"))]
    prices = tmp_path / "prices.toml"
    async with gateway(database_url, engines, tmp_path, custom=custom, prices=prices) as client:
        story = assert_story(await client.run("test", {"topic": "x"}))
    made, tokens = outputs(story)["only"], 2 * len(WORDS) + 9
    assert (tokens, tokens * 1000) == (made.usage.output_tokens, made.cost.amount_micros)
    costs = [e.token_progress.cost.amount_micros for e in story if e.HasField("token_progress")]
    assert sorted(costs) == costs
