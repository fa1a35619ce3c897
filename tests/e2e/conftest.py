"""The whole local stack, as `make up` starts it, on free ports and in a folder that goes."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".cache" / "tools" / "bin"


@dataclass(frozen=True)
class Stack:
    """A stack that runs: the public address, the gateway's own, and the environment to find it."""

    envoy: str
    gateway: str
    environment: dict[str, str]
    state: Path

    def pids(self) -> dict[str, int]:
        """The processes of the stack as they are now, by name."""
        told = json.loads((self.state / "stack.json").read_text())
        return {process["name"]: process["pid"] for process in told["processes"]}

    def hatchery(self, *arguments: str, timeout: float = 90) -> subprocess.CompletedProcess[str]:
        """Runs the command as a person would, without a terminal."""
        command = Path(sys.executable).with_name("hatchery")
        return subprocess.run(
            [str(command), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Postgres, llm, avatar, gateway and Envoy, each a process of its own."""
    with running_stack() as running:
        yield running


@contextmanager
def running_stack(**settings: str) -> Iterator[Stack]:
    """A stack with these settings besides the tests' own."""
    with tempfile.TemporaryDirectory(prefix="hatchery-e2e-") as folder:
        # As root, Postgres runs as somebody else, who has to reach the folder.
        Path(folder).chmod(0o755)
        state = Path(folder) / "state"
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("HATCHERY_")},
            "HATCHERY_STATE_DIR": str(state),
            **{
                f"HATCHERY_{name}PORT": "0"
                for name in ("", "GATEWAY_", "LLM_", "AVATAR_", "POSTGRES_")
            },
            **settings,
        }
        process = subprocess.Popen([sys.executable, "-m", "deploy.local"], env=environment)
        try:
            info = _ready(state / "stack.json", process)
            yield Stack(
                envoy=info["address"].removeprefix("http://"),
                gateway=f"127.0.0.1:{info['ports']['gateway']}",
                environment=environment,
                state=state,
            )
        finally:
            process.send_signal(signal.SIGTERM)
            assert 0 == process.wait(60)


def _ready(info: Path, process: "subprocess.Popen[bytes]") -> Any:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, "the stack ended before it was ready"
        if info.exists() and (told := json.loads(info.read_text()))["ready"]:
            return told
        time.sleep(0.1)
    raise AssertionError("the stack was not ready in time")
