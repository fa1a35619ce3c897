"""All generations that this replica runs: claimed, kept by lease, asked to stop, handed back."""

import asyncio
import datetime as dt
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.gateway.recipes.recipe import Recipe
from services.gateway.runner.outbox import Outbox
from services.gateway.runner.runner import Runner, Services
from services.gateway.runner.writer import Writer
from services.gateway.store.generations import Generations, Row
from services.gateway.watch.snapshots import Snapshots
from services.runtime.errors import StoreUnavailable

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Timing:
    """How long leases last and how often they are looked after, in seconds."""

    lease: float
    poll: float
    text_pause: float


class Replica:
    """Claims what waits, up to `max_running` at once, and runs it."""

    def __init__(
        self,
        generations: Generations,
        snapshots: Snapshots,
        writer: Writer,
        services: Services,
        recipes: Mapping[str, Recipe],
        *,
        timing: Timing,
        max_running: int,
    ) -> None:
        self._generations = generations
        self._snapshots = snapshots
        self._writer = writer
        self._services = services
        self._recipes = recipes
        self._timing = timing
        self._max_running = max_running
        self._runners: dict[uuid.UUID, tuple[Runner, asyncio.Task[None]]] = {}
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Says that something was accepted, so that it is claimed at once."""
        self._wake.set()

    def request_cancel(self, generation: uuid.UUID, by: str) -> None:
        """Tells the runner at once, where it is one of this replica's."""
        if generation in self._runners:
            self._runners[generation][0].request_cancel(by)

    async def run(self) -> None:
        """Works until it is cancelled; then stops every runner and hands their leases back."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._writer.run())
                group.create_task(self._claim())
                group.create_task(self._renew())
        finally:
            await asyncio.shield(self._hand_over())

    async def _claim(self) -> None:
        while True:
            self._wake.clear()
            free = self._max_running - len(self._runners)
            try:
                rows = await self._generations.claim(free, self._timing.lease) if free > 0 else []
                for row in rows:
                    await self._start(row)
            except StoreUnavailable:
                rows = []
            if rows:
                continue
            try:
                async with asyncio.timeout(self._timing.poll):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def _start(self, row: Row) -> None:
        snapshot = await self._snapshots.fold(row)
        results = await self._generations.results(row.id)
        runner = Runner(
            row,
            self._recipes[row.recipe],
            snapshot,
            {step: StepCompleted.FromString(result) for step, result in results.items()},
            services=self._services,
            writer=self._writer,
            outbox=Outbox(
                row.id, row.epoch, snapshot, pause=self._timing.text_pause, clock=time.monotonic
            ),
            now=lambda: dt.datetime.now(dt.UTC),
        )
        if row.cancel_requested_by:
            runner.request_cancel(row.cancel_requested_by)
        task = asyncio.create_task(self._run(runner), name=f"generation {row.id}")
        self._runners[row.id] = (runner, task)

    async def _run(self, runner: Runner) -> None:
        with structlog.contextvars.bound_contextvars(
            generation=str(runner.row.id), request_id=str(runner.row.request_id)
        ):
            try:
                await runner.run()
            finally:
                self._runners.pop(runner.row.id, None)
                self._wake.set()

    async def _renew(self) -> None:
        """Renews every lease, hears who asked to cancel, and lets go of what was lost.

        The same statement does all three, every `poll` seconds. When the store does not answer
        for most of a lease, all runners are stopped before somebody else may begin.
        """
        answered = time.monotonic()
        while True:
            await asyncio.sleep(min(self._timing.poll, self._timing.lease / 4))
            asked = time.monotonic()
            held = {id_: runner for id_, (runner, _) in self._runners.items()}
            try:
                async with asyncio.timeout(self._timing.lease / 4):
                    kept = await self._generations.renew(
                        [(id_, runner.row.epoch) for id_, runner in held.items()],
                        self._timing.lease,
                    )
            except (StoreUnavailable, TimeoutError):
                if time.monotonic() - answered > self._timing.lease * 0.7:
                    log.warning("the store is lost; stopping what runs here", running=len(held))
                    for runner in held.values():
                        runner.outbox.fenced.set()
                continue
            answered = asked
            for id_, runner in held.items():
                if id_ in kept:
                    if by := kept[id_]:
                        runner.request_cancel(by)
                elif not runner.ended:
                    runner.outbox.fenced.set()

    async def _hand_over(self) -> None:
        """Stops the runners and releases what they held, for whoever comes next."""
        running = list(self._runners.values())
        for _, task in running:
            task.cancel()
        if running:
            await asyncio.wait([task for _, task in running])
        for runner, _ in running:
            if not runner.ended:
                try:
                    await self._generations.release(runner.row.id, runner.row.epoch)
                except StoreUnavailable:
                    log.warning("lease not handed back; it runs out by itself")
