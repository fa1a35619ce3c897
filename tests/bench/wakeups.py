"""How much later than at its own replica an event is seen at another: by NOTIFY and by NATS."""

import asyncio
import statistics
import time
from collections import defaultdict
from contextlib import AsyncExitStack
from itertools import chain

import grpc
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub
from hatchery.gateway.v1.generation_service_pb2 import WatchGenerationRequest
from hatchery.gateway.v1.generation_service_pb2_grpc import GenerationServiceStub
from hatchery.progress.v1.progress_pb2 import Progress

from tests.bench.figures import Figure, percentile
from tests.bench.house import a_house
from tests.bench.ways.engine import said
from tests.support.nats import nats_server

ROUNDS = 7
GENERATIONS, RATE, SECONDS = 10, 20, 6
# Until all have begun, events do not count.
_STEADY = 2

# The stubs at the replica that runs everything, and at another one.
Pair = tuple[AgentServiceStub, GenerationServiceStub, GenerationServiceStub]


async def measure() -> list[Figure]:
    """Two houses of two gateways each, in turn under the same load."""
    behind: dict[str, list[list[float]]] = defaultdict(list)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(nats_server())
        pairs: dict[str, Pair] = {}
        for name, settings in (("NOTIFY", {}), ("NATS", {"HATCHERY_NATS_URL": server.url})):
            house = await stack.enter_async_context(a_house(gateways=2, **settings))
            here, there = [
                await stack.enter_async_context(grpc.aio.insecure_channel(target))
                for target in house.gateways
            ]
            pairs[name] = (
                AgentServiceStub(here),
                GenerationServiceStub(here),
                GenerationServiceStub(there),
            )
            await _round(pairs[name])  # everything is there and warm
        for number in range(ROUNDS):
            # Who is first changes, too.
            for name in list(pairs)[:: 1 if number % 2 else -1]:
                behind[name].append(await _round(pairs[name]))

    def ms(name: str, share: float) -> float:
        return statistics.median(percentile(values, share) for values in behind[name]) * 1000

    return [
        Figure(f"another replica behind its own, {name}: {word}", ms(name, share), "ms")
        for name in behind
        for word, share in (("median", 0.5), ("p99", 0.99))
    ]


async def _round(pair: Pair) -> list[float]:
    """How much later each event came at the other replica, in seconds."""
    return list(chain(*await asyncio.gather(*(_one(pair, n) for n in range(GENERATIONS)))))


async def _one(pair: Pair, number: int) -> list[float]:
    agents, here, there = pair
    await asyncio.sleep(number / GENERATIONS / RATE)  # they are no chorus
    call = agents.CreateAgent(CreateAgentRequest(description=f"speak {RATE} {RATE * SECONDS}"))
    watch = WatchGenerationRequest(name=(await call.read()).generation)
    call.cancel()
    own, others = await asyncio.gather(_times(here, watch), _times(there, watch))
    assert own.keys() == others.keys()
    began = min(own) + _STEADY * 10**9
    return [(others[stamp] - at) / 1e9 for stamp, at in own.items() if stamp > began]


async def _times(stub: GenerationServiceStub, watch: WatchGenerationRequest) -> dict[int, int]:
    """When each came, by when the engine said it; both in monotonic nanoseconds."""
    times: dict[int, int] = {}
    event: Progress
    async for event in said(stub.WatchGeneration(watch)):
        times[int(event.text_delta.text)] = time.monotonic_ns()
    return times
