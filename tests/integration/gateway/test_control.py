"""Pausing and resuming: in every phase, at any replica, and against a cancel."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hatchery.gateway.v1 import generation_service_pb2 as pb

from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story, kinds
from tests.support.scripted import Engines, Gate
from tests.support.waiting import until

PAUSED, RESUMED = pb.PauseGenerationResponse, pb.ResumeGenerationResponse


async def halted(client: Client, name: str) -> None:
    """Waits until it is paused."""

    async def paused() -> bool:
        return (await client.get(name)).state == pb.Generation.STATE_PAUSED

    await until(paused)


@asynccontextmanager
async def two(database_url: str, engines: Engines, folder: Path) -> AsyncIterator[list[Client]]:
    """Two gateways over one database, of which the first runs everything."""
    for name in ("a", "b"):
        (folder / name).mkdir()
    async with (
        gateway(database_url, engines, folder / "a", lease=60.0) as first,
        gateway(database_url, engines, folder / "b", lease=60.0) as second,
    ):
        yield [first, second]


async def test_a_running_one_halts_and_goes_on(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Paused and resumed at both replicas in turn: the engine is stopped, the persona is kept."""
    gate = Gate(engines)
    async with two(database_url, engines, tmp_path) as (here, there):
        name = await here.start()
        watching = [asyncio.ensure_future(client.watch(name)) for client in (here, there)]
        for number, client in enumerate((there, here), 1):
            await gate.came.wait()
            gate.came.clear()
            assert PAUSED.OUTCOME_REQUESTED == (await client.pause(name)).outcome
            await halted(here, name)
            assert PAUSED.OUTCOME_REQUESTED == (await client.pause(name)).outcome

            async def stopped(number: int = number) -> bool:
                return engines.stopped >= number

            await until(stopped)
            assert RESUMED.OUTCOME_RESUMED == (await client.resume(name)).outcome
            assert RESUMED.OUTCOME_NOT_PAUSED == (await client.resume(name)).outcome
        gate.opened.set()
        stories = [assert_story(await one) for one in watching]
        assert PAUSED.OUTCOME_ALREADY_ENDED == (await here.pause(name)).outcome
        assert RESUMED.OUTCOME_ALREADY_ENDED == (await here.resume(name)).outcome
    assert stories[0] == stories[1]
    told = [k for k in kinds(stories[0]) if k in ("paused", "resumed", "recovered", "completed")]
    assert ["paused", "resumed", "paused", "resumed", "completed"] == told
    assert (1, 3) == (len(engines.text_calls), len(engines.image_calls))
    assert {"local"} == {e.paused.requested_by for e in stories[0] if e.HasField("paused")}


async def test_a_paused_one_outlives_every_gateway(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Nobody claims it, however long and wherever; its watchers hear heartbeats."""
    gate = Gate(engines)
    async with gateway(database_url, engines, tmp_path, lease=1.0) as first:
        name = await first.start()
        await gate.came.wait()
        await first.pause(name)
        await halted(first, name)
    gate.opened.set()
    async with gateway(database_url, engines, tmp_path, lease=1.0, heartbeat=0.2) as second:
        call = second.generations.WatchGeneration(pb.WatchGenerationRequest(name=name))
        told = []
        async for event in call:
            told.append(event.WhichOneof("event"))
            if told[-3:] == ["heartbeat"] * 3:
                break
        assert "paused" == next(k for k in reversed(told) if k != "heartbeat")
        await second.resume(name)
        assert "completed" == kinds(assert_story(await second.watch(name)))[-1]


async def test_what_waits_is_paused_where_it_stands(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """A queued one halts at once and keeps its story whole: it starts when it is resumed."""
    gate = Gate(engines)
    async with gateway(database_url, engines, tmp_path, max_running=1) as client:
        running = await client.start()
        await gate.came.wait()
        waiting = await client.start()
        assert pb.Generation.STATE_PAUSED == (await client.pause(waiting)).state
        gate.opened.set()
        await client.watch(running)
        assert pb.Generation.STATE_PAUSED == (await client.get(waiting)).state
        resumed = await client.resume(waiting)
        # Its turn comes at once, and may have come before the answer.
        assert pb.ResumeGenerationResponse.OUTCOME_RESUMED == resumed.outcome
        assert resumed.state in (pb.Generation.STATE_QUEUED, pb.Generation.STATE_RUNNING)
        events = assert_story(await client.watch(waiting))
    assert ["queued", "paused", "resumed", "started"] == kinds(events)[:4]
    assert "completed" == kinds(events)[-1]


async def test_a_paused_one_can_be_cancelled(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """It ends where it stands, and cannot be resumed."""
    gate = Gate(engines)
    async with gateway(database_url, engines, tmp_path) as client:
        name = await client.start()
        await gate.came.wait()
        await client.pause(name)
        await halted(client, name)
        assert pb.Generation.STATE_CANCELLED == (await client.cancel(name)).state
        assert RESUMED.OUTCOME_ALREADY_ENDED == (await client.resume(name)).outcome
        events = assert_story(await client.watch(name))
    assert ["paused", "cancelled"] == kinds(events)[-2:]


@pytest.mark.parametrize("order", [(Client.pause, Client.cancel), (Client.cancel, Client.pause)])
async def test_a_cancel_is_more_than_a_pause(
    database_url: str, engines: Engines, tmp_path: Path, order: Any
) -> None:
    """Asked for at once at two replicas, again and again: it is always cancelled in the end."""
    Gate(engines)
    async with two(database_url, engines, tmp_path) as clients:
        for _ in range(10):
            name = await clients[0].start()
            await asyncio.gather(
                *(ask(client, name) for ask, client in zip(order, clients, strict=True))
            )
            async with asyncio.timeout(20):
                events = assert_story(await clients[0].watch(name))
            assert "cancelled" == kinds(events)[-1]
            assert kinds(events).count("paused") <= 1


async def test_the_later_wish_counts(database_url: str, engines: Engines, tmp_path: Path) -> None:
    """Resumed elsewhere before its runner has even heard of the pause: it goes on all the same."""
    gate = Gate(engines)
    async with two(database_url, engines, tmp_path) as (here, there):
        name = await here.start()
        await gate.came.wait()
        await there.pause(name)
        assert RESUMED.OUTCOME_RESUMED == (await there.resume(name)).outcome
        gate.opened.set()
        story = kinds(assert_story(await there.watch(name)))
    assert ("completed", 1, 1) == (story[-1], story.count("paused"), story.count("resumed"))


async def test_pausing_and_resuming_at_random_tells_one_story(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Twelve generations, paused and resumed from both replicas all the time, all complete."""
    async with two(database_url, engines, tmp_path) as clients:
        names = [await clients[0].start() for _ in range(12)]

        async def bother(name: str, client: Client) -> None:
            for _ in range(6):
                await client.pause(name)
                await asyncio.sleep(0.02)
                await client.resume(name)

        await asyncio.gather(*(bother(name, client) for name in names for client in clients))
        for name in names:
            await clients[0].resume(name)
        async with asyncio.timeout(60):
            for name in names:
                story = assert_story(await clients[1].watch(name))
                assert "completed" == kinds(story)[-1]
                steps = [e.step for e in story if e.WhichOneof("event") == "step_completed"]
                assert ["persona", "avatar", "save"] == steps
