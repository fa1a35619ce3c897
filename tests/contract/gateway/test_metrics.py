"""What a gateway measures, read at its own port as Prometheus does."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import grpc
import psutil
import pytest
from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.runtime.errors import EngineFailed, OutputInvalid, PromptTooLong
from services.runtime.prometheus import MetricsListenFailed
from tests.support.gateway import gateway
from tests.support.measured import Measured, measured_gateway
from tests.support.oracle import assert_story
from tests.support.ports import free_port
from tests.support.scraping import listed_in
from tests.support.scripted import WORDS, Engines, Gate, draw_portrait, write_persona
from tests.support.waiting import until

PAGE = Path(__file__).parents[3] / "docs" / "metrics.md"
WATCH = "hatchery.gateway.v1.GenerationService/WatchGeneration"
CREATE = "hatchery.gateway.v1.AgentService/CreateAgent"


@pytest.fixture
async def measured(database_url: str, engines: Engines, tmp_path: Path) -> AsyncIterator[Measured]:
    """A gateway with metrics."""
    async with measured_gateway(database_url, engines, tmp_path, owner_running=4) as there:
        yield there


async def test_a_hatching_is_measured_step_by_step(measured: Measured) -> None:
    """Each step with its recipe, engine and model; its updates; the stream and its events."""
    story = assert_story(await measured.client.hatch())
    await measured.client.write()
    seen = await measured.scrape(ended=2)
    for step in ("persona", "avatar", "save"):
        here = {"hatchery_recipe": "create_agent", "hatchery_step": step}
        model = {"gen_ai_response_model": "" if step == "save" else "script"}
        assert 1 == seen("hatchery_step_duration_seconds_count", **here, **model)
        logged = [event for event in story if event.step == step]
        assert len(logged) - 1 == seen("hatchery_step_update_gap_seconds_count", **here)
        took = (logged[-1].emit_time.ToNanoseconds() - logged[0].emit_time.ToNanoseconds()) / 1e9
        assert took == pytest.approx(seen("hatchery_step_update_gap_seconds_sum", **here), abs=1e-4)
        assert 0 < seen("hatchery_step_duration_seconds_sum", **here) <= took + 0.01
    assert len(story) == seen("hatchery_stream_event_latency_seconds_count", grpc_method=CREATE)
    assert 0 < seen("hatchery_stream_event_latency_seconds_sum", grpc_method=CREATE)
    ended = {"grpc_method": CREATE, "hatchery_outcome": "completed"}
    assert 1 == seen("hatchery_stream_ended_total", **ended)
    assert 0 == seen("hatchery_stream_active")
    first = [seen(f"hatchery_stream_first_event_duration_seconds_{of}") for of in ("count", "sum")]
    assert 2 == first[0]
    assert 0 < first[1] < 10
    assert [2, 1] == [  # a text is one to its first word, a portrait to its first stroke
        seen(
            "gen_ai_client_operation_time_to_first_chunk_seconds_count",
            gen_ai_operation_name=operation,
            gen_ai_provider_name="scripted",
            gen_ai_response_model="script",
        )
        for operation in ("chat", "generate_content")
    ]
    assert 1 == seen("hatchery_ready")
    output = {"gen_ai_token_type": "output", "gen_ai_operation_name": "chat"}
    assert 9 + len(WORDS) == seen("gen_ai_client_token_usage_sum", **output)
    assert (1, 50) == tuple(
        seen(f"hatchery_step_token_rate_per_second_{of}", hatchery_step="write")
        for of in ("count", "sum")
    )
    generations = {"hatchery_recipe": "create_agent", "hatchery_state": "COMPLETED"}
    assert 1 == seen("hatchery_generation_duration_seconds_count", **generations)
    assert [2, 2, 1] == [
        seen("hatchery_queue_duration_seconds_count", hatchery_queue=queue)
        for queue in ("generation", "llm", "avatar")
    ]
    calls = {"grpc_method": CREATE, "grpc_status": "OK"}
    assert 1 == seen("grpc_server_call_duration_seconds_count", **calls)


async def test_failures_are_measured_by_their_reasons(measured: Measured) -> None:
    """Tries, what stood in for a result and why, and whole generations; calls by their code."""
    errors = [EngineFailed("x"), OutputInvalid("x"), OutputInvalid("x"), OutputInvalid("x")]

    async def fail(request: Any, emit: Any) -> StepCompleted:
        if errors:
            raise errors.pop(0)
        return await write_persona(request, emit)

    async def paint(_: Any, __: Any) -> StepCompleted:
        raise EngineFailed("no paint")

    measured.engines.text, measured.engines.image = fail, paint
    assert "failed" == (await measured.client.hatch())[-1].WhichOneof("event")
    assert "completed" == (await measured.client.hatch())[-1].WhichOneof("event")
    with pytest.raises(grpc.aio.AioRpcError):
        await measured.client.watch("generations/00000000-0000-4000-8000-000000000000")
    seen = await measured.scrape(ended=2)
    persona, avatar = ({"hatchery_step": step} for step in ("persona", "avatar"))
    assert [1, 3, 3] == [
        seen("hatchery_step_failures_total", **step, error_type=reason)
        for step, reason in (
            (persona, "ENGINE_FAILED"),
            (persona, "OUTPUT_INVALID"),
            (avatar, "ENGINE_FAILED"),
        )
    ]
    stood_in = {"hatchery_substitute": "placeholder", "error_type": "ENGINE_FAILED"}
    assert 1 == seen("hatchery_step_fallbacks_total", **avatar, **stood_in)
    assert [1, 1] == [
        seen("hatchery_generation_duration_seconds_count", hatchery_state=state, error_type=reason)
        for state, reason in (("FAILED", "OUTPUT_INVALID"), ("COMPLETED", ""))
    ]
    missing = {"grpc_method": WATCH, "grpc_status": "NOT_FOUND"}
    name = "grpc_server_call_duration_seconds_count"

    async def there() -> bool:  # the caller may be told before the call is over
        return (await measured.scrape())(name, **missing) == 1

    await until(there)
    refused = {"hatchery_outcome": "failed", "error_type": "RESOURCE_NOT_FOUND"}
    assert 1 == seen("hatchery_stream_ended_total", grpc_method=WATCH, **refused)


async def test_estimates_are_measured_by_what_they_rest_on(measured: Measured) -> None:
    """A guess at first, then what the run before took; quick steps and substitutes are left out."""
    ratio = "hatchery_step_estimate_ratio"

    async def slowly(request: Any, emit: Any) -> StepCompleted:
        await asyncio.sleep(0.5)
        return await write_persona(request, emit)

    async def paint(_: Any, __: Any) -> StepCompleted:
        await asyncio.sleep(0.3)
        raise PromptTooLong("no paint")

    measured.engines.text, measured.engines.image = slowly, paint
    stories = [assert_story(await measured.client.hatch()) for _ in range(2)]
    seen = await measured.scrape()
    assert 2 == seen(f"{ratio}_count", hatchery_step="persona")
    guessed, known = (
        seen(f"{ratio}_sum", hatchery_step="persona", hatchery_estimate_basis=basis)
        for basis in ("guess", "history")
    )
    (guess, before), (expected, took) = (_expected_and_took(story) for story in stories)
    assert before / guess == pytest.approx(guessed, rel=0.2)
    assert took / expected == pytest.approx(known, rel=0.2)
    assert before == pytest.approx(expected, rel=0.2)


def _expected_and_took(story: Sequence[Progress]) -> tuple[float, float]:
    """How long the persona was expected to take, and took, in seconds."""
    begun, *_, done = (event for event in story if event.step == "persona")
    took = done.emit_time.ToNanoseconds() - begun.emit_time.ToNanoseconds()
    return begun.step_started.expected.expected.ToNanoseconds() / 1e9, took / 1e9


async def test_what_goes_on_is_measured_while_it_does(measured: Measured) -> None:
    """Streams that are open, logs that are followed, what runs, and who waits in line."""
    gate = Gate(measured.engines)
    queues = ("generation", "llm", "avatar")
    names = [await measured.client.start() for _ in range(5)]
    await gate.came.wait()
    watching = asyncio.ensure_future(measured.client.watch(names[0]))

    async def settled() -> bool:
        seen = await measured.scrape()
        waiting = [seen("hatchery_queue_length", hatchery_queue=queue) for queue in queues]
        # Two may draw at once, and four of one owner's run.
        return [4, 1, 1, 1, 0, 2] == [
            seen("hatchery_generation_active"),
            seen("hatchery_stream_active", grpc_method=WATCH),
            seen("hatchery_watchers"),
            *waiting,
        ]

    await until(settled, seconds=10)

    async def have_left() -> bool:
        seen = await measured.scrape()
        return seen("hatchery_stream_ended_total", hatchery_outcome="left") == 5

    await until(have_left)
    gate.opened.set()
    measured.engines.image = draw_portrait
    await watching
    for name in names:
        assert_story(await measured.client.watch(name))

    async def is_over() -> bool:
        seen = await measured.scrape()
        names = ("generation_active", "stream_active", "watchers")
        return [0, 0, 0] == [seen(f"hatchery_{name}") for name in names]

    await until(is_over)
    seen = await measured.scrape()
    assert 0 < seen("hatchery_queue_duration_seconds_sum", hatchery_queue="avatar")


async def test_the_page_lists_what_is_exported(
    measured: Measured, database_url: str, tmp_path: Path
) -> None:
    """All that can be read is in docs/metrics.md, each with its labels, and nothing else is.

    It takes a hatching with a substitute, a failure, a refusal, and who follows elsewhere.
    """
    errors = [PromptTooLong("x")]

    async def slowly(request: Any, emit: Any) -> StepCompleted:
        if errors:
            raise errors.pop()
        await asyncio.sleep(0.25)
        return await write_persona(request, emit)

    async def paint(_: Any, __: Any) -> StepCompleted:
        raise EngineFailed("no paint")

    measured.engines.text, measured.engines.image = slowly, paint
    assert "failed" == (await measured.client.hatch())[-1].WhichOneof("event")
    with pytest.raises(grpc.aio.AioRpcError):
        await measured.client.watch("generations/00000000-0000-4000-8000-000000000000")
    async with measured_gateway(database_url, measured.engines, tmp_path, max_running=0) as there:
        name = await measured.client.start()
        assert_story(await there.client.watch(name))
        elsewhere = await there.scrape()
    await measured.client.write()
    seen = await measured.scrape()
    listed = listed_in(PAGE, "Every service", "gateway")
    assert set(listed) == (seen.names | elsewhere.names) - {"target_info"}
    for name, labels in listed.items():
        # What nothing fell back from, and what did not fail, has no reason.
        assert labels == seen.labels_of(name) | elsewhere.labels_of(name), name


async def test_nobody_is_in_it(measured: Measured) -> None:
    """No owner, no id and no word of what anybody said."""
    ada = measured.client.as_owner("ada-lovelace")
    story = await ada.hatch("an unmistakable zebra")
    await ada.get(story[0].generation)
    with pytest.raises(grpc.aio.AioRpcError):
        await ada.hatch("x" * 100_000)
    with pytest.raises(grpc.aio.AioRpcError):
        await ada.write("zebras", model="a model of unmistakable zebras")
    unknown: Any = ada.channel.unary_unary("/hatchery.Zebra/Hatch")
    with pytest.raises(grpc.aio.AioRpcError):
        await unknown(b"")
    seen = await measured.scrape()
    assert not re.search(r"lovelace|zebra|[0-9a-f]{8}-[0-9a-f]{4}", seen.text, re.IGNORECASE)
    assert {"", "script"} == seen.labels("gen_ai_response_model")


async def test_nothing_is_served_unless_it_is_asked_for(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """A gateway without the setting listens where its calls come, and nowhere else."""
    before = _listening()
    async with gateway(database_url, engines, tmp_path) as client:
        assert_story(await client.hatch())
        assert {int(client.target.rpartition(":")[2])} == _listening() - before


async def test_it_is_served_at_its_own_address_until_the_end(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """On loopback alone where that is asked for; an address that is taken is told in words."""
    port, before = free_port(), _listening()
    listen = f"127.0.0.1:{port}"
    async with gateway(database_url, engines, tmp_path, metrics_listen=listen) as client:
        assert {port, int(client.target.rpartition(":")[2])} == _listening() - before
        assert ("127.0.0.1", port) in _addresses()
        with pytest.raises(MetricsListenFailed, match=f"cannot serve metrics at {listen}"):
            async with gateway(database_url, engines, tmp_path, metrics_listen=listen):
                pass
        stats = await client.generations.QueryGenerationStats(pb.QueryGenerationStatsRequest())
        assert pb.QueryGenerationStatsResponse() == stats
    assert before == _listening()


def _addresses() -> set[tuple[str, int]]:
    connections = psutil.Process(os.getpid()).net_connections("tcp")
    return {(c.laddr.ip, c.laddr.port) for c in connections if c.status == psutil.CONN_LISTEN}


def _listening() -> set[int]:
    return {port for _, port in _addresses()}
