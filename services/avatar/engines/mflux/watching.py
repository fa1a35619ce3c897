"""The one callback that a pipeline gets: it reports each step, makes previews, and cancels."""

import logging
import time
from collections.abc import Callable
from typing import Any

import mlx.core as mx

from services.avatar.engines.mflux.messages import Draw, Preview, Report, Step
from services.avatar.engines.mflux.pictures import foreseen, half_size, jpeg

log = logging.getLogger(__name__)


class Stopped(Exception):
    """Raised out of a callback: the run ends here, and the model stays usable."""


class Watcher:
    """Registered once per model, as mflux knows no unregistering; follows one job at a time."""

    def __init__(
        self,
        model: Any,
        creator: Any,
        send: Callable[[Report], None],
        is_cancelled: Callable[[int], bool],
    ) -> None:
        self._model = model
        self._creator = creator
        self._send = send
        self._is_cancelled = is_cancelled
        self._job: Draw | None = None
        self._previews_work = True
        self._begin(None)
        model.callbacks.register(self)

    def follow(self, job: Draw | None) -> None:
        """Reports to this job from now on; None for no one."""
        self._begin(job)

    def _begin(self, job: Draw | None) -> None:
        self._job = job
        self._started = time.monotonic()
        self._last_preview = float("-inf")
        self._index = 0
        self._before: Any = None

    def call_before_loop(self, latents: Any, **_: Any) -> None:
        """The prompt is read and noise is made."""
        self._stop_if_cancelled()
        self._before = latents

    def call_in_loop(
        self, t: int, latents: Any, config: Any, denoised: Any = None, **_: Any
    ) -> None:
        """A step was taken: computes it, tells of it, shows it."""
        if self._job is None:
            return
        # MLX is lazy: without this a step would be told of before it is made.
        mx.eval(latents)
        total = config.num_inference_steps
        elapsed = time.monotonic() - self._started
        self._send(Step(self._job.job, done=t + 1, total=total, elapsed=elapsed))
        self._stop_if_cancelled()
        before, self._before = self._before, latents
        if t + 1 < total and self._preview_due():
            self._preview(t, latents, before, config, denoised)
            self._stop_if_cancelled()

    def call_after_loop(self, **_: Any) -> None:
        """All steps are made; decoding, which cannot be interrupted, comes next."""
        self._before = None
        self._stop_if_cancelled()

    def _stop_if_cancelled(self) -> None:
        if self._job is not None and self._is_cancelled(self._job.job):
            raise Stopped

    def _preview_due(self) -> bool:
        if self._job is None or self._job.preview_interval is None or not self._previews_work:
            return False
        return time.monotonic() - self._last_preview >= self._job.preview_interval

    def _preview(self, t: int, latents: Any, before: Any, config: Any, denoised: Any) -> None:
        if self._job is None:
            return
        # Only a pipeline that has made a scheduler steps by it; others have schedules of their own.
        scheduler = vars(config).get("_scheduler")
        ahead = foreseen(latents, before, scheduler, t) if denoised is None else denoised
        try:
            picture = half_size(self._model, self._creator, ahead, config.width, config.height)
        except Exception:
            # A portrait without previews is better than none.
            log.exception("this model's latents cannot be shown; going on without previews")
            self._previews_work = False
            return
        self._index += 1
        self._last_preview = time.monotonic()
        self._send(
            Preview(self._job.job, self._index, picture.width, picture.height, jpeg(picture))
        )
