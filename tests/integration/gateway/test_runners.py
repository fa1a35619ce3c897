"""Who runs a generation: leases and takeovers, over a real Postgres."""

import asyncio
import signal
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import pytest
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.runtime.engine_stream import Emit
from tests.support.claimed import wait_out
from tests.support.gateway import Client, gateway
from tests.support.gateway_process import gateway_process
from tests.support.oracle import assert_prefix, assert_story, kinds
from tests.support.postgres import connected, fresh_database
from tests.support.scripted import (
    Engines,
    Gate,
    draw_portrait,
    scripted_engines,
    scripted_images,
    scripted_texts,
)

# What a runner leaves that took everything over and was lost.
_LOST = """
UPDATE generations SET epoch = epoch + 1, lease_expire_time = now() - interval '1 hour'
"""


async def _agents(client: Client) -> int:
    return len((await client.agents.ListAgents(agents.ListAgentsRequest())).agents)


async def _execute(url: str, sql: str, *arguments: Any) -> Any:
    async with connected(url) as connection:
        return await connection.fetchval(sql, *arguments)


async def test_a_lease_that_ran_out_is_taken_over(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """A runner that lost its lease writes nothing more; the story goes on with the next epoch."""
    gate = Gate(engines)
    async with gateway(database_url, engines, tmp_path, lease=60.0) as client:
        name = await client.start()
        await gate.came.wait()
        watching = asyncio.ensure_future(client.watch(name))
        # Somebody else took it over, as after a long pause of this process, and died as well.
        gate.came.clear()
        await _execute(database_url, _LOST)
        await gate.came.wait()
        gate.opened.set()
        events = assert_story(await watching)
        assert 1 == await _agents(client)
    assert [3] == [e.recovered.epoch for e in events if e.HasField("recovered")]
    assert "completed" == kinds(events)[-1]
    assert 1 == len(engines.text_calls)


async def test_a_killed_gateway_is_followed_by_another(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """After SIGKILL mid-portrait another one goes on when the lease is over, with the persona."""
    gate = Gate(engines)
    settings = {"lease": "60", "poll": "0.1", "stop_grace": "1"}
    async with gateway_process(database_url, engines, tmp_path / "log", **settings) as (
        process,
        first,
    ):
        name = await first.start()
        await gate.came.wait()
        seen = assert_prefix(await first.watch(name, until=lambda e: e.step == "avatar"))
        process.send_signal(signal.SIGKILL)
        await asyncio.to_thread(process.wait)
    await wait_out(database_url, 60)
    gate.opened.set()
    async with gateway(database_url, engines, tmp_path, lease=60.0) as second:
        async with asyncio.timeout(20):
            rest = await second.watch(name, seen[-1].sequence)
        assert_story([*seen, *rest])
        assert assert_story(await second.watch(name))[: len(seen)] == seen
        assert 1 == await _agents(second)
    assert "recovered" in kinds(rest)
    assert 1 == len(engines.text_calls)


async def test_sigterm_ends_watches_and_they_go_on_elsewhere(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """A watcher gets UNAVAILABLE when its server drains, and misses nothing at the next one."""
    gate = Gate(engines)
    settings = {"lease": "60", "poll": "0.1", "stop_grace": "1"}
    async with gateway_process(database_url, engines, tmp_path / "log", **settings) as (
        process,
        first,
    ):
        name = await first.start()
        await gate.came.wait()
        call = first.generations.WatchGeneration(generations.WatchGenerationRequest(name=name))
        seen: list[Progress] = []

        async def read() -> None:
            async for event in call:
                seen.append(event)
                if event.step == "avatar":
                    process.send_signal(signal.SIGTERM)

        with pytest.raises(grpc.aio.AioRpcError) as ended:
            await read()
        assert grpc.StatusCode.UNAVAILABLE == ended.value.code()
        assert 0 == await asyncio.to_thread(process.wait, 20)
    gate.opened.set()
    cursor = assert_prefix(seen)[-1].sequence
    async with gateway(database_url, engines, tmp_path, lease=60.0) as second:
        async with asyncio.timeout(20):
            rest = await second.watch(name, cursor)
    assert_story([*seen, *rest])


async def _taken_once_too_often(client: Client, url: str, gate: Gate, also: str = "") -> str:
    """The name of a generation whose runner is lost once more than is borne, and is taken again.

    `also` changes its row meanwhile.
    """
    name = await client.start()
    await gate.came.wait()
    await _execute(url, f"UPDATE generations SET leases_lost = 5 {also}")
    await _execute(url, _LOST)
    return name


async def test_what_loses_its_runners_again_and_again_fails(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Leases that ran out many times without a finished step between them end a generation."""
    gate = Gate(engines)
    async with gateway(database_url, engines, tmp_path, lease=60.0) as client:
        name = await _taken_once_too_often(client, database_url, gate)
        events = assert_story(await client.watch(name))
    assert "failed" == kinds(events)[-1]


async def test_what_cannot_even_begin_fails_too(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Where a row cannot be read, its generation is not claimed for ever, and ends as others do."""
    gate = Gate(engines)
    async with gateway(database_url, engines, tmp_path, lease=60.0) as client:
        name = await _taken_once_too_often(client, database_url, gate, ", request = 'nonsense'")
        events = assert_story(await client.watch(name))
        error = events[-1].failed.error
        listed = await client.generations.ListGenerations(generations.ListGenerationsRequest())
        assert [error] == [generation.error for generation in listed.generations]
        told = await client.get(name)
        await _execute(database_url, "DELETE FROM progress WHERE sequence < $1", told.last_sequence)
        assert told == await client.get(name)
    assert (error, events[-1].sequence) == (told.error, told.last_sequence)
    assert "failed" == kinds(events)[-1]
    assert ["persona", "avatar", "save"] == [step.step for step in told.steps]


async def test_a_runner_that_stood_still_may_owe_that_to_what_it_runs(
    database_url: str, engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What blocks its gateway for a whole lease, again and again, fails at last."""
    blocks = asyncio.Event()

    async def block(request: Any, emit: Emit) -> StepCompleted:
        blocks.set()
        time.sleep(0.8)  # noqa: ASYNC251  # that is what is wrong with it
        await asyncio.sleep(0.2)
        return await draw_portrait(request, emit)

    engines.image = block
    async with gateway(database_url, engines, tmp_path, lease=0.5, poll=0.1) as client:
        events = assert_story(await client.hatch())
    assert "failed" == kinds(events)[-1]


async def test_two_gateways_are_one_house(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """What one runs the other watches, waits for and cancels; both tell the same story."""
    gate = Gate(engines)
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    async with (
        gateway(database_url, engines, tmp_path / "a", lease=60.0) as here,
        gateway(database_url, engines, tmp_path / "b", lease=60.0) as there,
    ):
        name = await here.start()
        watching = [asyncio.ensure_future(c.watch(name)) for c in (here, there, there)]
        waiting = asyncio.ensure_future(
            there.generations.WaitGeneration(generations.WaitGenerationRequest(name=name))
        )
        await gate.came.wait()
        gate.opened.set()
        stories = [assert_story(stream) for stream in await asyncio.gather(*watching)]
        assert stories[0] == stories[1] == stories[2]
        assert generations.Generation.STATE_COMPLETED == (await waiting).state
        gate.opened.clear()
        for owner, other in ((here, there), (there, here)):
            gate.came.clear()
            name = await owner.start()
            await gate.came.wait()
            async with asyncio.timeout(20):
                await other.cancel(name)
                events = assert_story(await other.watch(name))
            assert "cancelled" == kinds(events)[-1]
            assert assert_story(events) == await owner.watch(name)


async def test_an_owner_with_many_waiting_does_not_hold_up_another(
    postgres_url: str, tmp_path: Path
) -> None:
    """With one place to run, the second owner's first is run before the first owner's third."""
    async with fresh_database(postgres_url) as url, scripted_engines() as engines:
        gate = Gate(engines)
        async with gateway(url, engines, tmp_path, max_running=1) as client:
            greedy, modest = client.as_owner("greedy"), client.as_owner("modest")
            names = [await greedy.start() for _ in range(6)]
            await gate.came.wait()
            late = await modest.start()
            gate.opened.set()
            await modest.watch(late)
            for name in names:
                await greedy.watch(name)
        begun = await asyncpg.connect(url)
        rows = await begun.fetch("SELECT owner FROM generations ORDER BY start_time")
        await begun.close()
    assert "modest" in [row["owner"] for row in rows][:3]


async def test_an_engine_that_dies_in_mid_stream_is_tried_again(
    database_url: str, tmp_path: Path
) -> None:
    """Its service is away for a while; when it is back the next attempt finishes."""
    engines, came = Engines(), asyncio.Event()

    async def dying(request: Any, emit: Emit) -> StepCompleted:
        emit(Progress(fraction=0.5))
        came.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with AsyncExitStack() as stack:
        await stack.enter_async_context(scripted_texts(engines))
        async with scripted_images(engines):
            engines.image = dying
            client = await stack.enter_async_context(gateway(database_url, engines, tmp_path))
            name = await client.start()
            watching = asyncio.ensure_future(client.watch(name))
            await came.wait()
        engines.image = draw_portrait
        call = client.generations.WatchGeneration(generations.WatchGenerationRequest(name=name))
        async for event in call:
            if event.WhichOneof("event") == "step_retrying":
                break
        async with scripted_images(engines):
            events = assert_story(await watching)
    retrying = [e for e in events if e.WhichOneof("event") == "step_retrying"]
    assert retrying
    assert {"avatar"} == {e.step for e in retrying}
    assert "completed" == kinds(events)[-1]
    drawn = [e for e in events if e.step == "avatar" and e.HasField("step_completed")]
    assert not drawn[0].step_completed.HasField("fallback")
