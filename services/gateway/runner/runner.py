"""Runs one claimed generation, step by step, to its end."""

import asyncio
import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.gateway.measures import EXPIRED, FENCED, HANDED_OVER, STORE_LOST
from services.gateway.names import generation_name
from services.gateway.recipes.recipe import Forecast, Recipe, Step
from services.gateway.reducer.narrator import Narrator
from services.gateway.runner.attempts import Attempts, Limit
from services.gateway.runner.effects import store_effects
from services.gateway.runner.history import kind
from services.gateway.runner.kept import kept_of
from services.gateway.runner.outbox import Fenced, Outbox
from services.gateway.runner.services import Services
from services.gateway.runner.tried import run_of
from services.gateway.runner.writer import Then, Writer
from services.gateway.store.leases import Claimed
from services.gateway.store.rows import Intent
from services.gateway.store.times import Run, put_time
from services.gateway.store.transitions import (
    CancelWanted,
    put_end,
    put_pause,
    put_release,
    put_result,
    put_snapshot,
)
from services.runtime.errors import HatcheryError, internal
from services.runtime.folding import EPHEMERAL, TERMINAL
from services.runtime.status import reason_name, to_status

if TYPE_CHECKING:
    from services.gateway.store.database import Connection

log = structlog.get_logger()

# What is stored with the last events, of the generation that is named.
Put = Callable[["Connection", uuid.UUID], Awaitable[None]]

# The first word of the queue was said when it was accepted.
_NOT_LOGGED = EPHEMERAL | {"queued"}

# A generation whose leases ran out more often than this, with no step finished in between, fails:
# it may be what kills its runners.
LEASES_TO_LOSE = 5


class Runner:
    """One generation under one epoch. `run` returns when it has ended, or is nobody's here."""

    def __init__(
        self,
        row: Claimed,
        recipe: Recipe,
        snapshot: Generation,
        results: dict[str, StepCompleted],
        known: Mapping[str, Forecast],
        *,
        services: Services,
        writer: Writer,
        outbox: Outbox,
        time_limit: float,
        now: Callable[[], dt.datetime],
    ) -> None:
        """`snapshot` is the log folded to its end; `results` are the steps that are finished.

        `known` is what earlier runs say of how long steps take; `time_limit`, in seconds, how long
        they may work in all.
        """
        self.row = row
        self.outbox = outbox
        self.intent: asyncio.Future[Intent] = asyncio.get_running_loop().create_future()
        # Whether it goes on without us, until what lets go of it is committed: the end, a pause, or
        # that its lease is handed back. A renewal that comes later no longer finds it here.
        self.lost = True
        self._given_up = False
        self._leaving = False
        self._leave_now = asyncio.Event()
        self._recipe = recipe
        self._request = recipe.request.FromString(row.request)
        self._results = results
        self._writer = writer
        self._measures = services.measures
        self._now = now
        # What was kept from a generation that is tried again takes no time here.
        reused = {name for name, result in results.items() if result.reused}
        plan = recipe.plan(known, reused)
        self._expected = {step.name: step.expected for step in plan}
        self._narrator = Narrator(generation_name(row.id), plan)
        self._attempts = Attempts(
            row,
            self._request,
            results,
            narrator=self._narrator,
            services=services,
            limit=Limit(time_limit, snapshot.active_duration.ToNanoseconds() / 1e9),
            kept=kept_of(recipe, snapshot),
            say=self._say,
            rests=self._rests,
            now=now,
        )
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
        return self.outbox.latest.WhichOneof("event") in TERMINAL

    def request(self, wanted: Intent) -> None:
        """Asks to stop the work, and to end as cancelled or to halt. Safe to repeat."""
        if not self.intent.done():
            self.intent.set_result(wanted)

    def give_up(self) -> None:
        """Stops at once and writes nothing more: the store is lost, and the lease will be."""
        if not self.outbox.fenced.is_set():
            self._given_up = True
            self.outbox.fenced.set()

    def leave(self, *, now: bool = False) -> None:
        """Asks to hand the generation over to whoever is next: after the step under way, or now."""
        self._leaving = True
        if now or self._attempts.waiting:
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
            self.lost = not (self.ended or await self._let_go())
        except Fenced:
            log.warning("fenced: another runner has it")
        finally:
            await _stop(work)
            fenced.cancel()
            leave.cancel()
            self._writer.close(self.outbox)
        if self.lost:
            self._measures.let_go(STORE_LOST if self._given_up else FENCED)

    async def _let_go(self) -> bool:
        """Does what was asked of it; False where nothing was."""
        if self.intent.done():
            await self._obey(self.intent.result())
        elif self._leaving:
            await self._commit([], put_release)
        else:
            return False
        return True

    async def _obey(self, wanted: Intent) -> None:
        if wanted.kind == "pause":
            try:
                await self._commit([self._narrator.paused(self._now(), wanted.by)], put_pause)
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
            log.exception("a step broke")
            await self._fail(internal())

    async def _steps(self) -> None:
        """Does what is left of the plan. The end is stored together with that of the last step."""
        if self.intent.done():
            return
        if self.row.leases_lost > LEASES_TO_LOSE:
            log.error("given up: its runners were lost again and again")
            raise internal()
        if self._resumed and not self.row.ran_out:
            pass  # that it goes on was told already
        elif self._began:
            self._say(self._narrator.recovered(self._now(), self.row.epoch))
            self._measures.taken_over(EXPIRED if self.row.ran_out else HANDED_OVER)
        else:
            self._say(self._narrator.started(self._now()))
            for step in self._recipe.steps:
                if kept := self._results.get(step.name):
                    self._say(self._narrator.step_reused(self._now(), step.name, kept))
        left = [step for step in self._recipe.steps if step.name not in self._results]
        for step in left:
            if self._leaving:
                return
            await self._step(step, last=step is left[-1])

    async def _step(self, step: Step, *, last: bool) -> None:
        """Runs a step to its result, and commits that with its effects."""
        tried = await self._attempts.run(step)
        completed, expected = tried.result.completed, self._expected[step.name]
        self._results[step.name] = completed
        events = [self._narrator.step_completed(self._now(), completed)]
        if last:
            resource = completed.resource or self._recipe.made(self.row.resource, self.row.id)
            events.append(self._narrator.completed(self._now(), resource))

        def run() -> Run:
            """What history keeps, once the last event of the step has its number."""
            paced = self.outbox.pace.of(step.name)
            return run_of(step, self._request, tried, expected.seconds, paced)

        async def put(connection: "Connection", generation: uuid.UUID) -> None:
            await put_result(connection, generation, step.name, completed.SerializeToString())
            await put_time(connection, generation, kind(step, self._request), run())
            await store_effects(connection, self.row, tried.result.effects)
            if last:
                await put_end(connection, generation, "COMPLETED")

        def then() -> None:
            names = (self.row.recipe, step.name, step.engine)
            paced, why = self.outbox.pace.of(step.name), tried.reason
            self._measures.step_done(*names, run(), paced, expected=expected, reason=why)
            if last:
                self._measure_end("COMPLETED", "")

        await self._commit(events, put, then)

    def _say(self, event: Progress) -> None:
        """Leaves an event to be told."""
        if event.WhichOneof("event") in _NOT_LOGGED:
            self._writer.put_ephemeral(self.outbox, event)
        else:
            self._writer.put(self.outbox, event)

    def _rests(self) -> None:
        """Nothing is under way now that would be worth waiting for."""
        if self._leaving:
            self._leave_now.set()

    async def _fail(self, error: HatcheryError) -> None:
        event = self._narrator.failed(self._now(), to_status(error))
        await self._end(event, "FAILED", reason_name(error))

    async def _end(self, event: Progress, state: str, reason: str = "") -> None:
        put = partial(put_end, state=state, reason=reason)
        await self._commit([event], put, partial(self._measure_end, state, reason))

    def _measure_end(self, state: str, reason: str) -> None:
        seconds = (self._now() - self.row.create_time).total_seconds()
        self._measures.generation_ended(self.row.recipe, state, reason, seconds)

    async def _commit(
        self, events: Sequence[Progress], put: Put, then: Then = lambda: None
    ) -> None:
        """Commits what was said so far, `events`, the snapshot and `put` in one transaction.

        `then` is called once that is done, also where the work is stopped meanwhile.
        """

        async def effect(connection: "Connection", snapshot: Generation) -> None:
            await put_snapshot(connection, self.row.id, snapshot)
            await put(connection, self.row.id)

        await self._writer.commit(self.outbox, events, effect, then)


async def _stop(task: "asyncio.Future[None]") -> None:
    """Cancels a task and waits until it is over, whatever it makes of that."""
    task.cancel()
    await asyncio.wait([task])
