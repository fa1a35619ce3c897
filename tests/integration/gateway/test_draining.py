"""A gateway that is stopped: what it ran goes on elsewhere, and nothing that was said is lost."""

import asyncio
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import grpc
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.runtime.engine_stream import Emit
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_prefix, assert_story, kinds
from tests.support.postgres import connected
from tests.support.proxy import proxied_database
from tests.support.scripted import Engines, Gate, write_persona
from tests.support.waiting import turns, until


async def test_a_stopped_gateway_hands_over_at_once(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """The next one goes on long before the lease is over, at the step that was not finished."""
    gate = Gate(engines)
    async with gateway(database_url, engines, tmp_path, lease=60.0) as first:
        name = await first.start()
        await gate.came.wait()

    async def stopped() -> bool:
        return 1 == engines.stopped

    await until(stopped)
    gate.opened.set()
    async with gateway(database_url, engines, tmp_path, lease=60.0) as second:
        async with asyncio.timeout(20):
            events = assert_story(await second.watch(name))
        assert 1 == len((await second.agents.ListAgents(agents.ListAgentsRequest())).agents)
    assert ["recovered"] == [k for k in kinds(events) if k == "recovered"]
    assert "completed" == kinds(events)[-1]
    assert (1, 2) == (len(engines.text_calls), len(engines.image_calls))
    assert [1, 2] == [
        e.attempt for e in events if e.WhichOneof("event") == "step_started" and e.step == "avatar"
    ]


async def test_what_was_said_is_committed_before_the_lease_goes(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Text that still gathered is in the log of the next one, under its own attempt."""
    said = asyncio.Event()

    async def stop_in_mid_word(_: Any, emit: Emit) -> StepCompleted:
        for text in ("Ma", "ri", "sol"):
            emit(Progress(text_delta=progress.TextDelta(field="/name", text=text)))
            await asyncio.sleep(0.05)
        said.set()
        await asyncio.Event().wait()
        raise AssertionError

    engines.text = stop_in_mid_word
    async with gateway(database_url, engines, tmp_path, lease=60.0, text_pause=60.0) as first:
        name = await first.start()
        await said.wait()
        await turns()  # until that is heard, which nothing tells
    engines.text = write_persona
    async with gateway(database_url, engines, tmp_path, lease=60.0) as second:
        events = assert_story(await second.watch(name))
    texts = [e.text_delta.text for e in events if e.HasField("text_delta") and e.attempt == 1]
    assert "Marisol" == "".join(texts)
    assert "completed" == kinds(events)[-1]


async def test_a_lost_store_does_not_keep_a_gateway_from_stopping(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Text that cannot be committed any more is given up with the lease; the rest goes on later."""
    speaking = asyncio.Event()

    async def speak(_: Any, emit: Emit) -> StepCompleted:
        while True:
            emit(Progress(text_delta=progress.TextDelta(field="/name", text="so ")))
            speaking.set()
            await asyncio.sleep(0.01)

    engines.text = speak
    async with proxied_database(database_url) as (url, proxy), AsyncExitStack() as stack:
        first = await stack.enter_async_context(
            gateway(url, engines, tmp_path, lease=1.0, database_timeout=1.0)
        )
        name = await first.start()
        await speaking.wait()
        proxy.cut()
        await asyncio.sleep(0.2)
        async with asyncio.timeout(15):
            await stack.pop_all().aclose()
    engines.text = write_persona
    async with gateway(database_url, engines, tmp_path, lease=1.0) as second:
        assert "completed" == kinds(assert_story(await second.watch(name)))[-1]


async def test_a_step_may_end_within_its_grace(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Its result is kept, and the next gateway begins at the step after it."""
    gate = Gate(engines)
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(
            gateway(database_url, engines, tmp_path, lease=60.0, step_grace=30.0)
        )
        name = await first.start()
        await gate.came.wait()
        stopping = asyncio.ensure_future(stack.pop_all().aclose())
        await asyncio.sleep(0.3)
        assert not stopping.done()
        gate.opened.set()
        async with asyncio.timeout(10):
            await stopping
    async with gateway(database_url, engines, tmp_path, lease=60.0) as second:
        events = assert_story(await second.watch(name))
    assert ["recovered", "step_started", "step_completed", "completed"] == kinds(events)[-4:]
    assert (1, 1) == (len(engines.text_calls), len(engines.image_calls))


async def test_what_waits_for_an_engine_does_not_wait_for_the_grace(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Of two the one with the slot may go on; the other is handed over at once, and not begun."""
    gate = Gate(engines)
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(
            gateway(database_url, engines, tmp_path, lease=60.0, step_grace=30.0, avatar_slots=1)
        )
        drawn = await first.start()
        await gate.came.wait()
        waits = await first.start()
        await first.watch(waits, until=lambda e: e.WhichOneof("event") == "step_completed")
        stopping = asyncio.ensure_future(stack.pop_all().aclose())

        async def handed_over() -> bool:
            async with connected(database_url) as database:
                leased = "SELECT id FROM generations WHERE lease_expire_time IS NOT NULL"
                return [UUID(drawn.partition("/")[2])] == [
                    row["id"] for row in await database.fetch(leased)
                ]

        await until(handed_over)
        assert not stopping.done()
        gate.opened.set()
        async with asyncio.timeout(10):
            await stopping
    assert 1 == len(engines.image_calls)
    async with gateway(database_url, engines, tmp_path, lease=60.0) as second:
        for name in (drawn, waits):
            assert "completed" == kinds(assert_story(await second.watch(name)))[-1]
    assert (2, 2) == (len(engines.text_calls), len(engines.image_calls))


async def test_who_watches_is_told_of_what_ends_within_the_grace(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """The stream lasts as long as the work, and its rest is elsewhere."""
    gate = Gate(engines)
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(
            gateway(database_url, engines, tmp_path, lease=60.0, step_grace=30.0)
        )
        async with grpc.aio.insecure_channel(first.target) as channel:
            call = Client(channel).agents.CreateAgent(agents.CreateAgentRequest(description="x"))
            stream = aiter(call)
            seen = [await anext(stream)]
            await gate.came.wait()
            stopping = asyncio.ensure_future(stack.pop_all().aclose())
            await asyncio.sleep(0.5)
            gate.opened.set()
            with suppress(grpc.aio.AioRpcError):
                async for event in stream:
                    seen.append(event)  # noqa: PERF401  # those before the error count
            assert grpc.StatusCode.UNAVAILABLE == await call.code()
            await stopping
    told = assert_prefix(seen)
    assert "step_completed" == kinds(told)[-1]
    assert "avatar" == told[-1].step
