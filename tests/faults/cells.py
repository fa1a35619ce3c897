"""The faults, each in each place where it can strike, as a table of cells."""

import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial

import asyncpg

from tests.faults.house import House
from tests.faults.people import History, People
from tests.faults.phases import Phase, brought_to
from tests.support.disk import mountable
from tests.support.postgres import connected

_DOWN = 0.3

_LINKS = ("postgres", "llm", "avatar")

Strike = Callable[[House, str], Awaitable[None]]


async def kill(victim: str, house: House, runner: str) -> None:
    """SIGKILL, and a new start a moment later. `gateway` is the one that runs it."""
    name = runner if victim == "gateway" else victim
    async with house.hands[name]:
        await house.kill(name)
        await asyncio.sleep(_DOWN)
        await house.start(name)


async def lose_power(house: House, runner: str) -> None:
    """The gateway is gone, and nobody tells Postgres and the engines that it is."""
    links = [house.links[runner, service] for service in _LINKS]
    for link in links:
        link.quiet = True
    await kill("gateway", house, runner)
    for link in links:
        link.quiet = False


async def stop_and_continue(house: House, runner: str) -> None:
    """SIGSTOP for twice the lease: it wakes up as one that others have replaced."""
    async with house.hands[runner]:
        pid = house.pid(runner)
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(house.outage)
        finally:
            os.kill(pid, signal.SIGCONT)


async def slow(service: str, house: House, runner: str) -> None:
    """Every piece takes a fifth of a second longer, both ways."""
    link = house.links[runner, service]
    link.delay = 0.2
    await asyncio.sleep(house.outage)
    link.mend()


async def hold(service: str, house: House, runner: str) -> None:
    """Nothing comes through, and nobody is told."""
    link = house.links[runner, service]
    link.hold()
    await asyncio.sleep(house.outage)
    link.mend()


async def reset(service: str, house: House, runner: str) -> None:
    """Connections break, and new ones with them for a while."""
    link = house.links[runner, service]
    link.cut()
    await asyncio.sleep(house.outage)
    link.mend()


async def half_open(service: str, house: House, runner: str) -> None:
    """Connections are gone on the far side alone; new ones work."""
    house.links[runner, service].leave_half_open()


async def restart_all(house: House, _: str) -> None:
    """SIGTERM to one gateway after another, each started again before the next goes."""
    for name in house.gateways:
        async with house.hands[name]:
            status = await house.stop(name)
            assert status == 0, f"{name} ended with {status}"
            await house.start(name)


async def lose_wakeups(house: House, _: str) -> None:
    """The connections that hear are broken, again and again."""
    async with house.hands["postgres"], connected(house.url) as connection:
        for _ in range(10):
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            )
            await asyncio.sleep(house.outage / 10)


async def fill_connections(house: House, _: str) -> None:
    """Somebody takes every connection that Postgres has, and breaks those of the gateways."""
    async with house.hands["postgres"], AsyncExitStack() as stack:
        first = await asyncpg.connect(house.url)
        stack.push_async_callback(first.close)
        await first.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'hatchery-gateway'"
        )
        try:
            while True:
                more = await asyncpg.connect(house.url)
                stack.push_async_callback(more.close)
        except asyncpg.TooManyConnectionsError:
            await asyncio.sleep(house.outage)


async def fill_disk(house: House, _: str) -> None:
    """Not a byte is left where Postgres and all logs are."""
    assert house.disk is not None
    async with house.hands["postgres"]:
        with house.disk.full():
            await asyncio.sleep(house.outage)
        if not house.processes["postgres"].alive:  # it gives up where it cannot go on writing
            await house.start("postgres")


_ON_LINKS: Mapping[str, Callable[[str, House, str], Awaitable[None]]] = {
    "slow": slow,
    "held": hold,
    "reset": reset,
    "half open": half_open,
}

# Each cell: what is done, and when.
CELLS: Mapping[str, tuple[Strike, Phase]] = {
    **{
        f"kill {victim}, {phase.value}": (partial(kill, victim), phase)
        for victim in ("gateway", "llm", "avatar", "postgres")
        for phase in Phase
    },
    **{
        f"gateway-{service} {name}, {phase.value}": (partial(strike, service), phase)
        for name, strike in _ON_LINKS.items()
        for service, phase in zip(_LINKS, (Phase.EARLY, Phase.EARLY, Phase.LATE), strict=True)
    },
    "gateway without power, early in a stream": (lose_power, Phase.EARLY),
    "gateway without power, before a commit": (lose_power, Phase.BEFORE),
    "gateway stopped for two leases, early in a stream": (stop_and_continue, Phase.EARLY),
    "gateway stopped for two leases, before a commit": (stop_and_continue, Phase.BEFORE),
    "wake-ups lost, early in a stream": (lose_wakeups, Phase.EARLY),
    "gateways restarted in turn, early in a stream": (restart_all, Phase.EARLY),
    "postgres at max connections, late in a stream": (fill_connections, Phase.LATE),
    "disk full, early in a stream": (fill_disk, Phase.EARLY),
    "disk full, finalising": (fill_disk, Phase.FINALISING),
}


def possible() -> list[str]:
    """The cells that can be staged on this machine: not each may mount a disk."""
    return [cell for cell in CELLS if mountable() or not cell.startswith("disk full")]


async def strike(cell: str, house: House, people: People, luck: random.Random) -> History:
    """Strikes once; returns the generation that was struck. Raises TimeoutError."""
    deed, phase = CELLS[cell]
    async with brought_to(phase, house, people, luck) as (history, runner):
        await deed(house, runner)
    return history


async def recovered(history: History, within: float) -> str:
    """Waits for the end of what was struck, and says what is wrong with it, or nothing."""
    try:
        async with asyncio.timeout(within):
            while not history.ended:
                await history.moved.wait()
    except TimeoutError:
        return f"{history.generation} did not end in time"
    end = history.events[-1]
    return "" if end.WhichOneof("event") == "completed" else str(end)
