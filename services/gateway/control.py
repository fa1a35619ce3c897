"""Cancel, pause and resume: a wish for whoever runs it, or the deed itself where nobody does."""

import asyncio
import datetime as dt
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.names import Owner, generation_name
from services.gateway.reducer.narrator import Narrator
from services.gateway.runner.outbox import Outbox
from services.gateway.runner.replica import Replica
from services.gateway.store.generations import Generations
from services.gateway.store.leases import Leases
from services.gateway.store.log import append, read
from services.gateway.store.rows import ENDED, Intent, Row
from services.gateway.store.transitions import (
    CancelWanted,
    put_end,
    put_pause,
    put_resume,
    put_snapshot,
)
from services.gateway.watch.hub import Hub
from services.gateway.watch.snapshots import fold_log
from services.runtime.errors import ResourceNotFound

if TYPE_CHECKING:
    from services.gateway.store.database import Connection

# Pause before a generation that moved between two looks is looked at again, in seconds.
_AGAIN = 0.01
# Seconds within which what was asked to halt has done so, also where its runner was lost and its
# successor comes once the lease is over; and between looks.
_HALTS_WITHIN, _HALTING = 15.0, 0.05

Tell = Callable[[Narrator], Progress]
Put = Callable[["Connection", uuid.UUID], Awaitable[None]]


class Control:
    """Carries out what owners want of their generations, wherever these are.

    `moved` tells other replicas that there is something to look at.
    """

    def __init__(
        self,
        generations: Generations,
        leases: Leases,
        replica: Replica,
        hub: Hub,
        *,
        moved: Callable[[uuid.UUID], None],
        now: Callable[[], dt.datetime],
    ) -> None:
        self._generations = generations
        self._leases = leases
        self._replica = replica
        self._hub = hub
        self._moved = moved
        self._now = now

    async def cancel(self, generation: uuid.UUID, by: Owner, *, anyones: bool = False) -> Row:
        """Asks for the end, of one's own or of `anyones`.

        Returns the row as it is then; raises ResourceNotFound.
        """
        row = await self._get(generation, None if anyones else by)
        tell = lambda narrator: narrator.cancelled(self._now(), by)  # noqa: E731
        put = partial(put_end, state="CANCELLED")
        return await self._carry_out(row, Intent("cancel", by), ENDED, tell, put)

    async def pause(self, generation: uuid.UUID, owner: Owner) -> Row:
        """Asks to halt. Returns the row as it is then; raises ResourceNotFound."""
        tell = lambda narrator: narrator.paused(self._now(), owner)  # noqa: E731
        still = (*ENDED, "PAUSED")
        try:
            row = await self._get(generation, owner)
            return await self._carry_out(row, Intent("pause", owner), still, tell, put_pause)
        except CancelWanted:  # its runner was lost before it could do that
            return await self.cancel(generation, owner)

    async def resume(self, generation: uuid.UUID, owner: Owner) -> tuple[Row, bool]:
        """Lets what is paused go on. Returns the row as it is then, and whether this did it."""
        row = await self._halted(generation, owner)
        tell = lambda narrator: narrator.resumed(self._now(), owner)  # noqa: E731
        done = row.state == "PAUSED" and await self._take(row, tell, put_resume, paused=True)
        if done:
            self._replica.wake()
        return await self._get(generation, owner), done

    async def _halted(self, generation: uuid.UUID, owner: Owner) -> Row:
        """The row, once a pause that was asked for before is done: else it would outlive this."""
        row = await self._get(generation, owner)
        with suppress(TimeoutError):
            async with asyncio.timeout(_HALTS_WITHIN):
                while row.state == "RUNNING" and row.intent and row.intent.kind == "pause":
                    await asyncio.sleep(_HALTING)
                    row = await self._get(generation, owner)
        return row

    async def _carry_out(
        self,
        row: Row,
        wanted: Intent,
        still: tuple[str, ...],
        tell: Tell,
        put: Put,
    ) -> Row:
        """Does it where nobody runs the generation; else leaves the wish for its runner."""
        generation, owner = row.id, row.owner
        while row.state not in still:
            paused = "PAUSED" not in still
            if await self._take(row, tell, put, paused=paused, free=True):
                break
            if await self._leases.request(generation, owner, wanted):
                self._replica.request(generation, wanted)
                self._moved(generation)
                break
            # It was paused, or resumed, between the two.
            await asyncio.sleep(_AGAIN)
            row = await self._get(generation, owner)
        return await self._get(generation, owner)

    async def _get(self, generation: uuid.UUID, owner: str | None) -> Row:
        row = await self._generations.get(generation, owner)
        if row is None:
            raise ResourceNotFound(generation_name(generation))
        return row

    async def _take(
        self, row: Row, tell: Tell, put: Put, *, paused: bool = False, free: bool = False
    ) -> bool:
        """Takes what nobody runs, appends what `tell` says, and changes the row with `put`."""
        published = []

        async def finish(connection: "Connection", taken: Row) -> None:
            snapshot = await fold_log(taken, partial(read, connection))
            narrator = Narrator(generation_name(taken.id), ())
            narrator.resume(set(), {}, snapshot.latest.fraction)
            outbox = Outbox(taken.id, taken.epoch, snapshot, pause=0.0, clock=time.monotonic)
            batch = outbox.take(tell(narrator))
            await append(connection, [batch])
            await put_snapshot(connection, taken.id, outbox.folded())
            await put(connection, taken.id)
            published.append(batch)

        if not await self._leases.take(row.id, row.owner, finish, paused=paused, free=free):
            return False
        for batch in published:
            self._hub.publish(batch.generation, batch.last_sequence + 1, batch.events)
        return True
