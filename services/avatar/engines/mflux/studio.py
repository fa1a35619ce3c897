"""One model in memory, and the drawing with it, all on the worker's main thread."""

import gc
import logging
import time
from collections.abc import Callable
from typing import Any

import mlx.core as mx
from huggingface_hub.errors import HfHubHTTPError

from services.avatar.engines.mflux.messages import (
    Cancelled,
    Card,
    Done,
    Draw,
    Failed,
    Loading,
    Report,
    Started,
    WeightsMissing,
)
from services.avatar.engines.mflux.models import Recipe, Unusable, resolve
from services.avatar.engines.mflux.pictures import png
from services.avatar.engines.mflux.watching import Stopped, Watcher

log = logging.getLogger(__name__)


class Studio:
    """Loads a model when it is first asked for, keeps it, and draws with it."""

    def __init__(
        self,
        send: Callable[[Report], None],
        is_cancelled: Callable[[int], bool],
        quantize: int | None,
    ) -> None:
        self._send = send
        self._is_cancelled = is_cancelled
        self._quantize = quantize
        self._recipe: Recipe | None = None
        self._model: Any = None
        self._watcher: Watcher | None = None

    def describe(self, source: str) -> Card:
        """What is known of a source without loading it."""
        try:
            recipe = resolve(source)
        except Unusable as problem:
            return Card(source=source, name=source, problem=str(problem))
        return Card(source, recipe.name, recipe.title, recipe.base, recipe.steps)

    def draw(self, job: Draw) -> None:
        """Draws one picture and sends all that happens, down to how it ended."""
        try:
            self._stop_if_cancelled(job)
            load_seconds = self._load(job)
            self._stop_if_cancelled(job)
            self._send(Started(job.job, job.source, load_seconds))
            self._send(self._drawn(job))
        except Stopped:
            self._send(Cancelled(job.job))
        except Unusable as problem:
            self._send(Failed(job.job, str(problem)))
        # Not on the disk; not to be asked for, offline; not to be had, from the hub.
        except (FileNotFoundError, ConnectionError, HfHubHTTPError) as missing:
            log.warning("the weights of %s are missing: %s", job.source, missing)
            self._send(WeightsMissing(job.job, self._download_command(job.source)))
        except Exception:
            log.exception("a job with %s failed", job.source)
            self._send(Failed(job.job, "mflux could not draw this picture; its log says why"))
        finally:
            if self._watcher is not None:
                self._watcher.follow(None)

    def _stop_if_cancelled(self, job: Draw) -> None:
        if self._is_cancelled(job.job):
            raise Stopped

    def _load(self, job: Draw) -> float:
        """Brings the job's model into memory; returns the seconds it took, 0 if it was there."""
        if self._recipe is not None and self._recipe.source == job.source:
            return 0.0
        started = time.monotonic()
        self._send(Loading(job.job))
        # Two models seldom fit side by side.
        self._model = self._watcher = self._recipe = None
        gc.collect()
        mx.clear_cache()
        recipe = resolve(job.source)
        # What a checkpoint leaves out stays random: let it be the same each time.
        mx.random.seed(0)
        self._model = recipe.pipeline(
            quantize=self._quantize, model_path=recipe.path, model_config=recipe.config
        )
        self._watcher = Watcher(self._model, recipe.latents, self._send, self._is_cancelled)
        self._recipe = recipe
        return time.monotonic() - started

    def _drawn(self, job: Draw) -> Done:
        if self._recipe is None or self._watcher is None:
            raise RuntimeError("no model is loaded")
        started = time.monotonic()
        self._watcher.follow(job)
        options = {} if self._recipe.guidance is None else {"guidance": self._recipe.guidance}
        generated = self._model.generate_image(
            seed=job.seed,
            prompt=job.prompt,
            num_inference_steps=job.steps,
            width=job.width,
            height=job.height,
            **options,
        )
        picture = generated.image
        image = png(picture)
        return Done(job.job, picture.width, picture.height, time.monotonic() - started, image)

    def _download_command(self, source: str) -> str:
        try:
            return resolve(source).download
        except Unusable:
            return ""
