"""Snapshots: what is stored, with the tail of the log folded on."""

import uuid
from collections.abc import Awaitable, Callable, Sequence

import structlog
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.names import agent_name, generation_name
from services.gateway.reducer.snapshot import fold
from services.gateway.store.log import Log
from services.gateway.store.rows import Row
from services.runtime.errors import StoreUnavailable

log = structlog.get_logger()

_PAGE = 1000


Read = Callable[[uuid.UUID, int, int], Awaitable[Sequence[tuple[int, bytes]]]]


async def fold_log(row: Row, read: Read) -> Generation:
    """The log of a generation, read with `read` from where its stored snapshot ends, and folded."""
    snapshot = Generation.FromString(row.snapshot)
    while tail := await read(row.id, snapshot.last_sequence, _PAGE):
        fold(snapshot, *(Progress.FromString(event) for _, event in tail))
    return snapshot


class Snapshots:
    """Reads snapshots."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def fold(self, row: Row) -> Generation:
        """The log of a generation, folded to its end."""
        return await fold_log(row, self._log.read)

    async def at_most(self, row: Row) -> Generation:
        """The log folded to its end, or as much as can be made of it: its last event alone."""
        try:
            return await self.fold(row)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("a log cannot be folded", generation=str(row.id))
            events = await self._log.read(row.id, row.last_sequence - 1, 1)
            latest = Progress.FromString(events[0][1])
            return Generation(last_sequence=row.last_sequence, latest=latest)

    async def read(self, row: Row) -> Generation:
        """The snapshot as clients see it: folded, with what the row knows beside the log."""
        return describe(row, await self.fold(row))


def describe(row: Row, snapshot: Generation) -> Generation:
    """Fills in what the row knows and the log does not tell."""
    snapshot.name = generation_name(row.id)
    snapshot.recipe = row.recipe
    snapshot.description = row.description
    snapshot.request_id = str(row.request_id)
    snapshot.epoch = row.epoch
    snapshot.retry_of = generation_name(row.retry_of) if row.retry_of else ""
    snapshot.agent = agent_name(row.agent)
    snapshot.template = row.template
    snapshot.create_time.FromDatetime(row.create_time)
    if row.start_time:
        snapshot.start_time.FromDatetime(row.start_time)
    if row.end_time:
        snapshot.end_time.FromDatetime(row.end_time)
    return snapshot


def summary(row: Row) -> Generation:
    """The row for a list: no texts and no step outputs, and the state as the row has it."""
    stored = Generation.FromString(row.snapshot)
    generation = Generation(
        state=Generation.State.Value(f"STATE_{row.state}"),
        last_sequence=row.last_sequence,
        resource=stored.resource,
        error=stored.error if stored.HasField("error") else None,
    )
    return describe(row, generation)
