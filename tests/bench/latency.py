"""From an engine's event to a client's hands: through the gateway, its log, and Envoy."""

import asyncio
import time

import grpc
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub

from tests.bench.figures import Figure, latencies
from tests.bench.house import a_house

GENERATIONS = 10
RATE = 20
SECONDS = 10
LIMIT = 15.0


async def measure() -> list[Figure]:
    """Ten generations at 20 events a second, watched directly and through Envoy."""
    figures = []
    async with a_house() as house:
        for name, target in (("direct", house.gateways[0]), ("through Envoy", house.envoy)):
            figures += latencies(f"engine event to client, {name}", await _watch(target), LIMIT)
    return figures


async def _watch(target: str) -> list[float]:
    """The latency of every event of all generations, in seconds."""
    async with grpc.aio.insecure_channel(target) as channel:
        stub = AgentServiceStub(channel)

        async def one() -> list[float]:
            description = f"speak {RATE} {RATE * SECONDS}"
            call = stub.CreateAgent(CreateAgentRequest(description=description))
            seconds = [
                (time.monotonic_ns() - int(event.text_delta.text)) / 1e9
                async for event in call
                if event.text_delta.text.isdigit()
            ]
            assert len(seconds) == RATE * SECONDS
            return seconds

        streams = await asyncio.gather(*(one() for _ in range(GENERATIONS)))
        return [value for stream in streams for value in stream]
