"""The command against a real gateway with scripted engines."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clients.cli.main import hatchery
from tests.support.gateway import Client, gateway
from tests.support.ports import free_port
from tests.support.scripted import Engines
from tests.support.terminal import Terminal, terminal


@dataclass
class Place:
    """Where a gateway is, and the command that speaks to it."""

    address: str
    state: Path
    start: Callable[..., AbstractAsyncContextManager[Client]]
    environment: dict[str, str]

    async def hatchery(self, *arguments: str, **environment: str) -> Result:
        """Run the command in this process, without a terminal."""
        return await asyncio.to_thread(
            CliRunner().invoke, hatchery, list(arguments), env=self.environment | environment
        )

    async def process(self, *arguments: str, **options: Any) -> asyncio.subprocess.Process:
        """Start the command in a process of its own; its output goes where `options` say."""
        program = Path(sys.executable).with_name("hatchery")
        environment = os.environ | self.environment | options.pop("env", {})
        return await asyncio.create_subprocess_exec(program, *arguments, env=environment, **options)

    @contextmanager
    def terminal(self, *arguments: str) -> Iterator[Terminal]:
        """Run the command in a terminal of its own."""
        program = str(Path(sys.executable).with_name("hatchery"))
        with terminal([program, *arguments], os.environ | self.environment) as screen:
            yield screen


@pytest.fixture
def place(database_url: str, engines: Engines, tmp_path: Path) -> Place:
    """A place where a gateway can be started, and started again."""
    port = free_port()

    @asynccontextmanager
    async def start(**settings: Any) -> AsyncIterator[Client]:
        listen = f"127.0.0.1:{port}"
        async with gateway(database_url, engines, tmp_path, listen=listen, **settings) as client:
            yield client

    state = tmp_path / "state"
    environment = {"HATCHERY_STATE_DIR": str(state), "HATCHERY_ADDRESS": f"127.0.0.1:{port}",
                   "HATCHERY_TOKEN": ""}  # fmt: skip
    return Place(f"127.0.0.1:{port}", state, start, environment)


@pytest.fixture
async def running(place: Place) -> AsyncIterator[Place]:
    """A place with a gateway."""
    async with place.start():
        yield place
