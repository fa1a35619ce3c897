"""From an engine's event to a client's hands: through the gateway, its log, and Envoy."""

import asyncio
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub

from deploy.envoy.render import EnvoyConfig, render
from deploy.local.binaries import find_envoy
from deploy.local.checks import grpc_serving
from deploy.local.parts import envoy_command
from tests.bench.figures import Figure, latencies
from tests.support.ports import free_port
from tests.support.postgres import fresh_database, postgres_server
from tests.support.process import module_process

GENERATIONS = 10
RATE = 20
SECONDS = 10
LIMIT = 15.0


async def measure() -> list[Figure]:
    """Ten generations at 20 events a second, watched directly and through Envoy."""
    figures = []
    with postgres_server() as server_url, module_process("tests.bench.scripted") as engine:
        assert engine.stdout is not None
        llm, avatar = engine.stdout.readline().split()
        async with fresh_database(server_url) as database:
            port, edge = free_port(), free_port()
            environment = {
                "HATCHERY_LISTEN": f"127.0.0.1:{port}",
                "HATCHERY_DATABASE_URL": database,
                "HATCHERY_LLM_TARGET": llm,
                "HATCHERY_AVATAR_TARGET": avatar,
                "HATCHERY_LLM_SLOTS": str(GENERATIONS),
                "HATCHERY_AVATAR_SLOTS": str(GENERATIONS),
                "HATCHERY_TEXT_PAUSE": "0",
            }
            with module_process("services.gateway", environment), _envoy(port, edge):
                for target in (port, edge):
                    await grpc_serving(f"127.0.0.1:{target}")
                for name, target in (("direct", port), ("through Envoy", edge)):
                    seconds = await _watch(f"127.0.0.1:{target}")
                    figures += latencies(f"engine event to client, {name}", seconds, LIMIT)
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


@contextmanager
def _envoy(gateway: int, port: int) -> Iterator[None]:
    """Runs Envoy, with the configuration of the local stack, in front of a gateway."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "envoy.yaml"
        config.write_text(
            render(EnvoyConfig.for_loopback(port=port, gateways=(f"127.0.0.1:{gateway}",)))
        )
        process = subprocess.Popen(envoy_command(find_envoy(), config), stderr=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)
