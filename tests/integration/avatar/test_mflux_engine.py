"""The real mflux pipeline, in its worker process, on a tiny checkpoint."""

import asyncio
import io
from typing import Any

import psutil
import pytest

from services.avatar.engines.mflux import MfluxEngine
from services.avatar.port import ModelLoading, Portrait, PortraitRequest, PreviewReady, StepDone
from services.runtime.errors import UnknownModel

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def draw(engine: MfluxEngine, **fields: Any) -> tuple[Portrait, list[Any]]:
    """Draws a small portrait; returns it with all that was reported."""
    events: list[Any] = []
    request = {"prompt": "a hen", "width": 64, "height": 64, "steps": 3, "seed": 7} | fields
    return await engine.draw(PortraitRequest(**request), events.append), events


def opened(data: bytes) -> Any:
    """A picture, decoded."""
    from PIL import Image  # noqa: PLC0415  # comes with mflux

    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


async def test_the_first_portrait_tells_of_loading_then_of_each_step(engine: MfluxEngine) -> None:
    """model_loading first, then steps 1..N in order; afterwards the model counts as loaded."""
    assert [False] == [m.loaded for m in await engine.models()]
    portrait, events = await draw(engine)
    loading = [e for e in events if isinstance(e, ModelLoading)]
    assert loading
    assert loading == events[: len(loading)]
    steps = events[len(loading) :]
    assert [(1, 3), (2, 3), (3, 3)] == [(e.done, e.total) for e in steps]
    assert [e.elapsed for e in steps] == sorted(e.elapsed for e in steps)
    assert portrait.load_seconds > 0
    assert portrait.draw_seconds >= steps[-1].elapsed
    (model,) = await engine.models()
    assert ("tiny-flux", True, 4) == (model.name, model.loaded, model.default_steps)


@pytest.mark.parametrize(("width", "height"), [(64, 64), (96, 64), (80, 112)])
async def test_the_picture_has_exactly_the_size_asked_for(
    engine: MfluxEngine, width: int, height: int
) -> None:
    """A PNG of that very width and height."""
    portrait, _ = await draw(engine, width=width, height=height, steps=1)
    picture = opened(portrait.png)
    assert ("PNG", (width, height)) == (picture.format, picture.size)
    assert (width, height) == (portrait.width, portrait.height)


async def test_previews_are_half_the_size(engine: MfluxEngine) -> None:
    """One after each step but the last, decodable, numbered, half as wide and high."""
    _, events = await draw(
        engine, width=96, height=64, steps=4, previews=True, preview_interval=0.0
    )
    previews = [e for e in events if isinstance(e, PreviewReady)]
    assert [1, 2, 3] == [p.index for p in previews]
    for preview in previews:
        picture = opened(preview.image)
        assert ("JPEG", (48, 32)) == (picture.format, picture.size)
        assert (48, 32, "image/jpeg") == (preview.width, preview.height, preview.media_type)


async def test_previews_keep_their_distance(engine: MfluxEngine) -> None:
    """At a long interval only the first is made, because making one takes time."""
    _, events = await draw(engine, steps=6, previews=True, preview_interval=60.0)
    assert 1 == sum(isinstance(e, PreviewReady) for e in events)


async def test_previews_do_not_change_the_picture(engine: MfluxEngine) -> None:
    """Looking at it makes no difference: same seed, same bytes; another seed, others."""
    plain, _ = await draw(engine)
    watched, _ = await draw(engine, previews=True, preview_interval=0.0)
    other, _ = await draw(engine, seed=8)
    assert plain.png == watched.png
    assert plain.png != other.png


async def test_the_prompt_reaches_the_model(engine: MfluxEngine) -> None:
    """Other words, another picture; markup, quotes, braces, emoji and other scripts draw too."""
    plain, _ = await draw(engine, steps=1)
    other, _ = await draw(engine, steps=1, prompt='<b>{"žlutý": "龍"}</b> 🐉 {{ x }} %s \\')
    assert plain.png != other.png


async def test_cancelling_stops_at_the_next_step(engine: MfluxEngine) -> None:
    """The drawing ends, the worker computes no more, and the model is still loaded and fine."""
    before, _ = await draw(engine)
    pid = engine.worker_pid
    assert pid is not None
    first = asyncio.Event()
    steps: list[StepDone] = []

    def emit(event: Any) -> None:
        steps.append(event)
        first.set()

    request = PortraitRequest(prompt="a hen", width=64, height=64, steps=100)
    task = asyncio.ensure_future(engine.draw(request, emit))
    await first.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    # Of a hundred steps, which take several seconds.
    assert len(steps) < 20
    worked = sum(psutil.Process(pid).cpu_times()[:2])
    await asyncio.sleep(0.5)
    assert sum(psutil.Process(pid).cpu_times()[:2]) - worked < 0.1
    after, events = await draw(engine)
    assert (pid, 0.0, before.png) == (engine.worker_pid, after.load_seconds, after.png)
    assert not [e for e in events if isinstance(e, ModelLoading)]


async def test_jobs_take_turns(engine: MfluxEngine) -> None:
    """Two at once are drawn one after the other, and neither hears of the other's steps."""
    (_, one), (_, two) = await asyncio.gather(draw(engine, steps=2), draw(engine, steps=4))
    assert [(1, 2), (2, 2)] == [(e.done, e.total) for e in one if isinstance(e, StepDone)]
    assert [1, 2, 3, 4] == [e.done for e in two if isinstance(e, StepDone)]


async def test_a_model_that_is_not_configured_is_unknown(engine: MfluxEngine) -> None:
    """A caller cannot make the machine load whatever it names."""
    with pytest.raises(UnknownModel) as refused:
        await draw(engine, model="flux2-klein-9b")
    assert "tiny-flux" in refused.value.message
