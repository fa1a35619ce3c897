"""Loads that every way of streaming can be put under, and Hatchery as one of these ways."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from itertools import chain

import grpc
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub

from tests.bench.ways.engine import said

# Flat out: so many generations at once, of so many events each.
CROWD, MANY = 20, 1000
# At a steady rate: so many generations, for so many seconds, of which these count: in the others
# all of them begin and end at once.
GENERATIONS, SECONDS, STEADY = 50, 10, (3, 9)
_FLAT_OUT = 1_000_000

# Follows one new generation of so many events a second and so many in all, and yields what the
# engine said: the monotonic nanoseconds at which it said it.
Watch = Callable[[float, int], AsyncIterator[int]]


async def hatched(channel: grpc.aio.Channel, rate: float, count: int) -> AsyncIterator[int]:
    """The way of Hatchery: a companion, with its own stream."""
    request = CreateAgentRequest(description=f"speak {rate:.0f} {count}")
    async for event in said(AgentServiceStub(channel).CreateAgent(request)):
        yield int(event.text_delta.text)


async def flat_out(watch: Watch) -> float:
    """Events a second of all generations, from asking to the last that comes."""
    began = time.monotonic()

    async def one() -> list[float]:
        return [time.monotonic() async for _ in watch(_FLAT_OUT, MANY)]

    times = list(chain(*await asyncio.gather(*(one() for _ in range(CROWD)))))
    assert CROWD * MANY <= len(times)
    return len(times) / (max(times) - began)


async def steadily(watch: Watch, rate: int) -> list[float]:
    """How late each event of the steady part came, in seconds, at `rate` a second of each.

    An engine that cannot keep up says less than that then: how many there are tells.
    """
    began = time.monotonic_ns()

    async def one(number: int) -> list[tuple[int, int]]:
        await asyncio.sleep(number / GENERATIONS / rate)  # they are no chorus
        return [(at, time.monotonic_ns()) async for at in watch(rate, rate * SECONDS)]

    events = list(chain(*await asyncio.gather(*(one(n) for n in range(GENERATIONS)))))
    assert GENERATIONS * rate * SECONDS <= len(events)
    first, last = (began + seconds * 10**9 for seconds in STEADY)
    return [(heard - at) / 1e9 for at, heard in events if first < at < last]
