"""Runs one claimed generation, step by step, to its end."""

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import stamina
import structlog
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.gateway.names import agent_name, generation_name
from services.gateway.recipes.recipe import (
    ImageService,
    Recipe,
    Step,
    StepContext,
    StepResult,
    TextService,
)
from services.gateway.reducer.expected import Expected
from services.gateway.reducer.narrator import Narrator
from services.gateway.runner.effects import store_effects
from services.gateway.runner.history import kind
from services.gateway.runner.outbox import Fenced, Outbox
from services.gateway.runner.slots import Slots
from services.gateway.runner.writer import Writer
from services.gateway.store.generations import Intent, Row
from services.gateway.store.times import put_time
from services.gateway.store.transitions import (
    CancelWanted,
    put_end,
    put_pause,
    put_release,
    put_result,
    put_snapshot,
)
from services.runtime.errors import EngineBusy, EngineUnavailable, HatcheryError, internal
from services.runtime.folding import EPHEMERAL, TERMINAL
from services.runtime.status import to_status

if TYPE_CHECKING:
    from services.gateway.store.database import Connection

log = structlog.get_logger()

# How often a service that cannot be reached is tried, over 0.5 + 1 + 2 + 4 + 8 seconds.
_UNREACHABLE_ATTEMPTS = 6
# A generation whose leases ran out more often than this, with no step finished in between, fails:
# it may be what kills its runners.
_LEASES_TO_LOSE = 5


@dataclass(frozen=True, slots=True)
class Services:
    """What steps work with."""

    texts: TextService
    images: ImageService
    slots: Slots


class Runner:
    """One generation under one epoch. `run` returns when it has ended, or is nobody's here."""

    def __init__(
        self,
        row: Row,
        recipe: Recipe,
        snapshot: Generation,
        results: dict[str, StepCompleted],
        known: Mapping[str, Expected],
        *,
        services: Services,
        writer: Writer,
        outbox: Outbox,
        now: Callable[[], dt.datetime],
    ) -> None:
        """`snapshot` is the log folded to its end; `results` are the steps that are finished.

        `known` is what earlier runs say of how long steps take.
        """
        self.row = row
        self.outbox = outbox
        self.intent: asyncio.Future[Intent] = asyncio.get_running_loop().create_future()
        self._leaving = False
        self._leave_now = asyncio.Event()
        self._recipe = recipe
        self._request = recipe.request.FromString(row.request)
        self._results = results
        self._services = services
        self._writer = writer
        self._now = now
        # What was kept from a generation that is tried again takes no time here.
        reused = {name for name, result in results.items() if result.reused}
        self._narrator = Narrator(generation_name(row.id), recipe.plan(known, reused))
        self._attempt_began = time.monotonic()
        self._began = bool(snapshot.steps)
        self._resumed = self._began and snapshot.latest.HasField("resumed")
        self._narrator.resume(
            finished={s.name for s in recipe.steps if s.name in results},
            attempts={s.step: s.attempt for s in snapshot.steps if s.attempt},
            fraction=snapshot.latest.fraction,
        )

    @property
    def ended(self) -> bool:
        """True once the terminal event is committed."""
        return self.outbox.snapshot.latest.WhichOneof("event") in TERMINAL

    def request(self, wanted: Intent) -> None:
        """Asks to stop the work, and to end as cancelled or to halt. Safe to repeat."""
        if not self.intent.done():
            self.intent.set_result(wanted)

    def leave(self, *, now: bool = False) -> None:
        """Asks to hand the generation over to whoever is next: after the step under way, or now."""
        self._leaving = True
        if now:
            self._leave_now.set()

    async def run(self) -> None:
        """Works until the end, a request to cancel, to pause or to leave, or a lost fence.

        Cancelling this task stops the work and writes nothing more: the generation stays as it is,
        and its lease runs out.
        """
        self._writer.open(self.outbox)
        work = asyncio.ensure_future(self._work())
        fenced = asyncio.ensure_future(self.outbox.fenced.wait())
        leave = asyncio.ensure_future(self._leave_now.wait())
        wakers: list[asyncio.Future[Any]] = [work, fenced, leave, self.intent]
        try:
            await asyncio.wait(wakers, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
            else:
                await _stop(work)
            if self.ended:
                pass
            elif self.intent.done():
                await self._obey(self.intent.result())
            elif self._leaving:
                await self._hand_over()
        except Fenced:
            log.warning("fenced: another runner has it", generation=str(self.row.id))
        finally:
            await _stop(work)
            fenced.cancel()
            leave.cancel()
            self._writer.close(self.outbox)

    async def _obey(self, wanted: Intent) -> None:
        if wanted.kind == "pause":
            try:
                await self._pause(wanted.by)
            except CancelWanted:
                pass
            else:
                return
        await self._end(self._narrator.cancelled(self._now(), wanted.by), "CANCELLED")

    async def _work(self) -> None:
        try:
            await self._steps()
        except HatcheryError as error:
            await self._fail(error)
        except Fenced:
            raise
        except Exception:
            log.exception("a step broke", generation=str(self.row.id))
            await self._fail(internal())

    async def _steps(self) -> None:
        """Does what is left of the plan. The end is stored together with that of the last step."""
        if self.intent.done():
            return
        if self.row.leases_lost > _LEASES_TO_LOSE:
            log.error("given up: its runners were lost again and again")
            raise internal()
        if self._resumed and not self.row.leases_lost:
            pass  # that it goes on was told already
        elif self._began:
            self._put(self._narrator.recovered(self._now(), self.row.epoch))
        else:
            self._put(self._narrator.started(self._now()))
            for step in self._recipe.steps:
                if kept := self._results.get(step.name):
                    self._put(self._narrator.step_reused(self._now(), step.name, kept))
        left = [step for step in self._recipe.steps if step.name not in self._results]
        for step in left:
            if self._leaving:
                return
            await self._step(step, last=step is left[-1])

    async def _step(self, step: Step, *, last: bool) -> None:
        """Runs a step to its result, and commits that with its effects."""
        try:
            result = await self._attempts(step)
        except HatcheryError as error:
            if step.fallback is None:
                raise
            log.warning("step fell back", step=step.name, error=error.message)
            result = step.fallback(self._context(step), error)
        completed = result.completed
        self._results[step.name] = completed
        took = time.monotonic() - self._attempt_began
        events = [self._narrator.step_completed(self._now(), completed)]
        if last:
            resource = agent_name(self.row.agent)
            events.append(self._narrator.completed(self._now(), resource))

        async def effect(connection: "Connection", snapshot: Generation) -> None:
            await put_result(connection, self.row.id, step.name, completed.SerializeToString())
            if not completed.HasField("fallback"):
                await put_time(
                    connection,
                    self.row.id,
                    kind(step, self._request),
                    engine=completed.usage.engine,
                    model=completed.usage.model,
                    seconds=took,
                )
            await store_effects(connection, self.row, result.effects)
            await put_snapshot(connection, self.row.id, snapshot)
            if last:
                await put_end(connection, self.row.id, "COMPLETED")

        await self._writer.commit(self.outbox, events, effect)

    async def _attempts(self, step: Step) -> StepResult:
        """Tries a step as often as its recipe allows, telling each failure that is tried again.

        A service that cannot be reached gets the time of a restart.
        """
        tried = unreachable = 0

        def again(error: Exception) -> bool:
            if isinstance(error, EngineUnavailable):
                return unreachable < _UNREACHABLE_ATTEMPTS
            retryable = isinstance(error, HatcheryError) and error.retryable
            return retryable and tried < step.attempts

        retries = stamina.retry_context(
            on=again,
            attempts=_UNREACHABLE_ATTEMPTS + step.attempts,
            timeout=None,
            wait_initial=0.5,
            wait_max=10.0,
            wait_jitter=0.0,
        )
        async for attempt in retries:
            with attempt:
                try:
                    return await self._attempt(step)
                except HatcheryError as error:
                    if isinstance(error, EngineUnavailable):
                        unreachable += 1
                    else:
                        tried += 1
                    if again(error):
                        self._put(
                            self._narrator.step_retrying(
                                self._now(), to_status(error), attempt.next_wait
                            )
                        )
                    raise
        raise AssertionError("a retry context ends by returning or raising")

    async def _attempt(self, step: Step) -> StepResult:
        """One try, with a slot of its engine. A busy engine is waited for; that is no attempt."""
        async with self._slot(step):
            self._put(self._narrator.step_started(self._now(), step.name))
            while True:
                self._attempt_began = time.monotonic()
                try:
                    return await step.run(self._context(step))
                except EngineBusy as busy:
                    self._queued(step, 0, 1)
                    await asyncio.sleep(busy.retry_after or 1.0)

    def _slot(self, step: Step) -> AbstractAsyncContextManager[None]:
        row = self.row
        waits = partial(self._queued, step)
        return self._services.slots.take(row.id, row.epoch, row.owner, step.engine, waits)

    def _context(self, step: Step) -> StepContext:
        return StepContext(
            request=self._request,
            description=self.row.description,
            agent=self.row.agent,
            results=self._results,
            texts=self._services.texts,
            images=self._services.images,
            emit=self._emit,
            timeout=step.timeout,
            attempt=self._narrator.attempts.get(step.name, 1),
        )

    def _emit(self, event: Progress) -> None:
        told = self._narrator.engine_said(self._now(), event)
        if told.WhichOneof("event") in EPHEMERAL:
            self._put_ephemeral(told)
        else:
            self._put(told)

    def _queued(self, step: Step, position: int, size: int) -> None:
        places = self._services.slots.places(step.engine)
        self._put_ephemeral(
            self._narrator.queued(self._now(), position, size, step=step.name, places=places)
        )

    def _put(self, event: Progress) -> None:
        self._writer.put(self.outbox, event)

    def _put_ephemeral(self, event: Progress) -> None:
        self._writer.put_ephemeral(self.outbox, event)

    async def _fail(self, error: HatcheryError) -> None:
        await self._end(self._narrator.failed(self._now(), to_status(error)), "FAILED")

    async def _pause(self, by: str) -> None:
        """Commits the halt, and hands the lease back with it. Raises CancelWanted."""

        async def effect(connection: "Connection", snapshot: Generation) -> None:
            await put_snapshot(connection, self.row.id, snapshot)
            await put_pause(connection, self.row.id)

        await self._writer.commit(self.outbox, [self._narrator.paused(self._now(), by)], effect)

    async def _hand_over(self) -> None:
        """Commits what was said so far, and hands the lease back with it."""

        async def effect(connection: "Connection", snapshot: Generation) -> None:
            await put_snapshot(connection, self.row.id, snapshot)
            await put_release(connection, self.row.id)

        await self._writer.commit(self.outbox, [], effect)

    async def _end(self, event: Progress, state: str) -> None:
        """Commits the terminal event, the last snapshot and the state in one transaction."""

        async def effect(connection: "Connection", snapshot: Generation) -> None:
            await put_snapshot(connection, self.row.id, snapshot)
            await put_end(connection, self.row.id, state)

        await self._writer.commit(self.outbox, [event], effect)


async def _stop(task: "asyncio.Future[None]") -> None:
    """Cancels a task and waits until it is over, whatever it makes of that."""
    task.cancel()
    await asyncio.wait([task])
