"""Several generations on one stream, of this replica and of another."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Progress

from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story
from tests.support.scripted import Engines, Gate
from tests.support.waiting import until


@pytest.fixture
async def replicas(
    database_url: str, engines: Engines, tmp_path: Path
) -> AsyncIterator[tuple[Client, Client]]:
    """The same new owner at two gateways over one database."""
    owner = f"owner-{uuid.uuid4()}"
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    async with (
        gateway(database_url, engines, tmp_path / "a", llm_slots=4) as first,
        gateway(database_url, engines, tmp_path / "b", llm_slots=4) as second,
    ):
        yield first.as_owner(owner), second.as_owner(owner)


def of(events: Sequence[Progress], name: str) -> list[Progress]:
    """What belongs to one generation, without what belongs to none."""
    return [event for event in events if event.generation == name]


async def test_each_has_its_whole_story_from_its_own_cursor(
    replicas: tuple[Client, Client],
) -> None:
    """Six that run, from their beginnings, and one that has ended, from its middle; then OK."""
    here, there = replicas
    ended = await here.hatch()
    names = [await here.start() for _ in range(6)]
    cursors = [pb.GenerationCursor(name=ended[0].generation, starting_after=7)]
    cursors += [pb.GenerationCursor(name=name) for name in names]
    request = pb.WatchGenerationsRequest(cursors=cursors)
    async with asyncio.timeout(30):
        call = there.generations.WatchGenerations(request, metadata=there.metadata)
        events = [event async for event in call]
    for name in names:
        assert_story(of(events, name))
    assert_story(of(events, ended[0].generation), after=7)


async def test_all_of_an_owner_and_those_to_come(
    replicas: tuple[Client, Client], engines: Engines
) -> None:
    """What runs and what begins later, at any replica; not what has ended nor another owner's."""
    here, there = replicas
    ended = (await here.hatch())[0].generation
    gate = Gate(engines)
    await here.as_owner("somebody-else").start()
    running = await here.start()
    call = there.generations.WatchGenerations(
        pb.WatchGenerationsRequest(all=True), metadata=there.metadata
    )
    events, names, over = list[Progress](), [running], set[str]()
    async with asyncio.timeout(30):
        async for event in call:
            events.append(event)
            if event.generation == running:
                gate.opened.set()
            if event.WhichOneof("event") != "completed":
                continue
            over.add(event.generation)
            if len(names) < 4:
                names.append(await (here, there)[len(names) % 2].start())
            if over == set(names):
                break
    call.cancel()
    for name in names:
        assert_story(of(events, name))
    assert set(names) == {event.generation for event in events if event.generation}
    assert ended not in names


async def test_silence_has_one_heartbeat(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Ten that wait are silent together: the stream's own heartbeat names none of them."""
    still = asyncio.Event()

    async def stand_still(request: object, emit: object) -> None:
        await still.wait()

    engines.text = stand_still  # type: ignore[assignment]
    async with gateway(database_url, engines, tmp_path, heartbeat=0.3, llm_slots=10) as client:
        names = [await client.start() for _ in range(10)]
        cursors = [pb.GenerationCursor(name=name, starting_after=3) for name in names]

        async def begun() -> bool:
            listed = await client.generations.ListGenerations(pb.ListGenerationsRequest())
            return all(generation.last_sequence >= 3 for generation in listed.generations)

        await until(begun, seconds=20)
        call = client.generations.WatchGenerations(pb.WatchGenerationsRequest(cursors=cursors))
        beats = [await call.read() for _ in range(3)]
        call.cancel()
    assert {"heartbeat"} == {beat.WhichOneof("event") for beat in beats}
    assert {""} == {beat.generation for beat in beats}
