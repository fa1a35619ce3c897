"""The supervisor keeps its processes alive, and leaves none behind, however it ends."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local.errors import MissingPart, ProcessFailed, StackError
from deploy.local.identity import ProcessRecord
from deploy.local.process import ProcessSpec
from deploy.local.state import StateFolder
from deploy.local.supervisor import Supervisor
from tests.integration.local.conftest import eventually
from tests.integration.local.small_stack import fake
from tests.support.process import alive, line_with

SMALL_STACK = str(Path(__file__).with_name("small_stack.py"))
NAMES = ("first", "second", "third")


def pids(root: Path, name: str) -> list[int]:
    """Return the pids that the fake process `name` wrote down, its own first."""
    return [int(pid) for pid in (root / f"{name}.ready").read_text().split()]


@asynccontextmanager
async def small_stack(root: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Yield the supervisor of a small stack that is ready."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, SMALL_STACK, str(root)), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        assert await line_with("ready", process.stdout) == "Hatchery is ready: http://127.0.0.1:1\n"
        yield process
    finally:
        if process.returncode is None:
            process.terminate()  # so that the grandchild ends too
        await process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_a_stop_signal_leaves_no_process(tmp_path: Path, number: signal.Signals) -> None:
    """Asked to stop, it exits 0 with nothing left: not the stubborn one, nor a grandchild."""
    async with small_stack(tmp_path) as supervisor:
        everyone = [pid for name in NAMES for pid in pids(tmp_path, name)]
        assert len(everyone) == 4
        assert all(map(alive, everyone))
        supervisor.send_signal(number)
        async with asyncio.timeout(10):
            assert await supervisor.wait() == 0
        assert not any(map(alive, everyone))
        assert StateFolder(tmp_path).read_info() is None


async def test_kill_9_of_the_supervisor_leaves_no_process(tmp_path: Path) -> None:
    """Killed without a chance to clean up, its processes end too."""
    async with small_stack(tmp_path) as supervisor:
        own = [pids(tmp_path, name)[0] for name in NAMES]
        supervisor.kill()
        await eventually(lambda: not any(map(alive, own)), seconds=5)
        os.kill(pids(tmp_path, "second")[1], signal.SIGKILL)  # a grandchild is its parent's care


async def test_a_process_that_dies_is_started_again(tmp_path: Path) -> None:
    """A killed process comes back, the others stay, and each step is one line."""
    async with small_stack(tmp_path) as supervisor:
        assert supervisor.stdout is not None
        before = {name: pids(tmp_path, name)[0] for name in NAMES}
        os.kill(before["first"], signal.SIGKILL)
        line = await line_with("first", supervisor.stdout)
        assert line.startswith("first ended (killed by SIGKILL); starting it again in 0.25 s")
        assert await line_with("first", supervisor.stdout) == "first is back\n"
        after = {name: pids(tmp_path, name)[0] for name in NAMES}
        assert after["first"] != before["first"]
        assert (after["second"], after["third"]) == (before["second"], before["third"])
        info = StateFolder(tmp_path).read_info()
        assert info is not None
        assert {process.name: process.pid for process in info.processes} == after


async def test_what_a_dead_process_had_started_goes_with_it(tmp_path: Path) -> None:
    """Before a process is started again, its own children are ended."""
    async with small_stack(tmp_path) as supervisor:
        assert supervisor.stdout is not None
        own, grandchild = pids(tmp_path, "second")
        os.kill(own, signal.SIGKILL)
        await line_with("second is back", supervisor.stdout)
        await eventually(lambda: not alive(grandchild), seconds=5)


async def _fails(specs: Sequence[ProcessSpec], root: Path) -> StackError:
    state = StateFolder(root)
    state.prepare()
    seen: dict[str, ProcessRecord] = {}

    def changed(records: Sequence[ProcessRecord], _ready: bool) -> None:
        seen.update({record.name: record for record in records})

    supervisor = Supervisor(specs, state, say=lambda _: None, changed=changed)
    with pytest.raises(StackError) as caught:
        await supervisor.run(ready=lambda: pytest.fail("it was ready"))
    assert not any(alive(record.pid) for record in seen.values())
    return caught.value


async def test_a_process_that_cannot_start_stops_the_others(tmp_path: Path) -> None:
    """The reason is the last line of its log, and nothing is left running."""
    bad = replace(
        fake(tmp_path, "bad", after=("good",)),
        argv=("/bin/sh", "-c", "echo some reason; exit 7"),
    )
    error = await _fails([fake(tmp_path, "good"), bad], tmp_path)
    assert isinstance(error, ProcessFailed)
    log = tmp_path / "logs/bad.log"
    assert str(error) == f"bad ended while starting (exit code 7): some reason; its log is {log}"


async def test_a_known_reason_is_said_in_our_words(tmp_path: Path) -> None:
    """A library that is missing is named with the command that installs it."""
    words = "libgomp.so.1: cannot open shared object file: No such file or directory"
    bad = replace(
        fake(tmp_path, "llm"), argv=("/bin/sh", "-c", f"echo ImportError: {words}; exit 1")
    )
    error = await _fails([bad], tmp_path)
    assert isinstance(error, MissingPart)
    assert str(error).startswith("llm cannot start: libgomp is not installed")
    assert "apt-get install libgomp1" in str(error)


async def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A path that leads nowhere is one line, not a traceback."""
    error = await _fails([replace(fake(tmp_path, "gone"), argv=("/no/such",))], tmp_path)
    assert "cannot run /no/such: No such file or directory" in str(error)


async def test_a_process_that_never_gets_ready_is_given_up(tmp_path: Path) -> None:
    """The wait has an end, which names the log."""
    silent = replace(fake(tmp_path, "silent"), argv=("/bin/sleep", "60"), start_timeout=0.2)
    error = await _fails([silent], tmp_path)
    assert str(error).startswith("silent was not ready after 0 s; see its log, ")


async def test_a_full_disk_ends_the_stack(tmp_path: Path) -> None:
    """A process that died of a full disk is not started again and again."""
    file = tmp_path / "full.ready"
    script = f"touch {file}; echo PANIC: No space left on device; sleep 0.3; exit 1"
    full = replace(fake(tmp_path, "full"), argv=("/bin/sh", "-c", script))
    state = StateFolder(tmp_path)
    state.prepare()
    supervisor = Supervisor([full], state, say=lambda _: None, changed=lambda *_: None)
    with pytest.raises(StackError, match=r"full ended: the disk that holds .* is full"):
        async with asyncio.timeout(10):
            await supervisor.run(ready=lambda: None)
