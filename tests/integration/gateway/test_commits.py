"""Commits that meet what else goes on: lost fences, lost answers, callers that are told to stop."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.measures import Measures
from services.gateway.runner.outbox import Fenced, Outbox
from services.gateway.runner.previews import Previews
from services.gateway.runner.writer import Writer
from services.gateway.store.database import Database
from services.gateway.store.log import Log
from services.gateway.store.previews import Previews as PreviewStore
from services.gateway.watch.hub import Hub
from services.runtime.errors import StoreUnavailable
from services.runtime.telemetry import silent
from tests.support.claimed import claimed
from tests.support.postgres import connected
from tests.support.waiting import until

if TYPE_CHECKING:
    from services.gateway.store.database import Connection


def _outbox(generation: uuid.UUID, epoch: int = 1) -> Outbox:
    snapshot = Generation(last_sequence=1)
    return Outbox(generation, epoch, snapshot, pause=0.0, clock=time.monotonic)


def _started() -> Progress:
    return Progress(step="avatar", attempt=1, step_started=progress.StepStarted())


def _preview() -> Progress:
    return Progress(step="avatar", attempt=1, preview=progress.Preview(index=1))


async def _nothing(_connection: "Connection", _snapshot: Generation) -> None:
    """Stores nothing beside the events."""


async def _length(database: Database, generation: uuid.UUID) -> int:
    return len(await Log(database).read(generation, 0, 100))


@asynccontextmanager
async def _writing(database: Database) -> AsyncIterator[tuple[Writer, "asyncio.Task[None]"]]:
    previews = Previews(PreviewStore(database), lambda _: None)
    writer = Writer(database, Hub(lambda _: None), previews, Measures(silent()))
    task = asyncio.create_task(writer.run())
    try:
        yield writer, task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_lost_fence_beside_a_preview_harms_nobody_else(
    database: Database, database_url: str
) -> None:
    """What the fenced one still had to tell is dropped, and the others' events are written."""
    fenced, other = await claimed(database, 2)
    lost, fine = _outbox(fenced, epoch=7), _outbox(other)
    async with _writing(database) as (writer, running), connected(database_url) as holder:
        writer.open(lost)
        writer.open(fine)
        async with holder.transaction():
            # The writer stands still with the other's events.
            await holder.execute("SELECT FROM generations WHERE id = $1 FOR UPDATE", other)
            writer.put(fine, _started())
            await until(lambda: _is_held(fine))
            writer.put_ephemeral(lost, _preview())
            with pytest.raises(Fenced):
                await writer.commit(lost, [_started()], _nothing)
        writer.put(fine, _started())
        await until(lambda: _has(database, other, 3))
        assert not running.done()
        assert 1 == await _length(database, fenced)


async def _is_held(outbox: Outbox) -> bool:
    return outbox.turn.locked()


async def _has(database: Database, generation: uuid.UUID, count: int) -> bool:
    return await _length(database, generation) == count


async def test_an_answer_that_was_lost_with_the_lease_is_looked_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the store took is done, though a renewal came between that and the answer."""
    (generation,) = await claimed(database, 1)
    outbox, transaction, told = _outbox(generation), database.transaction, list[str]()

    @asynccontextmanager
    async def unanswered() -> AsyncIterator["Connection"]:
        async with transaction() as connection:
            yield connection
        outbox.fenced.set()
        raise StoreUnavailable("cut")

    async with _writing(database) as (writer, _):
        writer.open(outbox)
        monkeypatch.setattr(database, "transaction", unanswered)
        await writer.commit(outbox, [_started()], _nothing, lambda: told.append("then"))
        assert (2, ["then"]) == (outbox.last_sequence, told)
        assert 2 == await _length(database, generation)


async def test_what_the_store_did_not_take_is_given_up_with_the_lease(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it is written, and nothing follows from it."""
    (generation,) = await claimed(database, 1)
    outbox, told = _outbox(generation), list[str]()

    @asynccontextmanager
    async def refused() -> AsyncIterator["Connection"]:
        outbox.fenced.set()
        raise StoreUnavailable("cut")
        yield

    async with _writing(database) as (writer, running):
        writer.open(outbox)
        monkeypatch.setattr(database, "transaction", refused)
        with pytest.raises(Fenced):
            await writer.commit(outbox, [_started()], _nothing, lambda: told.append("then"))
        assert ([], 1) == (told, await _length(database, generation))
        assert not running.done()


async def test_a_caller_that_is_stopped_meanwhile_is_counted_all_the_same(
    database: Database,
) -> None:
    """What follows from a commit does, also where whoever asked for it was told to stop."""
    (generation,) = await claimed(database, 1)
    outbox, told = _outbox(generation), list[str]()
    came, goes_on = asyncio.Event(), asyncio.Event()

    async def effect(_connection: "Connection", _snapshot: Generation) -> None:
        came.set()
        await goes_on.wait()

    async with _writing(database) as (writer, _):
        writer.open(outbox)
        caller = asyncio.create_task(
            writer.commit(outbox, [_started()], effect, lambda: told.append("then"))
        )
        await came.wait()
        caller.cancel()
        goes_on.set()
        await asyncio.wait([caller])
        assert caller.cancelled()
        assert (["then"], 2) == (told, await _length(database, generation))
