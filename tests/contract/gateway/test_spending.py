"""What things cost, told as it rises, and budgets that hold whatever happens at once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
import pytest_asyncio
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.gateway.v1 import model_service_pb2 as models
from hatchery.gateway.v1.artifact_service_pb2 import Artifact, CreateArtifactRequest
from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from tests.contract.gateway.conftest import PRICES
from tests.support.calls import RPCS, Refusal, call
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story
from tests.support.pictures import as_file, at_dusk
from tests.support.postgres import connected
from tests.support.scripted import HOLD, WORDS, Engines, write_text
from tests.support.waiting import until

# A brick is a thousand tokens that are written; what is read costs a tenth.
_PRICES = PRICES.replace("output = 1", "output = 1\ninput = 0.1").replace(
    "picture = 7", "picture = 0.2"
)


@pytest_asyncio.fixture
async def priced(database_url: str, engines: Engines, tmp_path: Path) -> AsyncIterator[Client]:
    """A client of a gateway with prices, who may spend ten bricks."""
    prices = tmp_path / "prices.toml"
    prices.write_text(_PRICES.replace("limit = 1", "limit = 10"))
    async with gateway(database_url, engines, tmp_path, prices=prices, owner_running=50) as client:
        yield client


async def _budget(client: Client) -> tuple[float, float, float]:
    """The limit, what is spent, and what is reserved, in bricks."""
    told = (
        await client.generations.QueryGenerationStats(generations.QueryGenerationStatsRequest())
    ).budget
    assert {"bricks"} == {cost.unit for cost in (told.limit, told.spent, told.reserved)}
    assert 3600 == told.period.seconds
    parts = (told.limit, told.spent, told.reserved)
    return tuple(cost.amount_micros / 1e6 for cost in parts)  # type: ignore[return-value]


async def test_the_cost_rises_with_the_text(priced: Client) -> None:
    """In each gauge, at the end of the step, in the snapshot, with the artifact and the list."""
    story = assert_story(await priced.write())
    gauges = [e.token_progress for e in story if e.HasField("token_progress")]
    costs = [gauge.cost.amount_micros for gauge in gauges]
    # Seven tokens were read, and whatever is in the gauge was written.
    assert [gauge.tokens * 1000 + 700 for gauge in gauges] == costs
    (ended,) = [
        e.step_completed for e in story if e.step == "write" and e.HasField("step_completed")
    ]
    paid = (len(WORDS) * 1000 + 700, "bricks")
    assert paid == (ended.cost.amount_micros, ended.cost.unit)
    generation = await priced.get(story[0].generation)
    artifact = await priced.artifact(generation.artifact)
    (listed,) = (
        await priced.generations.ListGenerations(generations.ListGenerationsRequest())
    ).generations
    for cost in (generation.cost, artifact.cost, listed.cost):
        assert paid == (cost.amount_micros, cost.unit)
    assert (10.0, paid[0] / 1e6, 0.0) == await _budget(priced)


async def test_pictures_have_a_price_of_their_own(priced: Client) -> None:
    """A companion costs its persona and its portrait; what a retry keeps is not paid twice."""
    story = assert_story(await priced.hatch())
    costs = {
        e.step: e.step_completed.cost.amount_micros for e in story if e.HasField("step_completed")
    }
    assert (200_000, 0) == (costs["avatar"], costs["save"])
    assert costs["persona"] > 0
    retry = generations.RetryGenerationRequest(name=story[0].generation, from_step="avatar")
    again = assert_story([e async for e in priced.generations.RetryGeneration(retry)])
    assert 200_000 == (await priced.get(again[0].generation)).cost.amount_micros


async def test_models_tell_their_prices(priced: Client) -> None:
    """Those of the list, in millionths of its unit."""
    listed = await priced.models.ListModels(models.ListModelsRequest())
    assert {("bricks", 100_000, 1_000_000, 200_000)} == {
        (m.price.unit, m.price.input_micros, m.price.output_micros, m.price.picture_micros)
        for m in listed.models
    }


async def test_a_budget_holds_for_calls_of_the_same_moment(priced: Client) -> None:
    """Of twenty at once, each of which may cost two and a half bricks, those that fit are taken."""

    async def begin() -> str:
        try:
            return await priced.begin_writing(f"{HOLD}a poem", max_tokens=830)
        except grpc.aio.AioRpcError as error:
            refusals.append(error.details() or "")
            return ""

    refusals: list[str] = []

    names = [name for name in await asyncio.gather(*(begin() for _ in range(20))) if name]
    # Each also reads a prompt.
    assert 3 <= len(names) <= 4
    assert 20 == len(names) + len(refusals)
    assert all("left of 10" in refusal for refusal in refusals)
    _, spent, reserved = await _budget(priced)
    assert 0 == spent
    assert reserved <= 10
    for name in names:
        await priced.cancel(name)
        await priced.watch(name)
    # What was stopped before it wrote costs nothing, and reserves nothing any more.
    assert (10.0, 0.0, 0.0) == await _budget(priced)


async def test_what_is_stopped_costs_what_it_had_written(priced: Client, engines: Engines) -> None:
    """Nobody reads for nothing by leaving just before the end."""

    async def write(request: Any, emit: Any) -> StepCompleted:
        await write_text(request, emit)
        await asyncio.Event().wait()
        raise AssertionError

    engines.text = write
    name = await priced.begin_writing()
    await priced.watch(name, until=lambda event: event.token_progress.tokens == len(WORDS))
    await priced.cancel(name)
    await priced.watch(name)
    _, spent, reserved = await _budget(priced)
    assert (len(WORDS) * 1000 + 700) / 1e6 == spent
    assert 0 == reserved


async def test_a_request_that_was_accepted_is_not_refused_again(priced: Client) -> None:
    """Its money is reserved already: the same request id attaches."""
    request_id = "5a0d1d6e-0000-4000-8000-000000000001"
    first = await priced.write("x", max_tokens=3280, request_id=request_id)
    await priced.write("y", max_tokens=3280)
    with pytest.raises(grpc.aio.AioRpcError):
        await priced.write("z", max_tokens=3333)
    assert first == await priced.write("x", max_tokens=3280, request_id=request_id)


async def test_nobody_pays_for_somebody_else(priced: Client) -> None:
    """Budgets are per owner."""
    alice, bob = priced.as_owner("alice"), priced.as_owner("bob")
    await alice.write()
    told = await bob.generations.QueryGenerationStats(
        generations.QueryGenerationStatsRequest(), metadata=bob.metadata
    )
    assert (0, 0) == (told.budget.spent.amount_micros, told.budget.reserved.amount_micros)


async def test_tries_that_failed_cost_what_they_wrote(priced: Client, engines: Engines) -> None:
    """Nobody reads for nothing by asking for what fails its check; all tries are reserved."""
    engines.text = write_text  # no app
    held = asyncio.ensure_future(_budget_while_it_runs(priced, engines))
    story = assert_story(await priced.write("x", kind=Artifact.KIND_APP, max_tokens=1000))
    assert "failed" == story[-1].WhichOneof("event")
    once = len(WORDS) * 1000 + 700
    assert 2 * once == (await priced.get(story[0].generation)).cost.amount_micros
    assert (10.0, 2 * once / 1e6, 0.0) == await _budget(priced)
    assert 2 * 1.0 < await held < 2 * 1.2


async def _budget_while_it_runs(client: Client, engines: Engines) -> float:
    async def begun() -> bool:
        return bool(engines.text_calls)

    await until(begun)
    return (await _budget(client))[2]


async def test_a_pause_does_not_lose_the_price(priced: Client, engines: Engines) -> None:
    """What goes on costs what it would have cost at once."""

    async def write(request: Any, emit: Any) -> StepCompleted:
        if request.prefix:
            return await write_text(request, emit)
        emit(Progress(prompt_progress=progress.PromptProgress(processed=7, total=7)))
        emit(Progress(text_delta=progress.TextDelta(text="The tide")))
        gauge = progress.TokenProgress(tokens=2, tokens_per_second=50)
        emit(Progress(token_progress=gauge))
        await asyncio.Event().wait()
        raise AssertionError

    engines.text = write
    name = await priced.begin_writing()
    await priced.watch(name, until=lambda event: event.token_progress.tokens == 2)
    await priced.pause(name)

    async def paused() -> bool:
        return (await priced.get(name)).state == generations.Generation.STATE_PAUSED

    await until(paused)
    assert 2700 == (await priced.get(name)).cost.amount_micros
    await priced.resume(name)
    assert_story(await priced.watch(name))
    assert len(WORDS) * 1000 + 700 == (await priced.get(name)).cost.amount_micros


async def test_a_price_is_that_of_when_it_was_accepted(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """A replica with another list, or none, goes on at what was agreed on."""
    prices = tmp_path / "prices.toml"
    prices.write_text(_PRICES.replace("limit = 1", "limit = 10"))
    async with gateway(database_url, engines, tmp_path, prices=prices, max_running=0) as first:
        name = await first.begin_writing()
    async with gateway(database_url, engines, tmp_path) as second:
        story = assert_story(await second.watch(name))
    ended = next(e for e in story if e.step == "write" and e.HasField("step_completed"))
    assert len(WORDS) * 1000 + 700 == ended.step_completed.cost.amount_micros


async def test_what_looks_is_priced_as_what_looks(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """A picture is put into words by the model that can see, and at its price."""
    engines.eyes = ("seer",)
    prices, picture = tmp_path / "prices.toml", as_file(at_dusk(), "PNG")
    prices.write_text(_PRICES.replace("limit = 1", "limit = 100"))
    async with gateway(database_url, engines, tmp_path, prices=prices) as client:
        story = assert_story(await client.hatch("", reference_image=picture))
    described = next(e for e in story if e.step == "describe" and e.HasField("step_completed"))
    # It has no price in the list, and the one that cannot see has one.
    assert not described.step_completed.HasField("cost")
    written = next(e for e in story if e.step == "details" and e.HasField("step_completed"))
    assert written.step_completed.cost.amount_micros > 0


async def test_it_is_said_when_enough_is_left_again(priced: Client, database_url: str) -> None:
    """By when so much will have been spent before the period; never, where that is not enough."""
    for _ in range(2):
        await priced.write()
    async with connected(database_url) as connection:
        for minutes, micros in ((50, 1_000_000), (20, 6_000_000)):
            await connection.execute(
                "UPDATE generations SET end_time = now() - $1::int * interval '1 minute',"
                " cost_micros = $2 WHERE id = (SELECT id FROM generations"
                " WHERE cost_micros < 100000 LIMIT 1)",
                minutes,
                micros,
            )
    asked = []
    for tokens in (1200, 2000, 4000):
        request = CreateArtifactRequest(prompt="x", max_tokens=tokens)
        refused = await call(priced.channel, RPCS["ArtifactService.CreateArtifact"], request)
        assert isinstance(refused, Refusal)
        asked.append(round(refused.retry_after / 60))
    # Three are left, and each is reserved three times: ten minutes bring one more, forty all.
    assert [10, 40, 0] == asked
