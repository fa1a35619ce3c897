"""How soon the whole local stack is ready, and how much memory its idle processes hold."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from deploy.local.state import StackInfo
from tests.bench.figures import Figure, at_most

STARTS = 3
READY_LIMIT = 3.0


def measure() -> list[Figure]:
    """Cold start once, warm starts, and the memory of each process of the last one."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        state = Path(folder) / "state"
        cold, _ = _start(state)
        starts = [_start(state) for _ in range(STARTS)]
    warm, memory = statistics.median(s for s, _ in starts), starts[-1][1]
    return [
        Figure("start to ready, cold", cold, "s"),
        at_most("start to ready, warm", warm, "s", READY_LIMIT),
        *(Figure(f"memory, {name} idle", mib, "MiB") for name, mib in memory.items()),
    ]


def _start(state: Path) -> tuple[float, dict[str, float]]:
    """Seconds until the stack is ready, and the memory of its processes (PSS) a little later."""
    ports = ("PORT", "GATEWAY_PORT", "LLM_PORT", "AVATAR_PORT", "POSTGRES_PORT")
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.local"],
        env={
            **os.environ,
            "HATCHERY_STATE_DIR": str(state),
            **{f"HATCHERY_{p}": "0" for p in ports},
        },
        stdout=subprocess.DEVNULL,
    )
    try:
        info = state / "stack.json"
        while not (
            info.exists() and (told := StackInfo.model_validate_json(info.read_bytes())).ready
        ):
            assert process.poll() is None, "the stack did not start"
            time.sleep(0.01)
        ready = time.monotonic() - began
        time.sleep(2)
        return ready, {part.name: _mib(part.pid) for part in told.processes}
    finally:
        process.terminate()
        process.wait(60)


def _mib(pid: int) -> float:
    """The proportional share of memory of a process and its children, in MiB."""
    tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(_share(p) for p in tree) / 2**20


def _share(process: psutil.Process) -> int:
    full = process.memory_full_info()
    return int(getattr(full, "pss", full.rss))
