"""Watching: from any cursor, at any pace, through outages, and leaving nothing behind."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import grpc
import psutil
import pytest
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from deploy.local.postgres import serving
from services.gateway.store.database import open_database
from services.gateway.store.log import Log
from services.gateway.watch.hub import Hub
from services.gateway.watch.watcher import Watcher
from services.runtime.engine_stream import Emit
from tests.support.ended import long_log
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_prefix, assert_story, kinds
from tests.support.ports import free_port
from tests.support.scripted import Engines, draw_portrait


async def test_a_long_log_replays_and_a_slow_reader_holds_up_nobody(
    database_url: str, client: Client
) -> None:
    """Readers that never read stand still in bounded memory while another gets 5,000 events."""
    name = f"generations/{await long_log(database_url, 5000)}"
    request = generations.WatchGenerationRequest(name=name)
    memory = psutil.Process().memory_info
    # A window that does not grow: what the readers' own side buffers is not what is measured.
    options = [("grpc.http2.bdp_probe", 0), ("grpc.use_local_subchannel_pool", 1)]
    async with grpc.aio.insecure_channel(client.target, options=options) as channel:
        before = memory().rss
        stalled = [Client(channel).generations.WatchGeneration(request) for _ in range(20)]
        for call in stalled:
            await call.read()
        assert 5000 == len(assert_story(await client.watch(name)))
        # Twenty whole logs would be 100 MB; the one that was read is held here, too.
        assert memory().rss - before < 60_000_000
        assert 2500 == len(assert_story(await client.watch(name, 2500), after=2500))


async def test_a_slow_reader_holds_a_page_and_no_more(database_url: str) -> None:
    """While its reader stands still, a watcher reads no further than the page it has."""
    id_ = await long_log(database_url, 1000)
    async with open_database(database_url) as database:
        reads = 0

        class Counting(Log):
            async def read(self, *arguments: Any) -> list[tuple[int, bytes]]:
                nonlocal reads
                reads += 1
                return await super().read(*arguments)

        gone, reached, written = asyncio.Semaphore(0), asyncio.Event(), 0

        async def write(_: bytes) -> None:
            nonlocal written
            await gone.acquire()
            written += 1
            if written == 150:
                reached.set()

        watcher = Watcher(Counting(database), Hub(lambda _: None), heartbeat=10)
        task = asyncio.ensure_future(watcher.watch(id_, 0, write))
        for _ in range(150):
            gone.release()
        async with asyncio.timeout(10):
            await reached.wait()
        assert 1 == reads
        for _ in range(850):
            gone.release()
        await task
        assert 1000 == written
        assert reads <= 6


async def test_a_client_that_goes_leaves_no_task(client: Client, engines: Engines) -> None:
    """After fifty watchers cancelled, the server has as many tasks as before."""

    async def endless(*_: Any) -> StepCompleted:
        await asyncio.Event().wait()
        raise AssertionError

    engines.image = endless
    name = await client.start()
    await _reach(client, name, "avatar")
    base = len(asyncio.all_tasks())
    request = generations.WatchGenerationRequest(name=name)
    calls = [client.generations.WatchGeneration(request) for _ in range(50)]
    for call in calls:
        await call.read()
    assert len(asyncio.all_tasks()) > base + 50
    for call in calls:
        call.cancel()
    async with asyncio.timeout(5):
        while len(asyncio.all_tasks()) > base:  # noqa: ASYNC110 - nobody tells of a task's end
            await asyncio.sleep(0.01)


async def test_a_deadline_ends_the_stream_and_not_the_generation(
    client: Client, engines: Engines
) -> None:
    """DEADLINE_EXCEEDED for the caller; the work goes on and is whole for the next watcher."""
    going = asyncio.Event()

    async def slow(request: Any, emit: Emit) -> StepCompleted:
        await going.wait()
        return await draw_portrait(request, emit)

    engines.image = slow
    call = client.agents.CreateAgent(agents.CreateAgentRequest(description="x"), timeout=4)
    seen: list[Progress] = []

    async def read() -> None:
        async for event in call:
            seen.append(event)  # noqa: PERF401 - what came before the deadline counts

    with pytest.raises(grpc.aio.AioRpcError) as ended:
        await read()
    assert grpc.StatusCode.DEADLINE_EXCEEDED == ended.value.code()
    going.set()
    numbered = assert_prefix(seen)
    rest = await client.watch(numbered[0].generation, numbered[-1].sequence)
    assert "completed" == kinds(assert_story([*numbered, *rest]))[-1]
    assert 0 == engines.stopped


async def test_a_silent_resumed_stream_stands_where_it_stood(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """A heartbeat after a cursor carries the fraction of the event at that cursor, not zero."""

    async def endless(*_: Any) -> StepCompleted:
        await asyncio.Event().wait()
        raise AssertionError

    engines.image = endless
    async with gateway(database_url, engines, tmp_path, heartbeat=0.2) as client:
        name = await client.start()
        seen = assert_prefix(await _reach(client, name, "avatar"))
        last = seen[-1]
        assert last.fraction > 0.5
        call = client.generations.WatchGeneration(
            generations.WatchGenerationRequest(name=name, starting_after=last.sequence)
        )
        beat = await call.read()
        call.cancel()
        assert isinstance(beat, Progress)
    assert ("heartbeat", last.fraction) == (beat.WhichOneof("event"), beat.fraction)


async def test_a_restart_of_postgres_is_a_pause(tmp_path: Path, engines: Engines) -> None:
    """Postgres stops and starts in mid-generation: the open stream stands still, then goes on."""
    going, came = asyncio.Event(), asyncio.Event()

    async def slow(request: Any, emit: Emit) -> StepCompleted:
        came.set()
        for number in range(1000):
            emit(
                Progress(
                    text_delta=progress.TextDelta(field="/note", text=f"{number} "),
                    fraction=number / 1000,
                )
            )
            await asyncio.sleep(0.01)
            if going.is_set():
                break
        return await draw_portrait(request, emit)

    engines.image = slow
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="hatchery-test-") as folder:
        Path(folder).chmod(0o755)  # noqa: ASYNC240 - once, before anything runs
        async with asyncio.TaskGroup() as group:
            stop, stopped, start = asyncio.Event(), asyncio.Event(), asyncio.Event()
            started, over = asyncio.Future[str](), asyncio.Event()

            async def postgres() -> None:
                async with serving(Path(folder) / "state", port) as url:
                    started.set_result(url)
                    await stop.wait()
                stopped.set()
                await start.wait()
                async with serving(Path(folder) / "state", port):
                    await over.wait()

            group.create_task(postgres())
            async with gateway(await started, engines, tmp_path, lease=2.0) as client:
                name = await client.start()
                watching = asyncio.ensure_future(client.watch(name))
                await came.wait()
                stop.set()
                await stopped.wait()
                start.set()
                going.set()
                events = assert_story(await watching)
                assert events == await client.watch(name)
            over.set()
    assert "completed" == kinds(events)[-1]
    assert 1 == len(engines.text_calls)


async def _reach(client: Client, name: str, step: str) -> list[Progress]:
    events = []
    call = client.generations.WatchGeneration(generations.WatchGenerationRequest(name=name))
    async for event in call:
        events.append(event)
        if event.step == step:
            break
    call.cancel()
    return events
