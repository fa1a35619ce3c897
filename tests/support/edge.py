"""An Envoy that runs by itself, as in a cluster."""

import asyncio
import http.client
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from tests.support.ports import free_port
from tests.support.waiting import until


@dataclass
class Alone:
    """A running Envoy, and what it was set to."""

    process: asyncio.subprocess.Process
    environment: Mapping[str, str]
    port: int
    watched: int

    async def get(self, path: str) -> int:
        """The status of a page of its own; the gateway that it asks may be in this process."""
        return await asyncio.to_thread(self._get, path)

    async def is_ready(self) -> bool:
        """Whether it says so."""
        return await self.get("/ready") == 200

    def _get(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.watched, timeout=5)
        with closing(connection):
            try:
                connection.request("GET", path)
                return connection.getresponse().status
            except OSError:
                return 0


@asynccontextmanager
async def alone(folder: Path, gateway: str, **settings: str) -> AsyncIterator[Alone]:
    """Runs `python -m deploy.envoy` before a gateway at a target."""
    port, watched = free_port(), free_port()
    environment = {
        "HATCHERY_LISTEN": f"127.0.0.1:{port}",
        "HATCHERY_METRICS_LISTEN": f"127.0.0.1:{watched}",
        "HATCHERY_GATEWAYS": gateway,
        "HATCHERY_HOSTS": f"localhost:{port},127.0.0.1:{port}",
        "HATCHERY_RUN_DIR": str(folder / "run"),
        **{f"HATCHERY_{name.upper()}": value for name, value in settings.items()},
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.envoy"), env={**os.environ, **environment}
    )
    edge = Alone(process, environment, port, watched)
    try:
        await until(edge.is_ready, 20)
        yield edge
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
