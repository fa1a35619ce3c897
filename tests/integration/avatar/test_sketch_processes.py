"""The illustrator's own processes: one that is killed costs one portrait, no more."""

import asyncio
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from services.avatar.engines.sketch.engine import SketchEngine
from services.avatar.port import EngineEvent, PortraitRequest
from services.runtime.errors import EngineUnavailable

REQUEST = PortraitRequest(prompt="a grumpy fox knight", width=96, height=96)


def ignore(event: EngineEvent) -> None:
    """For tests that look at the picture alone."""


def painters() -> set[psutil.Process]:
    """The processes below this one that rasterise, and live."""
    return {child for child in psutil.Process().children() if _paints(child)}


def _paints(child: psutil.Process) -> bool:
    try:
        return "spawn_main" in " ".join(child.cmdline())
    except psutil.NoSuchProcess:  # a zombie, or gone meanwhile
        return False


async def test_a_killed_painter_fails_its_portrait_and_the_next_one_is_drawn() -> None:
    """The failure is one that the gateway retries, and the retry gives the same picture."""
    engine, others = SketchEngine(), painters()
    expected = await engine.draw(REQUEST, ignore)

    def kill(_: EngineEvent) -> None:
        for painter in painters() - others:
            painter.kill()

    with pytest.raises(EngineUnavailable):
        await engine.draw(REQUEST, kill)
    again = await engine.draw(REQUEST, ignore)
    await engine.close()
    assert expected.png == again.png
    assert others == painters()


async def test_a_painter_that_cannot_be_started_is_unavailable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The failure is one that the gateway retries, and as soon as one can be started it draws."""

    def refuse(*_: Any) -> Any:
        raise BlockingIOError

    engine, others = SketchEngine(), painters()
    with monkeypatch.context() as patched:
        patched.setattr(multiprocessing.get_context("spawn").Process, "_Popen", refuse)
        with pytest.raises(EngineUnavailable):
            await engine.draw(REQUEST, ignore)
    assert (await engine.draw(REQUEST, ignore)).png
    await engine.close()
    assert others == painters()


ONE_DIES = """
import asyncio, psutil, sys
from services.avatar.engines.sketch.rasteriser import Rasteriser, RasteriserDied

PAGE = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}">{1}</svg>'
BLUR = '<filter id="b"><feGaussianBlur stdDeviation="40"/></filter>'
SMALL = PAGE.format(8, "")
LARGE = PAGE.format(1024, BLUR + '<rect width="900" height="900" filter="url(#b)"/>' * 4)

async def drawn(rasteriser, page):
    try:
        await rasteriser.rasterise(page)
    except RasteriserDied:
        print("died")

def spent(painter):
    times = painter.cpu_times()
    return times.user + times.system

async def main(victim):
    rasteriser = Rasteriser(2)
    await asyncio.gather(*(rasteriser.rasterise(SMALL) for _ in range(2)))
    await asyncio.sleep(0.5)  # both wait for work
    painters = [p for p in psutil.Process().children() if "spawn_main" in " ".join(p.cmdline())]
    assert len(painters) == 2
    if victim in ("busy", "beside"):
        before = {p: spent(p) for p in painters}
        work = asyncio.create_task(drawn(rasteriser, LARGE))
        await asyncio.sleep(1)
        painters.sort(key=lambda p: spent(p) - before[p], reverse=True)
        painters[victim == "beside"].kill()
        await work
    else:
        painters[victim == "second"].kill()
    _, alive = await asyncio.to_thread(psutil.wait_procs, painters, 20)
    print("alive", len(alive), flush=True)
    await drawn(rasteriser, SMALL)
    await rasteriser.close()

if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
"""


@pytest.mark.parametrize("victim", ["busy", "beside", "first", "second"])
async def test_a_painter_does_not_outlive_its_sibling(victim: str, tmp_path: Path) -> None:
    """The one at work is killed, the one beside it, or either of two idle ones: both are gone.

    And the process that they belong to can end.
    """
    script = tmp_path / "one_dies.py"  # which each painter reads as well
    script.write_text(ONE_DIES)
    ran = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, str(script), victim],
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    assert 0 == ran.returncode
    # The loss of an idle one shows in the drawing after it.
    told = ["died", "alive 0"] if victim in ("busy", "beside") else ["alive 0", "died"]
    assert told == ran.stdout.splitlines()


async def test_drawing_does_not_hold_the_loop() -> None:
    """While one portrait is painted, this process has time for everything else."""
    engine, beats = SketchEngine(), 0
    await engine.draw(REQUEST, ignore)
    drawing = asyncio.create_task(
        engine.draw(PortraitRequest(prompt="a fox", width=1024, height=1024), ignore)
    )
    while not drawing.done():
        await asyncio.sleep(0.001)
        beats += 1
    layers = (await drawing).steps
    await engine.close()
    # A painter that held the interpreter lock would let a handful through for each layer.
    assert beats > 20 * layers
