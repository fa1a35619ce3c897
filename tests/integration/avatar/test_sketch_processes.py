"""The illustrator's own processes: one that is killed costs one portrait, no more."""

import asyncio

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
