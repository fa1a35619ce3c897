"""Envoy before a stub gateway, configured as in the local stack."""

import asyncio
import http.client
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from deploy.local import parts
from deploy.local.checks import grpc_serving
from deploy.local.ports import choose_ports
from deploy.local.process import Process, ProcessSpec
from deploy.local.settings import LocalSettings
from deploy.local.state import StateFolder

STUB = str(Path(__file__).with_name("stub_server.py"))
ANY_PORTS = {"port": 0, "gateway_port": 0, "llm_port": 0, "avatar_port": 0, "postgres_port": 0}


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass
class Edge:
    """Envoy before a stub gateway."""

    port: int
    gateway: Process

    def request(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Send one HTTP/1.1 request on a connection of its own."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request(method, path, body=body, headers=headers or {})
            with connection.getresponse() as response:
                return Answer(response.status, response.headers, response.read())

    @property
    def origin(self) -> str:
        """The page's own origin."""
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def an_edge(folder: Path) -> AsyncIterator[Edge]:
    """Yield an Envoy that is ready, configured as in the local stack."""
    settings = LocalSettings.model_validate(ANY_PORTS)
    ports = choose_ports(settings)
    state = StateFolder(folder)
    state.prepare()
    target = f"127.0.0.1:{ports['gateway']}"
    argv = (sys.executable, STUB, target)
    stub = ProcessSpec("gateway", argv, lambda: grpc_serving(target), env=os.environ)
    gateway = Process(stub, state)
    envoy = Process(parts.envoy(settings, state, ports), state)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(gateway.start())
            group.create_task(envoy.start())
        yield Edge(ports["envoy"], gateway)
    finally:
        await envoy.stop()
        await gateway.stop()
