"""Who comes back: how soon they see all of it, and what those leave behind who go at once."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import grpc
import psutil
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub
from hatchery.gateway.v1.generation_service_pb2_grpc import GenerationServiceStub
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest, Message
from hatchery.llm.v1.llm_service_pb2_grpc import LlmServiceStub

from tests.bench.figures import Figure, at_most
from tests.bench.house import a_house
from tests.bench.ways.engine import said
from tests.support.oracle import assert_story
from tests.support.scripted import HOLD

LONG, REPLAYS = 10_000, 5
# A log that moves fast, so that hardly anything of what is measured is waiting for its next event.
RATE, LOOKS = 400, 100
# Watches that are left, so many at once, of a log that says so many words and then stands still.
LEFT, AT_ONCE, WORDS = 15_000, 50, 10
_WARMING = 3000
_A_FEW_WORDS = f"{HOLD}speak 1000 {WORDS}"

# Begins to watch.
Watch = Callable[[], Any]


async def measure() -> list[Figure]:
    """Replays of a long log, snapshots of a running one, and watches that are soon left."""
    left = [
        await _of_hatchery(all_of_it=True),
        await _of_hatchery(all_of_it=False),
        await _of_relay(),
    ]
    async with a_house() as house, grpc.aio.insecure_channel(house.gateways[0]) as channel:
        replays = await _replays(channel)
        looks = await _looks(channel)
    return [
        at_most(f"memory after {LEFT:,} watches left in silence, over before", left[0], "MiB", 2),
        Figure("the same, left in the middle of a write", left[1], "MiB"),
        Figure("the same, a bare relay", left[2], "MiB"),
        at_most(f"replay of {LONG:,} events", statistics.median(replays), "s", 1),
        *(
            at_most(f"snapshot of {length:,} events and the next one: median", ms, "ms", 20)
            for length, ms in looks
        ),
    ]


async def _replays(channel: grpc.aio.Channel) -> list[float]:
    async with _hatching(channel, f"speak 1000000 {LONG}") as name:
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


async def _looks(channel: grpc.aio.Channel) -> list[tuple[int, float]]:
    """How long the log was, and the milliseconds, when it was short and when it was long."""
    stub = GenerationServiceStub(channel)
    async with _hatching(channel, f"speak {RATE} {1000 * RATE}") as name:
        get, looks = generations.GetGenerationRequest(name=name), []
        for length in (0, LONG):
            call = stub.WatchGeneration(generations.WatchGenerationRequest(name=name))
            while (await call.read()).sequence < length:
                pass
            call.cancel()
            seconds = []
            for _ in range(LOOKS):
                began = time.monotonic()
                now = await stub.GetGeneration(get)
                after = now.last_sequence
                call = stub.WatchGeneration(
                    generations.WatchGenerationRequest(name=name, starting_after=after)
                )
                assert (await call.read()).sequence == after + 1
                seconds.append(time.monotonic() - began)
                call.cancel()
            looks.append((now.last_sequence, statistics.median(seconds) * 1000))
        return looks


async def _of_hatchery(*, all_of_it: bool) -> float:
    async with a_house() as house, grpc.aio.insecure_channel(house.gateways[0]) as channel:
        stub = GenerationServiceStub(channel)
        async with _hatching(channel, _A_FEW_WORDS) as name:
            watch = generations.WatchGenerationRequest(name=name)
            return await _left(
                house.processes[0], lambda: stub.WatchGeneration(watch), all_of_it=all_of_it
            )


async def _of_relay() -> float:
    async with a_house() as house:
        with house.way("broadcast") as (address, relay):
            async with grpc.aio.insecure_channel(address) as channel:
                request = GenerateRequest(
                    messages=[Message(role=Message.ROLE_USER, content=_A_FEW_WORDS)]
                )
                stub = LlmServiceStub(channel)
                return await _left(relay, lambda: stub.Generate(request), all_of_it=False)


async def _left(server: psutil.Process, watch: Watch, *, all_of_it: bool) -> float:
    """How much more memory a server has after watches that were left than before, in MiB.

    They are left when they have heard all that was said, and nothing more is; or at the first word
    of it, when the server is about to write the next.
    """
    last = await _last(watch)

    async def one(count: int) -> None:
        for _ in range(count):
            call = watch()
            while all_of_it and (await call.read()).sequence < last:
                pass
            if not all_of_it:
                await call.read()
            call.cancel()

    memory = []
    for count in (_WARMING, LEFT):
        await asyncio.gather(*(one(count // AT_ONCE) for _ in range(AT_ONCE)))
        memory.append(server.memory_info().rss)
    return (memory[1] - memory[0]) / 2**20


async def _last(watch: Watch) -> int:
    """The sequence of the last word, once it was said."""
    call = watch()
    words = said(call)
    numbers = [(await anext(words)).sequence for _ in range(WORDS)]
    call.cancel()
    return numbers[-1]


@asynccontextmanager
async def _hatching(channel: grpc.aio.Channel, description: str) -> AsyncIterator[str]:
    """A generation that is cancelled at the end, if it runs still."""
    call = AgentServiceStub(channel).CreateAgent(CreateAgentRequest(description=description))
    name = (await call.read()).generation
    call.cancel()
    yield name
    cancel = generations.CancelGenerationRequest(name=name)
    await GenerationServiceStub(channel).CancelGeneration(cancel)
