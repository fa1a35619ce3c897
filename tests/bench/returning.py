"""Who comes back: how soon they see all of it, and what those leave behind who go at once."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import grpc
import psutil
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub
from hatchery.gateway.v1.generation_service_pb2_grpc import GenerationServiceStub
from hatchery.llm.v1.llm_service_pb2_grpc import LlmServiceStub

from tests.bench.figures import Figure, at_most, percentile
from tests.bench.house import a_house
from tests.bench.ways.engine import speaking
from tests.support.oracle import assert_story

LONG, REPLAYS = 10_000, 5
# A log that moves fast, so that hardly anything of what is measured is waiting for its next event.
RATE, LOOKS = 400, 200
# Watches that are left, so many at once, of a log of so many events that hardly moves.
LEFT, AT_ONCE, WORDS, RARELY = 15_000, 50, 10, 1
_WARMING = 3000
_FLAT_OUT = 1_000_000

# Begins to watch.
Watch = Callable[[], Any]


async def measure() -> list[Figure]:
    """Replays of a long log, snapshots of a running one, and watches that are soon left."""
    async with a_house() as house, grpc.aio.insecure_channel(house.gateways[0]) as channel:
        in_silence = await _left(house.processes[0], _watching(channel), all_of_it=True)
        in_a_write = await _left(house.processes[0], _watching(channel), all_of_it=False)
        with house.way("broadcast") as (bare, relay):
            async with grpc.aio.insecure_channel(bare) as floor:
                floors = await _left(relay, _relayed(floor), all_of_it=False)
        replays = await _replays(channel)
        looks = await _looks(channel)
    return [
        at_most(f"replay of {LONG:,} events", statistics.median(replays), "s", 1),
        at_most("snapshot and first event after it", statistics.median(looks) * 1000, "ms", 20),
        Figure("the same: p99", percentile(looks, 0.99) * 1000, "ms"),
        at_most(
            f"memory after {LEFT:,} watches left in silence, over before", in_silence, "MiB", 2
        ),
        Figure("the same, left in the middle of a write", in_a_write, "MiB"),
        Figure("the same, a bare relay", floors, "MiB"),
    ]


async def _replays(channel: grpc.aio.Channel) -> list[float]:
    async with _hatching(channel, _FLAT_OUT, LONG) as name:
        watch = generations.WatchGenerationRequest(name=name)
        stub = GenerationServiceStub(channel)
        await stub.WaitGeneration(generations.WaitGenerationRequest(name=name))
        seconds = []
        for _ in range(REPLAYS):
            began = time.monotonic()
            story = [event async for event in stub.WatchGeneration(watch)]
            seconds.append(time.monotonic() - began)
            assert len(assert_story(story)) >= LONG
        return seconds


async def _looks(channel: grpc.aio.Channel) -> list[float]:
    stub = GenerationServiceStub(channel)
    async with _hatching(channel, RATE, 1000 * RATE) as name:
        seconds = []
        for _ in range(LOOKS):
            began = time.monotonic()
            now = await stub.GetGeneration(generations.GetGenerationRequest(name=name))
            call = stub.WatchGeneration(
                generations.WatchGenerationRequest(name=name, starting_after=now.last_sequence)
            )
            assert (await call.read()).sequence == now.last_sequence + 1
            seconds.append(time.monotonic() - began)
            call.cancel()
        return seconds


async def _left(
    server: psutil.Process, watching: AbstractAsyncContextManager[Watch], *, all_of_it: bool
) -> float:
    """How much more memory a server has after watches that were left than before, in MiB.

    They are left when they have heard all that was said so far, or at the first word of it.
    """

    async def one(watch: Watch, last: int, count: int) -> None:
        for _ in range(count):
            call = watch()
            while (await call.read()).sequence < last:
                pass
            call.cancel()

    async with watching as watch:
        call = watch()
        for _ in range(WORDS):
            last = (await call.read()).sequence
        call.cancel()
        memory = []
        for count in (_WARMING, LEFT):
            each = count // AT_ONCE
            whole = last if all_of_it else 1
            await asyncio.gather(*(one(watch, whole, each) for _ in range(AT_ONCE)))
            memory.append(server.memory_info().rss)
        return (memory[1] - memory[0]) / 2**20


@asynccontextmanager
async def _watching(channel: grpc.aio.Channel) -> AsyncIterator[Watch]:
    stub = GenerationServiceStub(channel)
    async with _hatching(channel, RARELY, 1000) as name:
        watch = generations.WatchGenerationRequest(name=name)
        yield lambda: stub.WatchGeneration(watch)


@asynccontextmanager
async def _relayed(channel: grpc.aio.Channel) -> AsyncIterator[Watch]:
    stub = LlmServiceStub(channel)
    yield lambda: stub.Generate(speaking(RARELY, 1000))


@asynccontextmanager
async def _hatching(channel: grpc.aio.Channel, rate: int, count: int) -> AsyncIterator[str]:
    """A generation of so many events a second that is cancelled at the end, if it runs still."""
    request = CreateAgentRequest(description=f"speak {rate} {count}")
    call = AgentServiceStub(channel).CreateAgent(request)
    name = (await call.read()).generation
    call.cancel()
    yield name
    cancel = generations.CancelGenerationRequest(name=name)
    await GenerationServiceStub(channel).CancelGeneration(cancel)
