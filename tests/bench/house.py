"""What is measured: gateways on one Postgres and one engine, and Envoy in front, as processes."""

import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from deploy.envoy.program import command as envoy_command
from deploy.envoy.render import EnvoyConfig, render
from deploy.local.binaries import find_envoy
from deploy.local.checks import grpc_serving
from tests.support.ports import free_port
from tests.support.postgres import fresh_database, postgres_server
from tests.support.process import module_process

# So many steps of one kind at once that no generation waits for another.
_SLOTS = "1000"


@dataclass(frozen=True)
class House:
    """Addresses of what runs, and the processes of the gateways."""

    gateways: list[str]
    envoy: str
    engine: str
    database: str
    processes: list[psutil.Process]

    @contextmanager
    def way(self, module: str) -> Iterator[tuple[str, psutil.Process]]:
        """Another way of `tests.bench.ways` beside it, on its engine: its address and process."""
        port = free_port()
        arguments = (str(port), self.engine, self.database)
        with module_process(f"tests.bench.ways.{module}", *arguments) as process:
            _await_port(port)
            yield f"127.0.0.1:{port}", psutil.Process(process.pid)


@asynccontextmanager
async def a_house(
    *, gateways: int = 1, runners: int = 1, calls: int = 1_000_000, **settings: str
) -> AsyncIterator[House]:
    """Everything started and ready; text is not held back, so that every event is one.

    The first `runners` gateways run all generations; Envoy takes `calls` a second on a connection.
    """
    async with AsyncExitStack() as stack:
        server_url = stack.enter_context(postgres_server())
        engine = stack.enter_context(module_process("tests.bench.scripted"))
        assert engine.stdout is not None
        llm, avatar = engine.stdout.readline().split()
        database = await stack.enter_async_context(fresh_database(server_url))
        targets = [f"127.0.0.1:{free_port()}" for _ in range(gateways)]
        environment = {
            "HATCHERY_DATABASE_URL": database,
            "HATCHERY_LLM_TARGET": llm,
            "HATCHERY_AVATAR_TARGET": avatar,
            "HATCHERY_LLM_SLOTS": _SLOTS,
            "HATCHERY_AVATAR_SLOTS": _SLOTS,
            "HATCHERY_OWNER_RUNNING": _SLOTS,
            "HATCHERY_OWNER_UNFINISHED": _SLOTS,
            "HATCHERY_OWNER_CALLS": "1000000",
            "HATCHERY_OWNER_CREATIONS": "1000000",
            "HATCHERY_OWNER_STREAMS": "1000000",
            "HATCHERY_OWNER_BYTES": "1000000000",
            "HATCHERY_TEXT_PAUSE": "0",
            **settings,
        }
        processes = [
            stack.enter_context(
                module_process(
                    "services.gateway",
                    HATCHERY_LISTEN=target,
                    HATCHERY_MAX_RUNNING=_SLOTS if number < runners else "0",
                    **environment,
                )
            )
            for number, target in enumerate(targets)
        ]
        envoy = f"127.0.0.1:{stack.enter_context(_envoy(targets, calls))}"
        for target in (*targets, envoy):
            await grpc_serving(target)
        yield House(
            targets, envoy, llm, database, [psutil.Process(process.pid) for process in processes]
        )


def _await_port(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")


@contextmanager
def _envoy(gateways: list[str], calls: int) -> Iterator[int]:
    """Envoy, with the configuration of the local stack, in front of gateways; yields its port."""
    with tempfile.TemporaryDirectory() as folder:
        port, config = free_port(), Path(folder) / "envoy.yaml"
        usual = EnvoyConfig.for_loopback(port=port, gateways=tuple(gateways))
        config.write_text(render(replace(usual, calls=calls)))
        process = subprocess.Popen(envoy_command(find_envoy(), config), stderr=subprocess.DEVNULL)
        try:
            yield port
        finally:
            process.terminate()
            process.wait(30)
