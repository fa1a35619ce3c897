"""The one writer of a replica: a group commit of everything that arrived during the last one."""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

import asyncpg
import structlog
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.measures import Measures
from services.gateway.runner.outbox import Fenced, Outbox
from services.gateway.runner.previews import Previews
from services.gateway.store.database import Database
from services.gateway.store.log import Batch, Log, append
from services.gateway.watch.hub import Hub
from services.runtime.errors import StoreUnavailable

if TYPE_CHECKING:
    from services.gateway.store.database import Connection

log = structlog.get_logger()

# What is stored together with events: it gets the snapshot that they lead to.
Effect = Callable[["Connection", Generation], Awaitable[Any]]
# Called once it is stored.
Then = Callable[[], None]

# Pause before the store is asked again, in seconds; a lost lease ends the asking.
_RETRY = 0.1
# Commits are what costs most: they begin no closer together than this, in seconds, and after one of
# so many events than twice of it. What comes after a pause does not wait.
_APART = 0.001
_CROWDED = 24


class Writer:
    """Commits the outboxes of all generations that run here, then hands the events to the hub."""

    def __init__(
        self, database: Database, hub: Hub, previews: Previews, measures: Measures
    ) -> None:
        self._database = database
        self._log = Log(database)
        self._hub = hub
        self._previews = previews
        self._together, self._alone = measures.commits("together"), measures.commits("step")
        # The outboxes that are served, and those of them whose runner commits by itself just now.
        self._outboxes: dict[uuid.UUID, Outbox] = {}
        # Those in which something waits.
        self._filled: dict[uuid.UUID, Outbox] = {}
        self._committing: set[uuid.UUID] = set()
        self._wake = asyncio.Event()

    def open(self, outbox: Outbox) -> None:
        """Begins to serve an outbox."""
        self._outboxes[outbox.generation] = outbox
        self._filled.pop(outbox.generation, None)

    def close(self, outbox: Outbox) -> None:
        """Stops serving an outbox; what still waits in it is forgotten."""
        # There may be a later one of the same generation, under the next epoch.
        if self._outboxes.get(outbox.generation) is outbox:
            del self._outboxes[outbox.generation]
            self._filled.pop(outbox.generation, None)

    def put(self, outbox: Outbox, event: Progress) -> None:
        """Leaves an event to be committed soon."""
        outbox.put(event)
        self._fill(outbox)

    def put_ephemeral(self, outbox: Outbox, event: Progress) -> None:
        """Leaves an event that gets no number to be handed on soon."""
        outbox.put_ephemeral(event)
        self._fill(outbox)

    async def run(self) -> None:
        """Commits for ever. Only text and gauges are ever held back, for their outbox's pause."""
        loop = asyncio.get_running_loop()
        while True:
            self._wake.clear()
            due, soonest = self._due()
            if due:
                began = loop.time()
                count = await self._commit_due(due)
                apart = _APART * (2 if count >= _CROWDED else 1)
                await asyncio.sleep(max(began + apart - loop.time(), 0))
                continue
            try:
                async with asyncio.timeout(soonest):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def commit(
        self, outbox: Outbox, events: Sequence[Progress], effect: Effect, then: Then = lambda: None
    ) -> None:
        """Commits what waits, then `events`, and `effect` with them, in one fenced transaction.

        Raises Fenced when another runner holds the generation, and whatever error of Postgres
        refused it: then nothing was written, and what waited waits again. A store that is lost is
        asked again until it answers or the fence is given up. A cancelled caller waits for the
        commit that is under way, since its numbers are given; `then` is called all the same.
        """
        task = asyncio.ensure_future(self._commit_alone(outbox, events, effect, then))
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task])
            if not task.cancelled() and (error := task.exception()):
                log.info("a commit ended after its caller was stopped", error=type(error).__name__)
            raise

    async def _commit_alone(
        self, outbox: Outbox, events: Sequence[Progress], effect: Effect, then: Then
    ) -> None:
        self._committing.add(outbox.generation)
        try:
            async with outbox.turn:
                if outbox.fenced.is_set():
                    raise Fenced
                batch, began = outbox.take(*events), time.perf_counter()
                try:
                    while not await self._committed(batch, outbox.folded(), effect):
                        if not outbox.fenced.is_set():
                            await asyncio.sleep(_RETRY)
                        elif await self._came_through(batch):
                            break
                        else:
                            raise Fenced
                except Fenced:
                    # Its numbers are given: nothing may be taken of it any more.
                    self.close(outbox)
                    outbox.fenced.set()
                    raise
                except Exception:
                    outbox.restore()
                    raise
                if self._alone:
                    self._alone.add(time.perf_counter() - began, len(batch.events))
                self._publish(outbox, batch)
                then()
        finally:
            self._committing.discard(outbox.generation)
            self._fill(outbox)

    async def _committed(self, batch: Batch, snapshot: Generation, effect: Effect) -> bool:
        """One try. Returns False when the store was lost, and nobody knows what became of it."""
        try:
            async with self._database.transaction() as connection:
                moved = await append(connection, [batch])
                if moved:
                    await effect(connection, snapshot)
            # What did not move may have been applied by a try that was not answered.
            if not moved and not await self._applied([batch]):
                raise Fenced
        except StoreUnavailable:
            return False
        return True

    async def _came_through(self, batch: Batch) -> bool:
        """Whether a try that was not answered did; False where nobody can tell."""
        try:
            return bool(batch.events and await self._applied([batch]))
        except StoreUnavailable:
            return False

    def _fill(self, outbox: Outbox) -> None:
        if self._outboxes.get(outbox.generation) is outbox:
            self._filled[outbox.generation] = outbox
            self._wake.set()

    def _due(self) -> tuple[list[Outbox], float | None]:
        """Whose turn it is now, and in how many seconds somebody's is."""
        due: list[Outbox] = []
        soonest = None
        for generation, outbox in list(self._filled.items()):
            wait = outbox.due_in()
            if wait is None or outbox.fenced.is_set():
                del self._filled[generation]
            elif generation in self._committing:
                pass  # it is looked at again when that is done
            elif wait <= 0:
                due.append(outbox)
            elif soonest is None or wait < soonest:
                soonest = wait
        return due, soonest

    async def _commit_due(self, outboxes: Sequence[Outbox]) -> int:
        """Commits what waits in outboxes that nobody else is committing; returns how much."""
        for outbox in outboxes:
            await outbox.turn.acquire()
        try:
            batches = [outbox.take() for outbox in outboxes]
            fenced = [outbox.fenced for outbox in outboxes]
            filled, began = [batch for batch in batches if batch.events], time.perf_counter()
            moved = await self._append(filled, fenced)
            if moved and self._together:
                events = sum(len(batch.events) for batch in filled if batch.generation in moved)
                self._together.add(time.perf_counter() - began, events)
            for outbox, batch in zip(outboxes, batches, strict=True):
                if not batch.events or batch.generation in moved:
                    self._publish(outbox, batch)
                else:
                    self.close(outbox)
                    outbox.fenced.set()
        except BaseException:
            # Nobody knows what became of these numbers, so nothing may be written after them.
            for outbox in outboxes:
                outbox.fenced.set()
            raise
        finally:
            for outbox in outboxes:
                outbox.turn.release()
        return sum(len(batch.events) for batch in batches)

    async def _append(
        self, batches: Sequence[Batch], fenced: Sequence[asyncio.Event]
    ) -> set[uuid.UUID]:
        """Appends, asking a lost store again, and one by one when the whole is refused.

        Gives up when all are `fenced`: then nobody waits for the answer.
        """
        while batches and not all(event.is_set() for event in fenced):
            try:
                moved = await self._log.append(batches)
                # What did not move may have been applied by a try that was not answered.
                return moved | await self._applied(
                    [b for b in batches if b.generation not in moved]
                )
            except StoreUnavailable:
                await asyncio.sleep(_RETRY)
            except asyncpg.PostgresError:
                log.exception("append refused", generations=[str(b.generation) for b in batches])
                if len(batches) == 1:
                    break
                alone = [await self._append([batch], fenced) for batch in batches]
                return set().union(*alone)
        return set()

    async def _applied(self, batches: Sequence[Batch]) -> set[uuid.UUID]:
        """Those whose log stands where the batch would have brought it, under its own epoch."""
        if not batches:
            return set()
        heads = await self._log.heads([b.generation for b in batches])
        return {
            b.generation
            for b in batches
            if (head := heads.get(b.generation)) is not None
            and (head.epoch, head.last_sequence) == (b.epoch, b.last_sequence + len(b.events))
        }

    def _publish(self, outbox: Outbox, batch: Batch) -> None:
        outbox.accept()
        if batch.events:
            self._hub.publish(batch.generation, batch.last_sequence + 1, batch.events)
        for kind, event in outbox.take_ephemeral():
            self._hub.publish_ephemeral(batch.generation, kind, event)
            if kind == "preview":
                self._previews.put(batch.generation, batch.epoch, event)
