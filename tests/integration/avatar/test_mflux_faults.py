"""What happens to portraits and processes when the mflux worker or its parent breaks."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from services.avatar.engines.mflux import MfluxEngine, Options
from services.avatar.port import Portrait, PortraitRequest, StepDone
from services.runtime.errors import EngineFailed, EngineUnavailable, UnknownModel

# Longer than the first step, which reads the prompt, takes on a busy machine.
HANG = 6.0


@asynccontextmanager
async def started(*sources: str, **options: Any) -> AsyncIterator[MfluxEngine]:
    """An engine of the test's own."""
    engine = MfluxEngine(Options(sources=sources, **options))
    try:
        await engine.start()
        yield engine
    finally:
        await engine.close()


async def draw(engine: MfluxEngine) -> Portrait:
    """A small portrait."""
    request = PortraitRequest(prompt="a hen", width=64, height=64, steps=2, seed=7)
    return await engine.draw(request, lambda _: None)


async def struck(engine: MfluxEngine, sign: signal.Signals) -> None:
    """Draws, sends the worker a signal after its first step, and lets the failure through."""

    def strike(event: Any) -> None:
        if isinstance(event, StepDone) and event.done == 1:
            assert engine.worker_pid is not None
            os.kill(engine.worker_pid, sign)

    request = PortraitRequest(prompt="a hen", width=64, height=64, steps=100)
    await engine.draw(request, strike)


async def gone(pid: int, within: float = 5.0) -> bool:
    """Whether a process ends in time."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        await asyncio.sleep(0.05)
    return False


async def test_a_killed_worker_fails_its_job_and_no_other(tiny_flux: Path) -> None:
    """A job is ENGINE_FAILED on kill -9; the next gets a new worker and draws the same bytes."""
    async with started(str(tiny_flux)) as engine:
        before, pid = await draw(engine), engine.worker_pid
        with pytest.raises(EngineFailed):
            await struck(engine, signal.SIGKILL)
        assert [False] == [m.loaded for m in await engine.models()]
        after = await draw(engine)
        assert before.png == after.png
        assert pid != engine.worker_pid
        # Dying while nobody wants anything of it is nobody's failure.
        assert engine.worker_pid is not None
        os.kill(engine.worker_pid, signal.SIGKILL)
        assert before.png == (await draw(engine)).png


async def test_a_worker_that_cannot_be_started_is_unavailable(
    tiny_flux: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the engine starts and when it draws; as soon as one can be started it draws again."""
    async with started(str(tiny_flux)) as engine:
        assert engine.worker_pid is not None
        os.kill(engine.worker_pid, signal.SIGKILL)
        with monkeypatch.context() as patched:
            patched.setattr(sys, "executable", "/nowhere/python")
            with pytest.raises(EngineUnavailable):
                await MfluxEngine(Options(sources=[str(tiny_flux)])).start()
            with pytest.raises(EngineUnavailable):
                await draw(engine)
        assert (await draw(engine)).png


async def test_sigterm_is_for_the_parent_to_act_on(tiny_flux: Path) -> None:
    """A worker that gets it with its whole group draws on, and leaves when it is told to."""
    async with started(str(tiny_flux)) as engine:
        pid = engine.worker_pid
        assert pid is not None
        os.kill(pid, signal.SIGTERM)
        assert (await draw(engine)).png
        assert pid == engine.worker_pid
    assert await gone(pid)


async def test_a_hanging_worker_is_replaced(tiny_flux: Path) -> None:
    """A worker that stands still is killed after the hang timeout; the next job draws."""
    async with started(str(tiny_flux), hang_timeout=HANG) as engine:
        pid = engine.worker_pid
        assert pid is not None
        began = time.monotonic()
        with pytest.raises(EngineFailed) as failed:
            await struck(engine, signal.SIGSTOP)
        assert time.monotonic() - began >= HANG
        assert "hung" in failed.value.message
        assert await gone(pid)
        await draw(engine)


async def test_closing_leaves_no_orphan(tiny_flux: Path) -> None:
    """When the engine is closed its worker is gone, idle or stopped in its tracks."""
    async with started(str(tiny_flux)) as engine:
        pid = engine.worker_pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
    assert await gone(pid)


async def test_a_worker_does_not_outlive_its_parent(tiny_flux: Path) -> None:
    """When the parent gets kill -9 the worker ends by itself, also in the midst of a job."""
    script = f"""
import asyncio, os, signal
from services.avatar.engines.mflux import MfluxEngine, Options
from services.avatar.port import PortraitRequest, StepDone

async def main():
    engine = MfluxEngine(Options(sources=[{str(tiny_flux)!r}]))
    await engine.start()
    print(engine.worker_pid, flush=True)
    def die(event):
        if isinstance(event, StepDone):
            os.kill(os.getpid(), signal.SIGKILL)
    await engine.draw(PortraitRequest("a hen", width=64, height=64, steps=100), die)

asyncio.run(main())
"""
    ran = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        check=False,
        timeout=90,
    )
    assert -signal.SIGKILL == ran.returncode
    pid = next(int(word) for word in ran.stdout.split()[::-1] if word.isdigit())
    assert await gone(pid)


async def test_missing_weights_name_the_command(
    tiny_flux: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model whose weights are not here says how to get them, and another one still draws."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    async with started("flux2-klein-4b", str(tiny_flux)) as engine:
        with pytest.raises(UnknownModel) as refused:
            await draw(engine)
        command = refused.value.metadata["command"]
        assert command.startswith("hf download black-forest-labs/FLUX.2-klein-4B --revision ")
        request = PortraitRequest("a hen", width=64, height=64, steps=1, model="tiny-flux")
        assert (await engine.draw(request, lambda _: None)).png
