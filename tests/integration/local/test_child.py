"""The launcher ties a process to its supervisor, also where the kernel does not help."""

import asyncio
import os
import runpy
import signal
import sys
from pathlib import Path

from deploy.local.launch import LAUNCHER
from tests.integration.local.conftest import eventually
from tests.integration.local.test_supervisor import pids
from tests.support.process import alive

# What a system without PR_SET_PDEATHSIG does, tried on any system.
WATCHING = (
    "import runpy, sys; sys.platform = 'other';"
    " runpy.run_path(sys.argv.pop(1), run_name='__main__')"
)
FAKE = str(Path(__file__).with_name("fake_process.py"))


async def _watched(parent: int, *program: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", "-c", WATCHING, str(LAUNCHER)),
        *(str(parent), str(int(signal.SIGKILL)), "-", "--", *program),
    )


async def test_the_watcher_ends_the_program_when_the_supervisor_is_gone(tmp_path: Path) -> None:
    """With a parent that is not there any more, the program is ended soon."""
    file = tmp_path / "a.ready"
    script = "import subprocess, sys, time; subprocess.Popen(sys.argv[1:]); time.sleep(60)"
    supervisor = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", "-c", script, "/bin/sh", "-c"),
        f'exec "{sys.executable}" -I -S -c "{WATCHING}" "{LAUNCHER}"'
        f' $PPID 9 - -- "{sys.executable}" -I -S "{FAKE}" "{file}"',
    )
    await eventually(file.exists)
    (program,) = pids(tmp_path, "a")
    assert alive(program)
    supervisor.kill()
    await supervisor.wait()
    await eventually(lambda: not alive(program), seconds=5)


async def test_the_watcher_passes_a_signal_on(tmp_path: Path) -> None:
    """A stop signal reaches the program, and its end is the watcher's end."""
    process = await _watched(
        os.getpid(), sys.executable, "-I", "-S", FAKE, str(tmp_path / "a.ready")
    )
    await eventually((tmp_path / "a.ready").exists)
    (program,) = pids(tmp_path, "a")
    assert program != process.pid
    process.terminate()
    assert await process.wait() == 128 + signal.SIGTERM
    assert not alive(program)


async def test_the_watcher_ends_as_its_program_does() -> None:
    """The program's exit code is the watcher's."""
    process = await _watched(os.getpid(), "/bin/sh", "-c", "exit 7")
    assert await process.wait() == 7


def test_the_launcher_imports_nothing_of_ours() -> None:
    """It runs as a file without site-packages, so that it costs little."""
    assert "main" in runpy.run_path(str(LAUNCHER))
