"""The engine: keeps one worker process, gives it one job at a time, and replaces it if it must."""

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from services.avatar.engines.mflux import messages as said
from services.avatar.engines.mflux.device import INSTALL, is_installed
from services.avatar.engines.mflux.process import Worker, WorkerDied
from services.avatar.engines.mflux.prompt import image_prompt
from services.avatar.engines.mflux.run import UNIT, Run
from services.avatar.port import (
    Emit,
    Model,
    Portrait,
    PortraitRequest,
)
from services.runtime.errors import EngineUnavailable, UnknownModel

MAX_STEPS = 100
MIN_SIZE, MAX_SIZE = 64, 1536
# Importing mflux takes a few seconds, on a cold disk more.
START_TIMEOUT = 180.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Options:
    """How the engine works. Timeouts are in seconds; the first source is the default model."""

    sources: Sequence[str]
    quantize: int | None = None
    download: bool = False
    load_timeout: float = 1800.0
    hang_timeout: float = 300.0
    cancel_timeout: float = 30.0


class MfluxEngine:
    """Draws with MLX models in a process of their own, which keeps the model in memory."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._turn = asyncio.Lock()
        self._jobs = itertools.count(1)
        self._cards: dict[str, said.Card] = {}
        self._worker: Worker | None = None

    @property
    def name(self) -> str:
        """As settings and results give it."""
        return "mflux"

    @property
    def concurrency(self) -> int:
        """One picture takes all of a device."""
        return 1

    @property
    def worker_pid(self) -> int | None:
        """The id of the worker process; None while there is none."""
        return self._worker.pid if self._worker is not None and self._worker.alive else None

    async def start(self) -> None:
        """Starts the worker and has it say what the configured models are."""
        if not is_installed():
            raise EngineUnavailable(f"mflux is not installed; to get it: {INSTALL}")
        try:
            worker = await self._ready_worker()
            async with asyncio.timeout(START_TIMEOUT):
                await worker.send(said.Describe(list(self._options.sources)))
                described = await worker.receive()
        except (WorkerDied, TimeoutError) as error:
            raise EngineUnavailable("mflux cannot be started; the log says why") from error
        if not isinstance(described, said.Described):
            raise EngineUnavailable("mflux cannot be started; the log says why")
        for card in described.cards:
            if card.problem:
                raise EngineUnavailable(
                    f"mflux cannot draw with a configured model: {card.problem}"
                )
            self._cards.setdefault(card.name, card)
        log.info("mflux works", device=described.device, models=list(self._cards))

    async def models(self) -> Sequence[Model]:
        """The configured models, the default first."""
        if not self._cards:
            raise EngineUnavailable("mflux is starting", retry_after=1.0)
        return [
            Model(
                name=card.name,
                title=card.title,
                unit=UNIT,
                default_steps=card.steps,
                max_steps=MAX_STEPS,
                min_size=MIN_SIZE,
                max_size=MAX_SIZE,
                loaded=self._is_loaded(card),
                note=f"runs as {card.base}",
            )
            for card in self._cards.values()
        ]

    async def draw(self, request: PortraitRequest, emit: Emit) -> Portrait:
        """Draws one portrait; cancelling stops it at its next step, and the model stays loaded."""
        models = await self.models()
        card = self._cards.get(request.model or models[0].name)
        if card is None:
            raise UnknownModel(request.model, list(self._cards))
        job = said.Draw(
            job=next(self._jobs),
            source=card.source,
            prompt=image_prompt(request),
            width=request.width,
            height=request.height,
            steps=request.steps or card.steps,
            seed=request.seed,
            preview_interval=request.preview_interval if request.previews else None,
        )
        async with self._turn:
            try:
                return await self._run(job, card.name, emit)
            except WorkerDied:
                # It had ended before it heard of the job: a new one has not.
                try:
                    return await self._run(job, card.name, emit)
                except WorkerDied as error:
                    raise EngineUnavailable("mflux cannot be started; the log says why") from error

    async def _run(self, job: said.Draw, model: str, emit: Emit) -> Portrait:
        run = Run(
            await self._ready_worker(),
            job,
            model=model,
            emit=emit,
            load_timeout=self._options.load_timeout,
            hang_timeout=self._options.hang_timeout,
            cancel_timeout=self._options.cancel_timeout,
        )
        return await run.portrait()

    async def close(self) -> None:
        """Ends the worker process."""
        if self._worker is not None:
            await self._worker.stop()
            self._worker = None

    def _is_loaded(self, card: said.Card) -> bool:
        worker = self._worker
        return worker is not None and worker.alive and worker.loaded == card.source

    async def _ready_worker(self) -> Worker:
        """The worker, a new one when there is none or it has ended."""
        if self._worker is None or not self._worker.alive:
            self._worker = await Worker.spawn(
                quantize=self._options.quantize, download=self._options.download
            )
        return self._worker
