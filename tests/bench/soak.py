"""Half an hour of everyday life: does anything grow that should not? `make soak MINUTES=30`."""

import argparse
import asyncio
import itertools
import random
import statistics
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path

import grpc
import uvloop
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub
from hatchery.gateway.v1.generation_service_pb2_grpc import GenerationServiceStub
from hatchery.progress.v1.progress_pb2 import Progress

from tests.bench.figures import Figure, at_most, show
from tests.bench.house import a_house
from tests.bench.page import watched
from tests.support.oracle import assert_story

PEOPLE = 20
RATE, LONGEST = 20, 200
# Memory is looked at so often; what comes before this share of the time is warming up.
_EVERY = 5.0
_WARM = 1 / 3
# What is looked at, and how many MiB it may grow by.
_WATCHED = (("gateway 1", 5.0), ("gateway 2", 5.0), ("two tabs of a browser", 2.0))


async def soak(minutes: float) -> list[Figure]:
    """Twenty people hatch, leave, come back, look and cancel, at two gateways and through Envoy.

    All the while somebody looks on in a browser.
    """
    until = time.monotonic() + minutes * 60
    async with a_house(gateways=2, runners=2) as house, AsyncExitStack() as stack:
        channels = [
            await stack.enter_async_context(grpc.aio.insecure_channel(target))
            for target in (*house.gateways, house.envoy)
        ]
        stories = itertools.count()
        luck = random.Random(1)

        async def one() -> None:
            while time.monotonic() < until:
                assert_story(await _a_visit(channels, luck))
                next(stories)

        # Somebody watches all of it in a browser, and one that would go on for longer than we do;
        # a step that takes longer than it may begins anew, which takes half an hour to give up.
        first = AgentServiceStub(channels[-1]).CreateAgent(
            CreateAgentRequest(description=f"speak {RATE} {round(2 * minutes * 60 * RATE)}")
        )
        longest = (await first.read()).generation
        first.cancel()
        live = await stack.enter_async_context(watched(house.envoy, longest))
        memory: list[list[float]] = []

        async def look() -> None:
            while time.monotonic() < until:
                gateways = [p.memory_info().rss for p in house.processes]
                memory.append([size / 2**20 for size in (*gateways, await live())])
                await asyncio.sleep(_EVERY)

        await asyncio.gather(look(), *(one() for _ in range(PEOPLE)))
    warm = memory[round(len(memory) * _WARM) :]
    half = len(warm) // 2
    halves = [
        [statistics.median(samples) for samples in zip(*part, strict=True)]
        for part in (warm[:half], warm[half:])
    ]
    return [
        Figure("generations, each a whole story", next(stories), ""),
        *itertools.chain.from_iterable(
            (
                Figure(f"memory of {name}, the second third", second, "MiB"),
                at_most("the last third over it", last - second, "MiB", limit),
            )
            for (name, limit), second, last in zip(_WATCHED, *halves, strict=True)
        ),
    ]


async def _a_visit(channels: list[grpc.aio.Channel], luck: random.Random) -> list[Progress]:
    """One companion, begun somewhere, followed over as many streams as it comes to."""
    words = luck.randrange(LONGEST)
    events: list[Progress] = []
    request = CreateAgentRequest(description=f"speak {RATE} {words}")
    call = AgentServiceStub(luck.choice(channels)).CreateAgent(request)
    cancelled = luck.random() < 0.1
    while True:
        leaves = luck.randrange(1, LONGEST)
        async for event in call:
            events.append(event)
            leaves -= 1
            if not leaves:
                break
        else:
            return events
        call.cancel()
        stub = GenerationServiceStub(luck.choice(channels))
        name = events[0].generation
        if cancelled:
            await stub.CancelGeneration(generations.CancelGenerationRequest(name=name))
        seen = max(event.sequence for event in events)
        now = await stub.GetGeneration(generations.GetGenerationRequest(name=name))
        assert now.last_sequence >= seen
        call = stub.WatchGeneration(
            generations.WatchGenerationRequest(name=name, starting_after=seen)
        )


def main() -> int:
    """Soaks, and fails where something grew."""
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--minutes", type=float, default=30)
    figures = uvloop.run(soak(parser.parse_args().minutes))
    show(figures, Path(".cache/soak.json"))
    return int(any(figure.good is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
