"""Services in processes of their own, as `python -m services.NAME` runs them, and their logs."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import grpc

from tests.support.gateway import Client
from tests.support.ports import free_port
from tests.support.scripted import Engines


@contextmanager
def service_process(module: str, log: Path, **settings: str) -> Iterator["subprocess.Popen[bytes]"]:
    """One whose log is written to a file; killed at the end."""
    environment = {f"HATCHERY_{name.upper()}": value for name, value in settings.items()}
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            env={"PATH": "/usr/bin:/bin"} | environment,
            stderr=written,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@asynccontextmanager
async def gateway_process(
    database_url: str, engines: Engines, log: Path, *, owner: str = "", **settings: str
) -> AsyncIterator[tuple["subprocess.Popen[bytes]", Client]]:
    """A gateway, and a client of it."""
    listen = f"127.0.0.1:{free_port()}"
    targets = {"llm_target": engines.llm_target, "avatar_target": engines.avatar_target}
    with service_process(
        "services.gateway", log, listen=listen, database_url=database_url, **(targets | settings)
    ) as process:
        async with grpc.aio.insecure_channel(listen) as channel:
            async with asyncio.timeout(20):
                await channel.channel_ready()
            yield process, Client(channel, owner)
