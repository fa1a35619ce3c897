"""The illustrator as an image engine: reads, composes, and paints layer by layer."""

import asyncio
import time
from collections.abc import Sequence

from services.avatar.engines.sketch.document import layered, resized
from services.avatar.engines.sketch.rasteriser import Rasteriser, RasteriserDied
from services.avatar.engines.sketch.read import read
from services.avatar.engines.sketch.scene import Scene, compose
from services.avatar.port import Emit, Model, Portrait, PortraitRequest, PreviewReady, StepDone
from services.runtime.errors import EngineFailed, EngineUnavailable, UnknownModel

_NAME = "sketch"
_LAYERS = 10
_CONCURRENCY = 2
_SMALLEST, _LARGEST = 64, 1024


class SketchEngine:
    """Draws a layered vector portrait from the description alone: no weights, any machine.

    The same request gives the same bytes. `steps` of a request is ignored: a portrait has as many
    steps as it has layers, ten at most, fewer where nothing is worn or held.
    """

    def __init__(self) -> None:
        """Starts nothing yet."""
        self._rasteriser = Rasteriser(_CONCURRENCY)

    @property
    def name(self) -> str:
        """Its name in settings and results."""
        return _NAME

    @property
    def concurrency(self) -> int:
        """Two portraits at once: each keeps one core busy for about a second."""
        return _CONCURRENCY

    async def start(self) -> None:
        """Nothing to load: the first portrait starts the process that paints it."""

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
        """Paints layer upon layer; cancelling stops it before the next one."""
        if request.model not in {"", _NAME}:
            raise UnknownModel(request.model, [_NAME])
        began = time.monotonic()
        try:
            scene = await asyncio.to_thread(_compose, request)
            picture = b""
            for done, layer in enumerate(scene.layers, start=1):
                page = layered(scene, layer, picture, request.width, request.height)
                picture = await self._rasteriser.rasterise(page)
                emit(StepDone(done, len(scene.layers), "layers", time.monotonic() - began))
                if request.previews:
                    emit(await self._preview(scene, picture, request, done))
        except ValueError as error:
            raise EngineFailed("the drawing could not be rasterised") from error
        except RasteriserDied as error:
            raise EngineUnavailable("the process that paints was ended: ask again") from error
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
        """Ends the processes that paint; a layer in the making finishes within a moment."""
        await self._rasteriser.close()

    async def _preview(
        self, scene: Scene, picture: bytes, request: PortraitRequest, index: int
    ) -> PreviewReady:
        width, height = max(1, request.width // 2), max(1, request.height // 2)
        small = await self._rasteriser.rasterise(resized(scene, picture, width, height))
        return PreviewReady(
            image=small, media_type="image/png", width=width, height=height, index=index
        )


def _compose(request: PortraitRequest) -> Scene:
    return compose(read(request), request)
