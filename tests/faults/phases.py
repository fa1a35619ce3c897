"""The eight places in a generation's life where a fault strikes, and how one is brought there."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from enum import Enum
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
from hatchery.progress.v1.progress_pb2 import Progress

from tests.faults.house import House
from tests.faults.people import History, People
from tests.support.postgres import connected
from tests.support.waiting import until


class Phase(Enum):
    """Where it stands."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    EARLY = "early in a stream"
    LATE = "late in a stream"
    BETWEEN = "between steps"
    BEFORE = "before a commit"
    AFTER = "after a commit"
    FINALISING = "finalising"


# A step that writes, of either recipe.
_WRITING = ("persona", "details")
_SIGHT: dict[Phase, Callable[[Progress], bool]] = {
    Phase.QUEUED: lambda e: e.WhichOneof("event") == "queued",
    Phase.CLAIMED: lambda e: e.WhichOneof("event") == "started",
    Phase.EARLY: lambda e: e.WhichOneof("event") == "text_delta",
    Phase.LATE: lambda e: e.step == "avatar" and e.step_progress.done >= 3,
    Phase.BETWEEN: lambda e: e.step in _WRITING and e.WhichOneof("event") == "step_completed",
    Phase.FINALISING: lambda e: e.step == "save",
}

# Holds the transaction up that stores the end of the step of a generation that is named here.
_BRAKE = """
CREATE UNLOGGED TABLE brake (generation uuid PRIMARY KEY);
CREATE FUNCTION brake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM brake WHERE generation = NEW.generation) THEN
        PERFORM pg_sleep(1);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER brake BEFORE INSERT ON steps FOR EACH ROW EXECUTE FUNCTION brake();
"""
_BRAKING = "SELECT true FROM pg_stat_activity WHERE wait_event = 'PgSleep' LIMIT 1"


async def fit_brake(url: str) -> None:
    """Puts the brake in that the phase before a commit needs."""
    async with connected(url) as connection:
        await connection.execute(_BRAKE)


@asynccontextmanager
async def brought_to(
    phase: Phase, house: House, people: People, luck: random.Random
) -> AsyncIterator[tuple[History, str]]:
    """A new generation that has just come to a phase, and the gateway that runs it.

    Where nobody runs it, any gateway. Raises TimeoutError.
    """
    history = people.begin()
    async with asyncio.timeout(house.patience):
        while not history.generation:
            await history.moved.wait()
        bring = {Phase.BEFORE: _to_before, Phase.AFTER: _to_after}.get(phase, _to_sight)
        await bring(phase, house, history)
    yield history, house.runner(history.generation) or luck.choice(house.gateways)
    if phase is Phase.BEFORE:
        await _release(house, history)


async def _to_sight(phase: Phase, _: House, history: History) -> None:
    seen = _SIGHT[phase]
    while not any(map(seen, history.events)) and not history.ended:
        await history.moved.wait()


async def _to_before(_: Phase, house: House, history: History) -> None:
    async with house.hands["postgres"], connected(house.url) as connection:
        await connection.execute("INSERT INTO brake VALUES ($1)", _uuid(history))
        await until(partial(connection.fetchval, _BRAKING), house.patience)


async def _release(house: House, history: History) -> None:
    # Postgres may be what was struck; it takes its unlogged tables with it.
    with suppress(OSError, asyncpg.PostgresError):
        async with connected(house.url, timeout=2) as connection:
            await connection.execute("DELETE FROM brake WHERE generation = $1", _uuid(history))


async def _to_after(_: Phase, house: House, history: History) -> None:
    """Keeps back the answer to a commit of this generation, wherever that is made."""
    lost = asyncio.Event()
    links = [house.links[name, "postgres"] for name in house.gateways]
    listen = _listener(_uuid(history).bytes, lost)
    for link in links:
        link.listeners.append(listen)
    try:
        await lost.wait()
        # Postgres has it by now, and nobody else knows.
        await asyncio.sleep(0.05)
    finally:
        for link in links:
            link.listeners.remove(listen)


def _listener(mark: bytes, lost: asyncio.Event) -> Callable[[bytes, Callable[[], None]], None]:
    within: set[Any] = set()

    def listen(data: bytes, shut: Callable[[], None]) -> None:
        if b"BEGIN" in data:
            within.discard(shut)
        if mark in data:
            within.add(shut)
        if b"COMMIT" in data and shut in within and not lost.is_set():
            shut()
            lost.set()

    return listen


def _uuid(history: History) -> UUID:

    return UUID(history.generation.partition("/")[2])
