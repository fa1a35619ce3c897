"""The illustrator as an image engine: reads, composes, and paints layer by layer."""

import asyncio
import time
from collections.abc import Sequence

from services.avatar.engines.sketch.raster import paint, reduced
from services.avatar.engines.sketch.read import read
from services.avatar.engines.sketch.scene import Scene, compose
from services.avatar.port import Emit, Model, Portrait, PortraitRequest, PreviewReady, StepDone
from services.runtime.errors import EngineFailed, UnknownModel

_NAME = "sketch"
_LAYERS = 10
_SMALLEST, _LARGEST = 64, 1024


class SketchEngine:
    """Draws a layered vector portrait from the description alone: no weights, any machine.

    The same request gives the same bytes. `steps` of a request is ignored: a portrait has as many
    steps as it has layers, ten at most, fewer where nothing is worn or held.
    """

    @property
    def name(self) -> str:
        """Its name in settings and results."""
        return _NAME

    @property
    def concurrency(self) -> int:
        """Two portraits at once: each keeps one core busy for about a second."""
        return 2

    async def start(self) -> None:
        """Nothing to load."""

    async def models(self) -> Sequence[Model]:
        """The one hand that it draws with."""
        return (
            Model(
                name=_NAME,
                title="Storybook illustrator",
                unit="layers",
                default_steps=_LAYERS,
                max_steps=_LAYERS,
                min_size=_SMALLEST,
                max_size=_LARGEST,
                loaded=True,
            ),
        )

    async def draw(self, request: PortraitRequest, emit: Emit) -> Portrait:
        """Paints layer upon layer, each in a thread; cancelling stops it before the next layer."""
        if request.model not in {"", _NAME}:
            raise UnknownModel(request.model, [_NAME])
        began = time.monotonic()
        try:
            scene = await asyncio.to_thread(_compose, request)
            picture = b""
            for done, layer in enumerate(scene.layers, start=1):
                picture = await asyncio.to_thread(
                    paint, scene, layer, picture, request.width, request.height
                )
                emit(StepDone(done, len(scene.layers), "layers", time.monotonic() - began))
                if request.previews:
                    emit(await asyncio.to_thread(_preview, scene, picture, request, done))
        except ValueError as error:
            raise EngineFailed("the drawing could not be rasterised") from error
        return Portrait(
            png=picture,
            width=request.width,
            height=request.height,
            model=_NAME,
            seed=request.seed,
            steps=len(scene.layers),
            load_seconds=0,
            draw_seconds=time.monotonic() - began,
        )

    async def close(self) -> None:
        """Nothing to end: a layer in the making finishes by itself within a moment."""


def _compose(request: PortraitRequest) -> Scene:
    return compose(read(request), request)


def _preview(scene: Scene, picture: bytes, request: PortraitRequest, index: int) -> PreviewReady:
    width, height = max(1, request.width // 2), max(1, request.height // 2)
    small = reduced(scene, picture, width, height)
    return PreviewReady(
        image=small, media_type="image/png", width=width, height=height, index=index
    )
