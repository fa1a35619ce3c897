"""Snapshots: what is stored, with the tail of the log folded on."""

import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

import structlog
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.names import (
    comparison_name,
    conversation_name,
    generation_name,
    message_name,
)
from services.gateway.recipes.kinds import RECIPES
from services.gateway.reducer.snapshot import fold
from services.gateway.store.log import Log
from services.gateway.store.rows import ENDED, Row
from services.runtime.errors import StoreUnavailable

log = structlog.get_logger()

_PAGE = 1000
# Characters of a text in a list: a page of them has to fit into a message.
_LISTED = 2000
# So many snapshots are kept for who asks again.
_POLLED = 64


Read = Callable[[uuid.UUID, int, int], Awaitable[Sequence[tuple[int, bytes]]]]


async def fold_log(row: Row, read: Read, known: Generation | None = None) -> Generation:
    """The log of a generation, folded: read with `read` from where its stored snapshot ends.

    Or from where another one of it ends, which is `known` and stays as it is.
    """
    snapshot = Generation()
    if known is None:
        snapshot.ParseFromString(row.snapshot)
    else:
        # Made anew, as a message frees nothing of what it held before while it lives.
        snapshot.CopyFrom(known)
    while tail := await read(row.id, snapshot.last_sequence, _PAGE):
        fold(snapshot, *(Progress.FromString(event) for _, event in tail))
    return snapshot


class Snapshots:
    """Reads snapshots."""

    def __init__(self, log: Log) -> None:
        self._log = log
        # The latest of those that go on and were asked for, so that a poll folds what is new alone.
        self._polled: OrderedDict[uuid.UUID, Generation] = OrderedDict()

    async def fold(self, row: Row) -> Generation:
        """The log of a generation, folded to its end."""
        return await fold_log(row, self._log.read)

    async def _poll(self, row: Row) -> Generation:
        """The same, from where it was folded to before."""
        known = self._polled.pop(row.id, None)
        if row.state in ENDED:
            return await self.fold(row)
        snapshot = await fold_log(row, self._log.read, known)
        kept = self._polled[row.id] = Generation()
        kept.CopyFrom(snapshot)
        while len(self._polled) > _POLLED:
            self._polled.popitem(last=False)
        return snapshot

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
        return describe(row, await self._poll(row))


def describe(row: Row, snapshot: Generation) -> Generation:
    """Fills in what the row knows and the log does not tell."""
    snapshot.name = generation_name(row.id)
    snapshot.recipe = row.recipe
    snapshot.description = row.description
    snapshot.request_id = str(row.request_id)
    snapshot.epoch = row.epoch
    snapshot.retry_of = generation_name(row.retry_of) if row.retry_of else ""
    named = RECIPES[row.recipe].made(row.resource, row.id) if row.recipe in RECIPES else ""
    snapshot.agent = named if named.startswith("agents/") else ""
    snapshot.artifact = named if named.startswith("artifacts/") else ""
    snapshot.comparison = comparison_name(row.comparison) if row.comparison else ""
    if row.conversation:
        snapshot.conversation = conversation_name(row.conversation)
        snapshot.message = message_name(row.conversation, row.message)
    snapshot.caused_by = generation_name(row.caused_by) if row.caused_by else ""
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
        active_duration=stored.active_duration if stored.HasField("active_duration") else None,
        cost=stored.cost if stored.HasField("cost") else None,
    )
    described = describe(row, generation)
    described.description = clipped(row.description)
    return described


def clipped(text: str) -> str:
    """A text for a list, with a sign where something is missing."""
    return text if len(text) <= _LISTED else f"{text[: _LISTED - 1]}…"
