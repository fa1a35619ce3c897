"""A whole Hatchery of processes that can be killed, with a proxy on every connection."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from deploy.local.checks import grpc_serving
from deploy.local.errors import ProcessFailed
from deploy.local.postgres import Postgres
from deploy.local.process import Process, ProcessSpec
from deploy.local.settings import LOOPBACK
from deploy.local.state import StateFolder
from tests.support.disk import Disk, disk, mountable
from tests.support.ports import free_port
from tests.support.proxy import Proxy, proxy

ROOT = Path(__file__).parents[2]
# Seconds. The engines that we ship take every processor that there is: a gateway that cannot renew
# within a second because of them is no fault that is looked for.
LEASE, EMBEDDED_LEASE = 1.0, 5.0
# By when a process that is started serves, in seconds.
_STARTED = 60.0
GATEWAYS = 3
# Generations that one gateway runs at once: where one of them is gone, some have to wait.
RUNNING = 7
_LINKS = ("postgres", "llm", "avatar")


class House:
    """Postgres, the two engine services, and gateways that reach them through proxies.

    Processes are called postgres, llm, avatar, gateway-0, gateway-1 …; the link from a gateway is
    `links[gateway, service]`. `disk` is where their files are, where that is one of its own.
    """

    def __init__(self, state: StateFolder, url: str, disk: Disk | None, *, lease: float) -> None:
        self.url = url
        self.lease = lease
        self.disk = disk
        self.links: dict[tuple[str, str], Proxy] = {}
        self.processes: dict[str, Process] = {}
        self.targets: dict[str, str] = {}
        self.state = state
        # Who is about to end and to start a process.
        self.hands: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._read: dict[str, int] = {}
        self._runs: dict[str, tuple[str, int]] = {}

    @property
    def patience(self) -> float:
        """By when a generation has come to where it is struck, in seconds: a minute, or minutes."""
        return 45 * self.lease

    @property
    def outage(self) -> float:
        """How long something is away: twice the lease, in seconds."""
        return 2 * self.lease

    @property
    def gateways(self) -> list[str]:
        """Their names."""
        return [name for name in self.processes if name.startswith("gateway")]

    def pid(self, name: str) -> int:
        """The process as it is now."""
        record = self.processes[name].record
        assert record is not None, f"{name} was never started"
        return record.pid

    async def kill(self, name: str) -> None:
        """Ends a process as a crash does; returns when it is gone."""
        os.kill(self.pid(name), signal.SIGKILL)
        await self.processes[name].ended()

    async def start(self, name: str) -> None:
        """Starts a process that is gone, and again while it cannot; returns when it serves."""
        async with asyncio.timeout(_STARTED):
            while True:
                await self.processes[name].stop()
                with suppress(ProcessFailed):  # its Postgres may be what another fault has struck
                    return await self.processes[name].start()

    async def stop(self, name: str) -> int:
        """Ends a process as a deployment does; returns its exit status."""
        os.kill(self.pid(name), signal.SIGTERM)
        async with asyncio.timeout(30):
            return await self.processes[name].ended()

    def runner(self, generation: str) -> str:
        """The gateway that claimed a generation last, from what the gateways log; or none."""
        for name in self.gateways:
            log = self.processes[name].log
            with log.open("rb") as lines:
                lines.seek(self._read.get(name, 0))
                for line in lines:
                    if not line.endswith(b"\n"):
                        break
                    self._read[name] = self._read.get(name, 0) + len(line)
                    with suppress(ValueError):  # half a line, since the disk was full
                        told = json.loads(line)
                        known = self._runs.get(told.get("generation"), ("", 0))
                        if told["event"] == "claimed" and told["epoch"] > known[1]:
                            self._runs[told["generation"]] = (name, told["epoch"])
        return self._runs.get(generation.partition("/")[2], ("", 0))[0]


@asynccontextmanager
async def a_house(*, embedded: bool = False) -> AsyncIterator[House]:
    """Everything started, in a folder that goes at the end; with the engines that we ship, or not.

    Where that can be, the folder is on a disk of its own.
    """
    with ExitStack() as places:
        own = places.enter_context(disk()) if mountable() else None
        folder = places.enter_context(
            tempfile.TemporaryDirectory(prefix="hatchery-faults-", dir=own and own.folder)
        )
        # As root, Postgres runs as somebody else, who has to reach the folder.
        os.chmod(folder, 0o755)  # noqa: PTH101
        state = StateFolder(Path(folder) / "state")
        state.prepare()
        postgres = Postgres(state, free_port())
        lease = EMBEDDED_LEASE if embedded else LEASE
        house = House(state, postgres.url, own, lease=lease)
        ports = {"postgres": postgres.port, "llm": free_port(), "avatar": free_port()}
        async with AsyncExitStack() as stack:
            house.processes["postgres"] = Process(postgres.spec(), state)
            for kind in ("llm", "avatar"):
                house.processes[kind] = Process(_engine(kind, ports[kind], embedded), state)
            for number in range(GATEWAYS):
                name, port = f"gateway-{number}", free_port()
                for service in _LINKS:
                    house.links[name, service] = await stack.enter_async_context(
                        proxy(LOOPBACK, ports[service])
                    )
                house.targets[name] = f"{LOOPBACK}:{port}"
                house.processes[name] = Process(_gateway(house, name, embedded), state)
            for process in house.processes.values():
                stack.push_async_callback(process.stop)
            for process in house.processes.values():
                await process.start()
            yield house


def _engine(kind: str, port: int, embedded: bool) -> ProcessSpec:
    address = f"{LOOPBACK}:{port}"
    module = (f"services.{kind}",) if embedded else ("tests.faults.engines", kind, address)
    return ProcessSpec(
        name=kind,
        argv=(sys.executable, "-m", *module),
        env={**_ENVIRONMENT, "HATCHERY_LISTEN": address},
        ready=_answers(address),
        cwd=ROOT,
    )


def _gateway(house: House, name: str, embedded: bool) -> ProcessSpec:
    links = {service: house.links[name, service].port for service in _LINKS}
    before, _, database = house.url.rpartition("@")
    environment = {
        **_ENVIRONMENT,
        "HATCHERY_LISTEN": house.targets[name],
        "HATCHERY_DATABASE_URL": f"{before}@{LOOPBACK}:{links['postgres']}/"
        + database.partition("/")[2],
        "HATCHERY_LLM_TARGET": f"{LOOPBACK}:{links['llm']}",
        "HATCHERY_AVATAR_TARGET": f"{LOOPBACK}:{links['avatar']}",
        "HATCHERY_LEASE": str(house.lease),
        "HATCHERY_POLL": "0.2",
        "HATCHERY_OWNER_CREATIONS": "1000",
        "HATCHERY_DATABASE_TIMEOUT": str(house.lease),
        "HATCHERY_HEARTBEAT": "1",
        "HATCHERY_MAX_RUNNING": str(RUNNING),
        "HATCHERY_STOP_GRACE": "2",
    }
    if not embedded:  # of ours, no more at once than they can
        environment |= {"HATCHERY_LLM_SLOTS": "100", "HATCHERY_AVATAR_SLOTS": "100"}
    return ProcessSpec(
        name=name,
        argv=(sys.executable, "-m", "services.gateway"),
        env=environment,
        ready=_answers(house.targets[name]),
        cwd=ROOT,
    )


_ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("HATCHERY_")},
    "HATCHERY_LOG_FORMAT": "json",
    "HATCHERY_LOG_LEVEL": "info",
    "PYTHONUNBUFFERED": "1",
}


def _answers(target: str) -> partial:  # type: ignore[type-arg]
    return partial(_serving, target)


async def _serving(target: str) -> None:
    await grpc_serving(target)
