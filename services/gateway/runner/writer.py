"""The one writer of a replica: a group commit of everything that arrived during the last one."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

import asyncpg
import structlog
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.runner.outbox import Fenced, Outbox
from services.gateway.store.database import Database
from services.gateway.store.log import Batch, Log, append
from services.gateway.watch.hub import Hub
from services.runtime.errors import StoreUnavailable

if TYPE_CHECKING:
    from services.gateway.store.database import Connection

log = structlog.get_logger()

# Pause before the store is asked again, in seconds; a lost lease ends the asking.
_RETRY = 0.1


class Writer:
    """Commits the outboxes of all generations that run here, then hands the events to the hub."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database = database
        self._log = Log(database)
        self._hub = hub
        self._outboxes: dict[uuid.UUID, Outbox] = {}
        self._wake = asyncio.Event()

    def open(self, outbox: Outbox) -> None:
        """Begins to serve an outbox."""
        self._outboxes[outbox.generation] = outbox

    def close(self, outbox: Outbox) -> None:
        """Stops serving an outbox; what still waits in it is forgotten."""
        self._outboxes.pop(outbox.generation, None)

    def put(self, outbox: Outbox, event: Progress) -> None:
        """Leaves an event to be committed soon."""
        outbox.put(event)
        self._wake.set()

    def wake(self) -> None:
        """Has the outboxes looked at again."""
        self._wake.set()

    async def run(self) -> None:
        """Commits for ever. Only text and gauges are ever held back, for their outbox's pause."""
        while True:
            self._wake.clear()
            due, soonest = self._due()
            if due:
                await self._commit(due)
                continue
            try:
                async with asyncio.timeout(soonest):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def commit(
        self,
        outbox: Outbox,
        event: Progress,
        effect: Callable[["Connection"], Awaitable[Any]],
    ) -> None:
        """Commits what waits, then `event`, and `effect` with it, in one fenced transaction.

        Raises Fenced when another runner holds the generation. A store that is lost is asked
        again until it answers: whether an unanswered commit was applied is read back first.
        A cancelled caller waits for the commit that is under way, since its number is given.
        """
        task = asyncio.ensure_future(self._commit_alone(outbox, event, effect))
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task])
            raise

    async def _commit_alone(
        self,
        outbox: Outbox,
        event: Progress,
        effect: Callable[["Connection"], Awaitable[Any]],
    ) -> None:
        async with outbox.turn:
            batch = outbox.take(event)
            while not await self._committed(batch, effect):
                await asyncio.sleep(_RETRY)
                # An unanswered commit may have been applied; sent again, it would look fenced.
                if await self._applied([batch]):
                    break
            self._publish(outbox, batch)
        self._wake.set()

    async def _committed(
        self, batch: Batch, effect: Callable[["Connection"], Awaitable[Any]]
    ) -> bool:
        """One try. Returns False when the store was lost, and nobody knows what became of it."""
        try:
            async with self._database.transaction() as connection:
                if not await append(connection, [batch]):
                    raise _NotMoved
                await effect(connection)
        except StoreUnavailable:
            return False
        except _NotMoved:
            if await self._applied([batch]):
                return True
            self._outboxes[batch.generation].fenced.set()
            raise Fenced from None
        return True

    def _due(self) -> tuple[list[Outbox], float | None]:
        waits = [
            (wait, outbox)
            for outbox in self._outboxes.values()
            if not outbox.turn.locked() and (wait := outbox.due_in()) is not None
        ]
        due = [outbox for wait, outbox in waits if wait <= 0]
        return due, min((wait for wait, _ in waits), default=None)

    async def _commit(self, outboxes: Sequence[Outbox]) -> None:
        for outbox in outboxes:
            await outbox.turn.acquire()
        try:
            batches = {outbox.generation: outbox.take() for outbox in outboxes}
            moved = await self._append([b for b in batches.values() if b.events])
            for outbox in outboxes:
                batch = batches[outbox.generation]
                if not batch.events or outbox.generation in moved:
                    self._publish(outbox, batch)
                else:
                    self.close(outbox)
                    outbox.fenced.set()
        finally:
            for outbox in outboxes:
                outbox.turn.release()

    async def _append(self, batches: Sequence[Batch]) -> set[uuid.UUID]:
        """Appends, asking a lost store again, and one by one when the whole is refused."""
        unanswered = False
        while True:
            try:
                moved = await self._log.append(batches)
            except StoreUnavailable:
                unanswered = True
                await asyncio.sleep(_RETRY)
            except asyncpg.PostgresError:
                log.exception("append refused", generations=[str(b.generation) for b in batches])
                if len(batches) == 1:
                    return set()
                alone = [await self._append([batch]) for batch in batches]
                return set().union(*alone)
            else:
                if unanswered:
                    # What was applied without an answer did not move a second time.
                    moved |= await self._applied([b for b in batches if b.generation not in moved])
                return moved

    async def _applied(self, batches: Sequence[Batch]) -> set[uuid.UUID]:
        """Those whose log stands where the batch would have brought it, under its own epoch."""
        while True:
            try:
                heads = await self._log.heads([b.generation for b in batches])
                break
            except StoreUnavailable:
                await asyncio.sleep(_RETRY)
        return {
            b.generation
            for b in batches
            if (head := heads.get(b.generation)) is not None
            and (head.epoch, head.last_sequence) == (b.epoch, b.last_sequence + len(b.events))
        }

    def _publish(self, outbox: Outbox, batch: Batch) -> None:
        if batch.events:
            self._hub.publish(batch.generation, batch.last_sequence + 1, batch.events)
        for kind, event in outbox.take_ephemeral():
            self._hub.publish_ephemeral(batch.generation, kind, event)


class _NotMoved(Exception):
    """The fence did not hold, or the batch was applied before."""
