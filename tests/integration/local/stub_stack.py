"""The local stack with real Postgres, real Envoy, and stubs for services."""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.local.state import StackInfo, StateFolder
from tests.support.process import line_with

STUB = Path(__file__).with_name("stub_server.py")


NAMES = ["postgres", "llm", "avatar", "gateway", "envoy"]


PORTS = ("PORT", "GATEWAY_PORT", "LLM_PORT", "AVATAR_PORT", "POSTGRES_PORT")


@dataclass
class Stack:
    """How to start a stack: a state folder, and an environment in which services are stubs."""

    state: StateFolder
    env: dict[str, str]
    services: Path

    @asynccontextmanager
    async def up(self, **env: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """Yield `python -m deploy.local`, killed at the end if it has not ended by itself."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "deploy.local"),
            env={**self.env, **env},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    async def complaint(self, **env: str) -> tuple[int, str]:
        """Start a stack that cannot be; return its exit code and what it said why."""
        async with self.up(**env) as process, asyncio.timeout(30):
            _, error = await process.communicate()
        assert process.returncode is not None
        return process.returncode, error.decode()

    def info(self) -> StackInfo:
        """Return the description of the stack, which must be there."""
        info = self.state.read_info()
        assert info is not None
        return info

    def break_service(self, name: str, code: str) -> None:
        """Make a service run `code` instead."""
        (self.services / name / "__main__.py").write_text(code)


def stub_stack(state: Path, folder: Path) -> Stack:
    """Return a stack with this state folder, on free ports; the stubs go into the other one."""
    services = folder / "services"
    for name in ("llm", "avatar", "gateway"):
        (services / name).mkdir(parents=True)
        (services / name / "__init__.py").touch()
        shutil.copy(STUB, services / name / "__main__.py")
    (services / "__init__.py").touch()  # else the real package of that name is found
    env = {name: value for name, value in os.environ.items() if not name.startswith("HATCHERY_")}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(folder), env.get("PYTHONPATH")]))
    env["HATCHERY_STATE_DIR"] = str(state)
    env.update({f"HATCHERY_{name}": "0" for name in PORTS})
    return Stack(StateFolder(state), env, services)


async def ready(process: asyncio.subprocess.Process) -> str:
    """Wait until it says so; return the address."""
    assert process.stdout is not None
    line = await line_with("ready", process.stdout)
    found = re.fullmatch(r"Hatchery is ready: (http://127\.0\.0\.1:\d+)\n", line)
    assert found is not None, line
    return found[1]


def environment_of(info: StackInfo, name: str) -> dict[str, str]:
    """Return the variables of a service."""
    (pid,) = [process.pid for process in info.processes if process.name == name]
    found = psutil.Process(pid).environ()
    return {key: value for key, value in found.items() if key.startswith("HATCHERY_")}
