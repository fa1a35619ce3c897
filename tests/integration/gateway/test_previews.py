"""Previews at other replicas, and for those who come late."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.runtime.engine_stream import Emit
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_fractions, assert_story
from tests.support.scripted import PNG, Engines, draw_portrait


def preview(index: int) -> Progress:
    """A picture in the making."""
    made = progress.Preview(image=PNG, media_type="image/png", width=1, height=1, index=index)
    return Progress(preview=made, fraction=0.1 * index)


async def until_preview(client: Client, name: str, index: int = 0) -> list[Progress]:
    """Watches from the beginning up to a preview, the one of an index or any."""
    async with asyncio.timeout(5):
        return await client.watch(
            name, until=lambda e: e.HasField("preview") and e.preview.index >= index
        )


async def test_previews_reach_every_replica_and_whoever_comes_late(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Seen here, there, and by one who joins when nothing more is drawn; gone with the end."""
    came, going = asyncio.Event(), asyncio.Event()

    async def slow(request: Any, emit: Emit) -> StepCompleted:
        emit(preview(1))
        await asyncio.sleep(0.1)
        emit(preview(2))
        came.set()
        await going.wait()
        return await draw_portrait(request, emit)

    engines.image = slow
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    async with (
        gateway(database_url, engines, tmp_path / "a") as one,
        gateway(database_url, engines, tmp_path / "b") as two,
    ):
        name = await one.start()
        watching = [asyncio.ensure_future(until_preview(client, name, 2)) for client in (one, two)]
        for watched in watching:
            assert_fractions(await watched)
        await came.wait()
        for late in (one, two):
            assert 2 == (await until_preview(late, name))[-1].preview.index
        going.set()
        for client in (one, two):
            assert_story(await client.watch(name))
    connection = await asyncpg.connect(database_url)
    assert 0 == await connection.fetchval("SELECT count(*) FROM previews")
    await connection.close()


async def test_a_preview_of_an_attempt_that_is_over_is_not_shown(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Once the next attempt has begun, nothing of what the former runner drew is seen."""
    came, going = asyncio.Event(), asyncio.Event()

    async def slow(request: Any, emit: Emit) -> StepCompleted:
        if not came.is_set():
            emit(preview(1))
            await asyncio.sleep(0.3)  # until it is stored
        came.set()
        await going.wait()
        return await draw_portrait(request, emit)

    engines.image = slow
    async with gateway(database_url, engines, tmp_path) as first:
        name = await first.start()
        await came.wait()
    async with gateway(database_url, engines, tmp_path, heartbeat=0.3) as second:
        call = second.generations.WatchGeneration(pb.WatchGenerationRequest(name=name))
        beats = attempt = 0
        async for event in call:
            attempt = max(attempt, event.attempt) if event.step == "avatar" else attempt
            assert not event.HasField("preview") or event.attempt == attempt
            beats = beats + 1 if event.HasField("heartbeat") else 0
            if beats == 3 and attempt == 2:
                break
        going.set()
        assert_story(await second.watch(name))
