"""One job from the engine's side: followed to its end, stopped softly, by force if need be."""

import asyncio
import time
from collections.abc import Callable

import structlog

from services.avatar.engines.mflux import messages as said
from services.avatar.engines.mflux.process import Worker, WorkerDied
from services.avatar.port import Emit, ModelLoading, Portrait, PreviewReady, StepDone
from services.runtime.errors import EngineFailed, UnknownModel

UNIT = "denoising steps"
LOADING_TICK = 1.0

log = structlog.get_logger()


class Run:
    """Has a worker do one job. Timeouts are in seconds."""

    def __init__(
        self,
        worker: Worker,
        job: said.Draw,
        *,
        model: str,
        emit: Emit,
        load_timeout: float,
        hang_timeout: float,
        cancel_timeout: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`model` is the name by which people know the job's source."""
        self._worker = worker
        self._job = job
        self._model = model
        self._emit = emit
        self._load_timeout = load_timeout
        self._hang_timeout = hang_timeout
        self._cancel_timeout = cancel_timeout
        self._clock = clock
        self._began = clock()
        self._load_seconds = 0.0
        self._drawing = False
        self.heard = False

    async def portrait(self) -> Portrait:
        """The finished portrait. Raises EngineFailed and UnknownModel, WorkerDied if unheard."""
        try:
            await self._worker.send(self._job)
            while True:
                if (portrait := self._take(await self._next())) is not None:
                    return portrait
        except WorkerDied as error:
            # It may be dying still; the next job must not take it for alive.
            await self._worker.kill()
            if not self.heard:
                raise
            raise EngineFailed("the mflux worker process ended while it drew") from error
        except TimeoutError as error:
            log.warning("mflux worker hangs", pid=self._worker.pid)
            await self._worker.kill()
            raise EngineFailed("the mflux worker process hung and was stopped") from error
        except asyncio.CancelledError:
            await self._withdraw()
            raise

    def _take(self, report: said.Report) -> Portrait | None:
        """Hands on what a report of this job means; the portrait when it is the last one."""
        if isinstance(report, said.Described) or report.job != self._job.job:
            return None  # the late echo of a job that was withdrawn
        self.heard = True
        match report:
            case said.Loading():
                self._tell_loading()
            case said.Started(load_seconds=seconds):
                self._load_seconds, self._drawing = seconds, True
            case said.Step():
                self._emit(StepDone(report.done, report.total, UNIT, report.elapsed))
            case said.Preview():
                self._emit(
                    PreviewReady(
                        report.image, "image/jpeg", report.width, report.height, report.index
                    )
                )
            case said.WeightsMissing(command=command):
                raise UnknownModel(self._model, command=command)
            case said.Failed(problem=problem):
                raise EngineFailed(problem)
            case said.Cancelled():
                raise EngineFailed("the mflux worker stopped a job that nobody cancelled")
            case said.Done():
                return Portrait(
                    png=report.image,
                    width=report.width,
                    height=report.height,
                    model=self._model,
                    seed=self._job.seed,
                    steps=self._job.steps,
                    load_seconds=self._load_seconds,
                    draw_seconds=report.elapsed,
                )
        return None

    async def _next(self) -> said.Report:
        """The next report. Raises TimeoutError after a silence that no work explains."""
        settled = self._worker.settled
        deadline = self._clock() + (self._hang_timeout if settled else self._load_timeout)
        while True:
            wait = deadline - self._clock()
            try:
                async with asyncio.timeout(wait if settled else min(wait, LOADING_TICK)):
                    return await self._worker.receive()
            except TimeoutError:
                if self._clock() >= deadline:
                    raise
                self._tell_loading()

    def _tell_loading(self) -> None:
        self._emit(ModelLoading(self._model, self._clock() - self._began))

    async def _withdraw(self) -> None:
        """Stops the job. What loads may go on: the next job has use of it."""
        try:
            async with asyncio.timeout(self._cancel_timeout):
                await self._worker.send(said.Cancel(self._job.job))
                while self._drawing and not self._is_end(await self._worker.receive()):
                    pass
        except (TimeoutError, WorkerDied):
            log.warning("mflux worker did not stop", pid=self._worker.pid)
            await self._worker.kill()

    def _is_end(self, report: said.Report) -> bool:
        ends = (said.Done, said.Cancelled, said.Failed, said.WeightsMissing)
        return isinstance(report, ends) and report.job == self._job.job
