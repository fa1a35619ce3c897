"""A run: faults in an order that a seed decides, while people hatch, and a verdict at the end."""

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.faults.cells import recovered, strike
from tests.faults.house import a_house
from tests.faults.judge import Verdict, judge
from tests.faults.people import History, People
from tests.faults.phases import fit_brake

CROWD = 16
# Faults that strike at the same time.
_AT_ONCE = 3
# By when everything that is under way at the end has ended, in seconds.
_LAST = 90.0


@dataclass
class Run:
    """How often each cell was struck, what went wrong in it, and the verdict over all."""

    struck: Counter[str]
    wrong: dict[str, list[str]]
    verdict: Verdict


async def run(
    cells: Sequence[str], seed: int, *, seconds: float = 0, tell: Callable[[str], None] = str
) -> Run:
    """Strikes three cells at a time, in an order that `seed` decides, while there is time.

    Each at least once.
    """
    luck = random.Random(seed)
    struck: Counter[str] = Counter()
    wrong: dict[str, list[str]] = defaultdict(list)

    async def see(cell: str, history: History) -> None:
        if problem := await recovered(history):
            wrong[cell].append(problem)

    async with a_house() as house, asyncio.TaskGroup() as group:
        await fit_brake(house.url)
        people = People(house, luck)
        stop = asyncio.Event()
        crowd = group.create_task(people.crowd(CROWD, stop))
        began = time.monotonic()
        line = _in_turn(cells, luck, began + seconds)

        async def go_on() -> None:
            for cell in line:
                tell(f"{time.monotonic() - began:6.1f} s  {cell}")
                struck[cell] += 1
                try:
                    group.create_task(see(cell, await strike(cell, house, people, luck)))
                except TimeoutError:
                    wrong[cell].append("nothing came to where it strikes")
                    return  # nor will it for the next ones

        await asyncio.gather(*(go_on() for _ in range(_AT_ONCE)))
        stop.set()
        try:
            async with asyncio.timeout(_LAST):
                await crowd
                await people.finish()
        except TimeoutError:
            people.complaints.append(f"not everything had ended after {_LAST:.0f} s")
        verdict = await judge(house.url, people.histories)
        verdict.violations += people.complaints
        await people.close()
    return Run(struck, dict(wrong), verdict)


def _in_turn(cells: Sequence[str], luck: random.Random, until: float) -> Iterator[str]:
    """Each once, and on while there is time."""
    yield from luck.sample(cells, len(cells))
    while time.monotonic() < until:
        yield from luck.sample(cells, len(cells))
