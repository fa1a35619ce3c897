"""Trying a step until it has a result: a slot of its engine, patience, and another try."""

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import stamina
import structlog
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted
from hatchery.types.v1.cost_pb2 import Price
from hatchery.types.v1.model_pb2 import Model

from services.gateway.recipes.recipe import (
    Kept,
    Request,
    Step,
    StepContext,
    StepResult,
)
from services.gateway.reducer.narrator import Narrator
from services.gateway.reducer.prices import decoded
from services.gateway.runner.services import Services
from services.gateway.runner.traced import of_result, of_try
from services.gateway.runner.tried import Tried
from services.gateway.store.rows import Row
from services.runtime.errors import (
    EngineBusy,
    EngineUnavailable,
    HatcheryError,
    InvalidField,
    PromptTooLong,
    TimeLimitReached,
)
from services.runtime.status import reason_name, to_status
from services.runtime.tracing import child

log = structlog.get_logger()

# How often a service that cannot be reached is tried, over at least 0.5 + 1 + 2 + 4 + 8 seconds.
_UNREACHABLE_ATTEMPTS = 6
# What a token of a prompt has, as a guess, where an engine counts them at its end.
_BYTES_PER_TOKEN = 4
# How often one is waited for that a text goes on with, and for how long each time, in seconds.
_AWAY, _AWAY_PAUSE = 60, 0.5
# Seconds by which an engine may be later to give up than we are.
_GRACE = 1.0
# What an engine tells that is the work itself, and not what comes before it.
_WORK = {"text_delta", "step_progress", "preview"}


@dataclass(slots=True)
class Limit:
    """How long the steps of a generation may work in all, and have worked; in seconds."""

    most: float
    worked: float = 0.0


class Attempts:
    """Tries the steps of one generation, and tells of it through `say`.

    `waiting` is True while a step is tried and no engine works on it; `rests` is called when that
    begins after a try.
    """

    def __init__(
        self,
        row: Row,
        request: Request,
        results: dict[str, StepCompleted],
        *,
        narrator: Narrator,
        services: Services,
        limit: Limit,
        kept: Mapping[str, Kept],
        say: Callable[[Progress], None],
        rests: Callable[[], None],
        now: Callable[[], dt.datetime],
    ) -> None:
        """`results` are those of the steps that are finished; `kept`, what others have written."""
        self.waiting = False
        self._row = row
        self._request = request
        self._results = results
        self._narrator = narrator
        self._services = services
        self._limit = limit
        self._kept = dict(kept)
        self._model: Model | None = None
        # Whether the engine has said anything in this try.
        self._said = False
        # Which one is asked, and since when, until it shows the first of its work.
        self._asked: tuple[str, float] | None = None
        self._say = say
        self._rests = rests
        self._now = now
        self._seconds = 0.0

    async def run(self, step: Step) -> Tried:
        """The step's result, or what stands in for it. Raises HatcheryError where nothing does."""
        self.waiting = True
        kept = self._kept.get(step.name)
        before = self._limit.worked - (kept.seconds if kept else 0.0)
        try:
            result = await self._try_again_and_again(step)
            return Tried(result, self._seconds, self._limit.worked - before, self._model)
        except HatcheryError as error:
            if step.fallback is None or isinstance(error, TimeLimitReached):
                raise
            log.warning("step fell back", step=step.name, error=error.message)
            result = step.fallback(self._context(step), error)
            return Tried(result, self._seconds, self._limit.worked - before, self._model)
        finally:
            self.waiting = False
            self._services.slots.goes_on(self._row.id)

    async def _try_again_and_again(self, step: Step) -> StepResult:
        """Tries as often as the recipe allows, telling each failure that is tried again.

        A service that cannot be reached gets the time of a restart.
        """
        tried = unreachable = 0
        retried: Exception | None = None

        def again(error: Exception) -> bool:
            if isinstance(error, EngineUnavailable):
                return unreachable < _UNREACHABLE_ATTEMPTS
            # An engine that cannot go on after a text, or not after so much of it, can begin anew.
            anew = isinstance(error, InvalidField | PromptTooLong) and step.name in self._kept
            retryable = isinstance(error, HatcheryError) and (error.retryable or anew)
            return retryable and tried < step.attempts

        retries = stamina.retry_context(
            # No other one: whoever is told to stop between two tries, or within the next, does.
            on=lambda error: error is retried,
            attempts=_UNREACHABLE_ATTEMPTS + step.attempts,
            timeout=None,
            wait_initial=0.5,
            wait_max=10.0,
            # Replicas that met the same outage do not all come back at once.
            wait_jitter=0.5,
        )
        async for attempt in retries:
            with attempt:
                try:
                    return await self._try(step)
                except HatcheryError as error:
                    if isinstance(error, EngineUnavailable):
                        unreachable += 1
                    else:
                        tried += 1
                    retried = error if again(error) else None
                    # What it wrote is void, which is said before anything is waited for.
                    self._kept.pop(step.name, None)
                    if retried:
                        status, pause = to_status(error), attempt.next_wait
                        self._say(self._narrator.step_retrying(self._now(), status, pause))
                        self._rests()
                        if isinstance(error, EngineUnavailable):
                            self._services.slots.held_up(self._row.id, step.engine)
                    await self._failed(step, error)
                    raise
        raise AssertionError("a retry context ends by returning or raising")

    async def _try(self, step: Step) -> StepResult:
        """One try, with a slot of its engine, as a span."""
        attributes = {"hatchery.recipe": self._row.recipe, "hatchery.step": step.name}
        with child(f"step {step.name}", attributes=attributes) as span:
            try:
                result = await self._with_slot(step)
            finally:
                span.note(of_try(step, self._narrator.attempts.get(step.name, 1), self._model))
            span.note(of_result(result))
            return result

    async def _with_slot(self, step: Step) -> StepResult:
        """The work and its check. A busy engine is waited for; that is no attempt."""
        row, waits = self._row, partial(self._queued, step)
        self._services.slots.goes_on(row.id)
        model = self._model = await self._services.model(
            step.engine, step.model(self._request), sees=step.sees
        )
        engine = "" if model is not None and step.spares(model) else step.engine
        asked = time.monotonic()
        async with self._services.slots.take(row.id, row.epoch, row.owner, engine, waits):
            if engine:
                self._services.measures.waited(engine, time.monotonic() - asked)
            price = self._price(step)
            kept = self._kept.get(step.name)
            tokens = kept.tokens if kept else None
            self._say(
                self._narrator.step_started(
                    self._now(),
                    step.name,
                    price=price,
                    read=step.most(self._request).read // _BYTES_PER_TOKEN,
                    kept=tokens,
                )
            )
            result = await self._engaged(step)
        # Somebody else has the engine by now.
        await step.check(self._context(step), result)
        return result

    async def _engaged(self, step: Step) -> StepResult:
        """The work, once its engine has time for it."""
        away = 0
        while True:
            try:
                return await self._work(step)
            except EngineBusy as busy:
                await self._wait_for_engine(step, busy.retry_after or 1.0)
            except EngineUnavailable:
                # Nothing that was written is given up for a service that is not back yet.
                away += 1
                if self._said or step.name not in self._kept or away > _AWAY:
                    raise
                await self._wait_for_engine(step, _AWAY_PAUSE)

    async def _wait_for_engine(self, step: Step, seconds: float) -> None:
        self._narrator.waited(self._now())
        self._queued(step, 0, 1)
        self._rests()
        self._services.slots.held_up(self._row.id, step.engine)
        with child(f"wait {step.engine}", attributes={"hatchery.queue": step.engine}):
            await asyncio.sleep(seconds)
        self._services.slots.goes_on(self._row.id)
        self._narrator.waited(self._now())

    def _price(self, step: Step) -> Price | None:
        """What was agreed on, or else what holds now."""
        if self._row.prices is not None:
            return decoded(self._row.prices).get(step.name)
        return self._services.price(self._model) if self._model else None

    async def _work(self, step: Step) -> StepResult:
        began, self.waiting, limit = time.monotonic(), False, self._limit
        self._said, self._asked = False, (step.engine, began) if step.engine else None
        try:
            async with asyncio.timeout(max(limit.most - limit.worked, 0)) as until:
                return await step.run(self._context(step))
        except TimeoutError:
            if not until.expired():
                raise
            raise TimeLimitReached(
                f"it worked for {limit.most:g} s, which is as long as it may",
                metadata={"limit": f"{limit.most:g}"},
            ) from None
        except HatcheryError:
            self.waiting = True
            raise
        finally:
            worked = time.monotonic() - began
            limit.worked += worked
            kept = self._kept.get(step.name)
            self._seconds = worked + (kept.seconds if kept else 0.0)

    async def _failed(self, step: Step, error: HatcheryError) -> None:
        """The statistics tell of a try that failed."""
        attempt = self._narrator.attempts.get(step.name, 1)
        engine, model = (self._model.engine, self._model.name) if self._model else ("", "")
        self._services.measures.step_failed(
            self._row.recipe, step.name, engine, model, reason_name(error)
        )
        await self._services.history.failed(self._row, step, attempt, self._model, error)

    def _context(self, step: Step) -> StepContext:
        return StepContext(
            request=self._request,
            description=self._row.description,
            resource=self._row.resource,
            results=self._results,
            texts=self._services.texts,
            images=self._services.images,
            pictures=self._services.pictures(self._row),
            work=self._services.work,
            apart=self._services.apart,
            emit=self._heard,
            # What is left for all steps together, so that engines give up with us, and not before.
            timeout=min(step.timeout, max(self._limit.most - self._limit.worked, 0.0) + _GRACE),
            attempt=self._narrator.attempts.get(step.name, 1),
            model=self._model,
            kept=self._kept.get(step.name),
            answering=self._services.talk(self._row) if self._row.conversation else None,
        )

    def _heard(self, event: Progress) -> None:
        self._said = True
        if self._asked is not None and event.WhichOneof("event") in _WORK:
            (engine, since), self._asked = self._asked, None
            self._services.measures.first_chunk(engine, self._model, time.monotonic() - since)
        self._say(self._narrator.engine_said(self._now(), event))

    def _queued(self, step: Step, position: int, size: int) -> None:
        places = self._services.slots.places(step.engine)
        waits = self._narrator.queued(self._now(), position, size, step=step.name, places=places)
        self._say(waits)
