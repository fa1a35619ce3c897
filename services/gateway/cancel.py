"""Cancelling: an intent for whoever runs it, or the end itself where nobody does."""

import datetime as dt
import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from services.gateway.names import Owner, generation_name
from services.gateway.reducer.narrator import Narrator
from services.gateway.runner.outbox import Outbox
from services.gateway.runner.replica import Replica
from services.gateway.store.generations import Generations, Row, put_end, put_snapshot
from services.gateway.store.leases import Leases
from services.gateway.store.log import append, read
from services.gateway.watch.hub import Hub
from services.gateway.watch.snapshots import fold_log
from services.runtime.errors import ResourceNotFound

if TYPE_CHECKING:
    from services.gateway.store.database import Connection

ENDED = ("COMPLETED", "FAILED", "CANCELLED")


class Canceller:
    """Carries out requests to cancel, wherever the generation is.

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

    async def cancel(self, generation: uuid.UUID, owner: Owner) -> Row:
        """Asks for the end. Returns the row as it is then; raises ResourceNotFound."""
        row = await self._get(generation, owner)
        if row.state in ENDED:
            return row
        if not await self._end_where_nobody_runs(row, owner):
            await self._leases.request_cancel(generation, owner)
            self._replica.request_cancel(generation, owner)
            self._moved(generation)
        return await self._get(generation, owner)

    async def _get(self, generation: uuid.UUID, owner: Owner) -> Row:
        row = await self._generations.get(generation, owner)
        if row is None:
            raise ResourceNotFound(generation_name(generation))
        return row

    async def _end_where_nobody_runs(self, row: Row, owner: Owner) -> bool:
        published = []

        async def finish(connection: "Connection", taken: Row) -> None:
            snapshot = await fold_log(taken, partial(read, connection))
            narrator = Narrator(generation_name(taken.id), ())
            narrator.resume(set(), {}, snapshot.latest.fraction)
            outbox = Outbox(taken.id, taken.epoch, snapshot, pause=0.0, clock=time.monotonic)
            batch = outbox.take(narrator.cancelled(self._now(), owner))
            await append(connection, [batch])
            await put_snapshot(connection, taken.id, outbox.folded())
            await put_end(connection, taken.id, "CANCELLED")
            published.append(batch)

        if not await self._leases.take_to_cancel(row.id, owner, finish):
            return False
        for batch in published:
            self._hub.publish(batch.generation, batch.last_sequence + 1, batch.events)
        return True
