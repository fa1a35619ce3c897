"""What ended long ago keeps its snapshot and its last event; no cursor meets a gap."""

import asyncio
from pathlib import Path

import grpc
import pytest
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.store.database import Database
from services.gateway.store.log import Log
from services.gateway.store.trimming import Trimming
from services.gateway.watch.hub import Hub
from services.gateway.watch.watcher import Watcher
from services.runtime.errors import CursorTrimmed
from tests.support.calls import refusal
from tests.support.ended import long_log
from tests.support.gateway import gateway
from tests.support.oracle import assert_story, kinds
from tests.support.postgres import connected
from tests.support.scripted import Engines, Gate
from tests.support.waiting import until


async def test_what_ended_long_ago_keeps_its_snapshot_and_its_end(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Every cursor before the last event is refused; what runs, and a retry, know of nothing."""
    async with gateway(database_url, engines, tmp_path, retention=0.3) as client:
        story = assert_story(await client.hatch())
        name, last = story[0].generation, story[-1].sequence
        before = await client.get(name)

        async def trimmed() -> bool:
            async with connected(database_url) as database:
                return await database.fetchval("SELECT count(*) FROM progress") == 1

        await until(trimmed)
        assert before == await client.get(name)
        assert [story[-1]] == assert_story(await client.watch(name, last - 1), after=last - 1)
        assert [] == await client.watch(name, last)
        request = generations.WatchGenerationsRequest(
            cursors=[generations.GenerationCursor(name=name, starting_after=last - 1)]
        )
        many = client.generations.WatchGenerations(request, metadata=client.metadata)
        assert [story[-1]] == [event async for event in many]
        for after in (0, 1, last - 2):
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await client.watch(name, after)
            told = refusal(refused.value)
            assert ("CURSOR_TRIMMED", grpc.StatusCode.OUT_OF_RANGE) == (told.reason, told.code)
            assert name == told.info.metadata["generation"]
        gate = Gate(engines)
        retry = generations.RetryGenerationRequest(name=name, from_step="avatar")
        again = client.generations.RetryGeneration(retry, metadata=client.metadata)
        await gate.came.wait()
        await asyncio.sleep(0.7)
        gate.opened.set()
        assert "completed" == kinds(assert_story([event async for event in again]))[-1]


async def test_by_default_nothing_is_trimmed(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """However long ago it ended."""
    async with gateway(database_url, engines, tmp_path) as client:
        story = assert_story(await client.hatch())
        async with connected(database_url) as database:
            await database.execute("UPDATE generations SET end_time = now() - interval '9 years'")
        await asyncio.sleep(0.5)
        assert story == assert_story(await client.watch(story[0].generation))


async def test_who_reads_while_it_is_trimmed_is_told_so(
    database_url: str, database: Database
) -> None:
    """A slow reader hears what was read for it, without a gap, and then why there is no more."""
    id_ = await long_log(database_url, 900)
    heard = []

    async def write(event: bytes) -> None:
        heard.append(Progress.FromString(event).sequence)
        if len(heard) == 50:
            assert 1 == await Trimming(database).trim(0.0, 10)
            assert 0 == await Trimming(database).trim(0.0, 10)

    watcher = Watcher(Log(database), Hub(lambda _: None), heartbeat=10)
    with pytest.raises(CursorTrimmed):
        await watcher.watch(id_, 0, write)
    assert list(range(1, len(heard) + 1)) == heard
    assert 50 < len(heard) < 900
