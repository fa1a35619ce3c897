"""All generations that this replica runs: claimed, kept by lease, asked to stop, handed back."""

import asyncio
import datetime as dt
import time
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import structlog
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.gateway.names import generation_name
from services.gateway.recipes.recipe import Recipe
from services.gateway.reducer.narrator import Narrator
from services.gateway.runner.keeper import GIVEN_UP, Keeper, Runners
from services.gateway.runner.outbox import Fenced, Outbox
from services.gateway.runner.runner import LEASES_TO_LOSE, Runner
from services.gateway.runner.services import Services
from services.gateway.runner.traced import of_generation, parent_of, tell_end
from services.gateway.runner.writer import Writer
from services.gateway.store.generations import Generations
from services.gateway.store.leases import Claimed, Leases
from services.gateway.store.rows import Intent, Row
from services.gateway.store.transitions import put_end, put_snapshot
from services.gateway.watch.snapshots import Snapshots
from services.runtime.errors import StoreUnavailable, internal
from services.runtime.status import reason_name, to_status
from services.runtime.tracing import name_of

if TYPE_CHECKING:
    from services.gateway.store.database import Connection

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Timing:
    """How long leases last and how often they are looked after, in seconds."""

    lease: float
    poll: float
    text_pause: float
    # How long the steps of one generation may work in all.
    time_limit: float = float("inf")


class Replica:
    """Claims what waits, up to `max_running` at once, and runs it."""

    def __init__(
        self,
        generations: Generations,
        leases: Leases,
        snapshots: Snapshots,
        *,
        writer: Writer,
        services: Services,
        recipes: Mapping[str, Recipe],
        timing: Timing,
        max_running: int,
    ) -> None:
        self._generations = generations
        self._leases = leases
        self._snapshots = snapshots
        self._writer = writer
        self._services = services
        self._recipes = recipes
        self._timing = timing
        self._max_running = max_running
        self._runners: Runners = {}
        # How many were claimed and do not run yet.
        self._beginning = 0
        self._keeper = Keeper(leases, self._runners, lease=timing.lease, poll=timing.poll)
        self._wake = asyncio.Event()
        self._draining = False
        self._claims_over = asyncio.Event()

    def heard(self, generations: Collection[uuid.UUID] | None) -> None:
        """Says which generations were moved by others, or asked to stop; None: any of them."""
        self._services.slots.wake(generations)
        if generations is None or not self._runners.keys().isdisjoint(generations):
            self._keeper.look()

    @property
    def running(self) -> int:
        """How many generations run here."""
        return len(self._runners)

    def wake(self) -> None:
        """Says that something was accepted, so that it is claimed at once."""
        self._wake.set()

    def request(self, generation: uuid.UUID, wanted: Intent) -> None:
        """Tells the runner at once, where it is one of this replica's."""
        if generation in self._runners:
            self._runners[generation][0].request(wanted)

    async def run(self) -> None:
        """Works until it is cancelled; what runs then is left to its leases. `drain` comes first.

        A part that breaks breaks all of it.
        """
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._writer.run())
                group.create_task(self._services.slots.run())
                group.create_task(self._claim())
                group.create_task(self._keeper.run())
        finally:
            self._claims_over.set()
            for runner, task in self._runners.values():
                runner.outbox.fenced.set()
                task.cancel()

    async def drain(self, grace: float) -> None:
        """Claims no more and hands over what runs here, for whoever comes next.

        Steps under way may end within `grace` seconds; their results are kept.
        """
        self._draining = True
        self._wake.set()
        try:
            async with asyncio.timeout(self._timing.lease):
                await self._claims_over.wait()
        except TimeoutError:
            log.warning("the store does not answer")
        for runner, _ in self._runners.values():
            runner.leave()
        if tasks := [task for _, task in self._runners.values()]:
            _, left = await asyncio.wait(tasks, timeout=grace)
            for runner, _ in self._runners.values():
                runner.leave(now=True)
            if left:  # a store that is lost ends them too, before their leases run out
                await asyncio.wait(left)

    async def _claim(self) -> None:
        # Each begins by itself: one that takes its time keeps no other waiting.
        async with asyncio.TaskGroup() as beginning:
            while not self._draining:
                self._wake.clear()
                free = self._max_running - len(self._runners) - self._beginning
                rows = await self._take(free) if free > 0 else []
                for row in rows:
                    self._beginning += 1
                    beginning.create_task(self._start(row))
                if rows:
                    continue
                try:
                    async with asyncio.timeout(self._timing.poll):
                        await self._wake.wait()
                except TimeoutError:
                    pass
        self._claims_over.set()

    async def _take(self, limit: int) -> list[Claimed]:
        try:
            return await self._leases.claim(limit, self._timing.lease, list(self._recipes))
        except StoreUnavailable:
            return []
        except Exception:
            log.exception("nothing can be claimed")
            return []

    async def _start(self, row: Claimed) -> None:
        """Runs what was claimed. What cannot even begin is left to its lease."""
        try:
            with (
                structlog.contextvars.bound_contextvars(
                    generation=str(row.id), request_id=str(row.request_id)
                ),
                self._keeper.claimed(row),
            ):
                await self._begin(row)
        finally:
            self._beginning -= 1

    async def _begin(self, row: Claimed) -> None:
        try:
            if not await self._follows(row):
                return
            runner, retried = await self._runner(row), await self._retried(row)
            # Another claim of it may have begun meanwhile.
            if not await self._follows(row):
                return
        except StoreUnavailable:
            self._keeper.hand_back(row)
            return
        except Exception:
            log.exception("a generation cannot be started")
            if row.leases_lost > LEASES_TO_LOSE:
                await self._end_unbegun(row)
            return
        log.info("claimed", epoch=row.epoch)
        if row.epoch == 1 and row.start_time is not None:
            waited = (row.start_time - row.create_time).total_seconds()
            self._services.measures.waited("generation", waited)
        task = asyncio.create_task(self._run(runner, retried), name=f"generation {row.id}")
        self._runners[row.id] = (runner, task)

    async def _follows(self, row: Claimed) -> bool:
        """Ends an earlier runner of the same generation here; False where a later one runs.

        Its lease ran out while it ran: there is one runner, also within a replica.
        """
        while former := self._runners.get(row.id):
            runner, task = former
            if runner.row.epoch > row.epoch:
                return False
            runner.outbox.fenced.set()
            await asyncio.wait([task])
        return True

    async def _end_unbegun(self, row: Row) -> None:
        """Fails what cannot even begin, however often it is claimed."""
        try:
            snapshot = await self._snapshots.at_most(row)
            narrator = Narrator(generation_name(row.id), ())
            narrator.resume(set(), {}, snapshot.latest.fraction)
            outbox = Outbox(row.id, row.epoch, snapshot, pause=0.0, clock=time.monotonic)
            self._writer.open(outbox)
            # Nobody tells this one that the store is lost.
            loop = asyncio.get_running_loop()
            patience = loop.call_later(self._timing.lease * GIVEN_UP, outbox.fenced.set)
            try:
                failed = narrator.failed(dt.datetime.now(dt.UTC), to_status(internal()))
                await self._writer.commit(outbox, [failed], partial(_put_failed, row.id))
            finally:
                patience.cancel()
                self._writer.close(outbox)
        except (StoreUnavailable, Fenced):
            pass  # whoever has it next does the same
        except Exception:
            log.exception("a generation cannot even be ended")

    async def _runner(self, row: Claimed) -> Runner:
        snapshot = await self._snapshots.fold(row)
        results = await self._generations.results(row.id)
        recipe = self._recipes[row.recipe]
        request = recipe.request.FromString(row.request)
        runner = Runner(
            row,
            recipe,
            snapshot,
            {step: StepCompleted.FromString(result) for step, result in results.items()},
            await self._services.history.forecast(recipe, request),
            services=self._services,
            writer=self._writer,
            outbox=Outbox(
                row.id, row.epoch, snapshot, pause=self._timing.text_pause, clock=time.monotonic
            ),
            time_limit=min(self._timing.time_limit, recipe.time_limit(request)),
            now=lambda: dt.datetime.now(dt.UTC),
        )
        if wanted := row.intent:
            runner.request(wanted)
        return runner

    async def _retried(self, row: Row) -> Sequence[str]:
        """Where what it tries again belongs."""
        if row.retry_of is None or not self._services.tracing.on:
            return ()
        trace = await self._generations.trace(row.retry_of)
        return (trace,) if trace else ()

    async def _run(self, runner: Runner, retried: Sequence[str]) -> None:
        """Runs it, as a span of its trace: so have all replicas that run it one after another."""
        row, tracing = runner.row, self._services.tracing
        # Whatever tracing does, nobody is kept for ever who does not run any more.
        try:
            with tracing.span(
                f"generation {row.recipe}",
                "internal",
                parent_of(row),
                of_generation(row, tracing.replica),
                retried,
            ) as span:
                try:
                    await runner.run()
                except Exception as error:
                    log.exception("a runner broke; the generation is left to its lease")
                    span.fail(name_of(error))
                finally:
                    tell_end(span, runner.outbox.latest, lost=runner.lost)
        finally:
            del self._runners[row.id]
            self._wake.set()


async def _put_failed(id_: uuid.UUID, connection: "Connection", snapshot: Generation) -> None:
    await put_snapshot(connection, id_, snapshot)
    await put_end(connection, id_, "FAILED", reason_name(internal()))
