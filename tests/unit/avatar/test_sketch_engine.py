"""The illustrator behind the port: its events, sizes, cancelling and errors."""

import asyncio
import io
from dataclasses import replace

import pytest

from services.avatar.engines.sketch.engine import SketchEngine
from services.avatar.port import (
    EngineEvent,
    ImageEngine,
    PortraitRequest,
    PreviewReady,
    StepDone,
)
from services.runtime.errors import UnknownModel

Image = pytest.importorskip("PIL.Image", reason="pillow, which reads the pictures, is missing")

REQUEST = PortraitRequest(
    prompt="a grumpy fox knight with a blue scarf", width=96, height=96, seed=3
)


def ignore(event: EngineEvent) -> None:
    """For tests that look at the picture alone."""


async def test_it_is_an_image_engine_with_one_model() -> None:
    """What the port asks for is there, and the model is ready without loading."""
    engine: ImageEngine = SketchEngine()
    await engine.start()
    (model,) = await engine.models()
    await engine.close()
    assert (engine.name, engine.concurrency) == ("sketch", 2)
    assert (model.name, model.unit, model.loaded) == ("sketch", "layers", True)
    assert (model.min_size, model.max_size) == (64, 1024)


async def test_layers_are_reported_one_by_one(sketch: SketchEngine) -> None:
    """`done` runs from 1 to the number of layers, and the portrait counts the same."""
    events: list[EngineEvent] = []
    portrait = await sketch.draw(REQUEST, events.append)
    steps = [event for event in events if isinstance(event, StepDone)]
    assert events == steps
    assert [step.done for step in steps] == list(range(1, portrait.steps + 1))
    assert {(step.total, step.unit) for step in steps} == {(portrait.steps, "layers")}
    assert 8 <= portrait.steps <= 12
    times = [step.elapsed for step in steps]
    assert times == sorted(times)


async def test_previews_show_the_layers_so_far(sketch: SketchEngine) -> None:
    """After each layer a half-size picture, no two alike; the last is the portrait, smaller."""
    events: list[EngineEvent] = []
    request = replace(REQUEST, previews=True, width=128)
    portrait = await sketch.draw(request, events.append)
    previews = [event for event in events if isinstance(event, PreviewReady)]
    assert [preview.index for preview in previews] == list(range(1, portrait.steps + 1))
    assert [type(event) for event in events] == [StepDone, PreviewReady] * portrait.steps
    assert {(p.media_type, p.width, p.height) for p in previews} == {("image/png", 64, 48)}
    assert {Image.open(io.BytesIO(p.image)).size for p in previews} == {(64, 48)}
    assert len({p.image for p in previews}) == portrait.steps
    assert portrait.png == (await sketch.draw(replace(request, previews=False), ignore)).png


@pytest.mark.parametrize(
    ("width", "height"), [(64, 64), (200, 72), (72, 200), (512, 64), (512, 512)]
)
async def test_the_picture_has_the_size_that_was_asked_for(
    sketch: SketchEngine, width: int, height: int
) -> None:
    """Exactly, and opaque to its corners, square or not."""
    request = PortraitRequest(prompt="a whale", width=width, height=height)
    portrait = await sketch.draw(request, ignore)
    picture = Image.open(io.BytesIO(portrait.png)).convert("RGBA")
    assert picture.size == (portrait.width, portrait.height) == (width, height)
    assert picture.getchannel("A").getextrema() == (255, 255)


async def test_cancelling_stops_it_between_layers(sketch: SketchEngine) -> None:
    """No event comes after the one at which the task was cancelled."""
    events: list[EngineEvent] = []

    def until_third(event: EngineEvent) -> None:
        events.append(event)
        if len(events) == 3:
            drawing.cancel()

    drawing = asyncio.create_task(sketch.draw(REQUEST, until_third))
    with pytest.raises(asyncio.CancelledError):
        await drawing
    assert len(events) == 3


async def test_another_model_is_unknown(sketch: SketchEngine) -> None:
    """It has no other hand to draw with."""
    with pytest.raises(UnknownModel):
        await sketch.draw(PortraitRequest(prompt="a cat", model="dream"), ignore)
