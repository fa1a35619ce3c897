"""Hatchery beside the floor and beside other ways: how many events a second, and how late."""

import json
import statistics
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial

import aiohttp
import grpc
import socketio
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub
from hatchery.gateway.v1.generation_service_pb2 import WatchGenerationRequest
from hatchery.gateway.v1.generation_service_pb2_grpc import GenerationServiceStub
from hatchery.llm.v1.llm_service_pb2_grpc import LlmServiceStub

from tests.bench.figures import Figure, at_least, at_most, percentile
from tests.bench.house import House, a_house
from tests.bench.load import Watch, flat_out, hatched, steadily
from tests.bench.ways.engine import said, speaking

ROUNDS = 3
RATE = 20

HERE, THERE, ENVOY = "hatchery", "hatchery, another replica", "hatchery, through Envoy"
FLOOR, NOTIFY, POLLING, ROOMS = (
    "bare relay",
    "NOTIFY in each write",
    "polled row",
    "Socket.IO room",
)


async def measure() -> list[Figure]:
    """Every way in turn, three rounds of all, on the same engine and the same Postgres."""
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(a_house(gateways=2))
        ways = await _ways(house, stack)
        rates: dict[str, list[float]] = {name: [] for name in ways}
        waits: dict[str, list[list[float]]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, watch in ways.items():
                rates[name].append(await flat_out(watch))
                waits[name].append(await steadily(watch, RATE))
    return _figures(rates, waits)


def _figures(
    rates: Mapping[str, Sequence[float]], waits: Mapping[str, Sequence[Sequence[float]]]
) -> list[Figure]:
    def ratio(one: str, other: str) -> float:
        return statistics.median(a / b for a, b in zip(rates[one], rates[other], strict=True))

    def ms(name: str, share: float) -> float:
        return statistics.median(percentile(values, share) for values in waits[name]) * 1000

    figures = [
        Figure(f"flat out, {name}", statistics.median(values), "events/s")
        for name, values in rates.items()
    ]
    figures.append(at_least("flat out, hatchery to the floor", ratio(HERE, FLOOR), "", 0.8))
    figures += [
        at_least(f"flat out, hatchery to {name}", ratio(HERE, name), "", 1.0)
        for name in (NOTIFY, POLLING, ROOMS)
    ]
    for name in waits:
        figures += [
            Figure(f"50 × 20 events/s, {name}: median", ms(name, 0.5), "ms"),
            Figure(f"50 × 20 events/s, {name}: p99", ms(name, 0.99), "ms"),
        ]
    over = {share: ms(HERE, share) - ms(FLOOR, share) for share in (0.5, 0.99)}
    return [
        *figures,
        at_most("over the floor: median", over[0.5], "ms", 2),
        at_most("over the floor: p99", over[0.99], "ms", 10),
        at_most("on another replica: p99", ms(THERE, 0.99), "ms", 30),
        at_most("through Envoy: p99", ms(ENVOY, 0.99), "ms", 30),
        at_least("a polled row to hatchery: median", ms(POLLING, 0.5) / ms(HERE, 0.5), "", 50),
    ]


async def _ways(house: House, stack: AsyncExitStack) -> dict[str, Watch]:
    addresses = {
        name: stack.enter_context(house.way(module))[0]
        for name, module in (
            (FLOOR, "floor"),
            (NOTIFY, "notify"),
            (POLLING, "polling"),
            (ROOMS, "rooms"),
        )
    }

    async def channel(target: str) -> grpc.aio.Channel:
        return await stack.enter_async_context(grpc.aio.insecure_channel(target))

    here, there = [await channel(target) for target in house.gateways]
    envoy = await channel(house.envoy)
    ways: dict[str, Watch] = {
        name: partial(_relayed, await channel(addresses[name])) for name in (FLOOR, NOTIFY)
    }
    return {
        FLOOR: ways[FLOOR],
        HERE: partial(hatched, here),
        THERE: partial(_elsewhere, here, there),
        ENVOY: partial(hatched, envoy),
        NOTIFY: ways[NOTIFY],
        POLLING: partial(_polled, f"http://{addresses[POLLING]}"),
        ROOMS: partial(_in_a_room, f"http://{addresses[ROOMS]}"),
    }


async def _elsewhere(
    here: grpc.aio.Channel, there: grpc.aio.Channel, rate: float, count: int
) -> AsyncIterator[int]:
    request = CreateAgentRequest(description=f"speak {rate:.0f} {count}")
    call = AgentServiceStub(here).CreateAgent(request)
    first = await call.read()
    call.cancel()
    watch = WatchGenerationRequest(name=first.generation)
    async for event in said(GenerationServiceStub(there).WatchGeneration(watch)):
        yield int(event.text_delta.text)


async def _relayed(channel: grpc.aio.Channel, rate: float, count: int) -> AsyncIterator[int]:
    async for event in said(LlmServiceStub(channel).Generate(speaking(rate, count))):
        yield int(event.text_delta.text)


async def _polled(url: str, rate: float, count: int) -> AsyncIterator[int]:
    seen = 0
    async with (
        aiohttp.ClientSession(read_bufsize=2**20) as session,
        session.get(url, params={"rate": rate, "count": count}) as response,
    ):
        async for line in response.content:
            if line.startswith(b"data: "):
                told = json.loads(line[6:])
                for at in told[seen:]:
                    yield int(at)
                seen = len(told)


async def _in_a_room(url: str, rate: float, count: int) -> AsyncIterator[int]:
    async with socketio.AsyncSimpleClient() as client:
        await client.connect(url, transports=["websocket"])
        await client.emit("generate", [rate, count])
        while (event := await client.receive())[0] == "progress":
            yield int(event[1]["text"])
