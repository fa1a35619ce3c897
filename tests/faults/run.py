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


@dataclass(frozen=True)
class Scale:
    """How many generations are under way, how many faults strike at the same time.

    What is struck has ended within so many seconds.
    """

    crowd: int
    at_once: int
    recovered: float


# The engines that we ship need the processor for themselves.
SCRIPTED, EMBEDDED = Scale(16, 3, 40.0), Scale(2, 1, 120.0)
# By when everything that is under way at the end has ended, times what is struck may take.
_LAST = 2


@dataclass
class Run:
    """How often each cell was struck, what went wrong in it, and the verdict over all."""

    struck: Counter[str]
    wrong: dict[str, list[str]]
    verdict: Verdict


async def run(
    cells: Sequence[str],
    seed: int,
    *,
    seconds: float = 0,
    embedded: bool = False,
    tell: Callable[[str], None] = str,
) -> Run:
    """Strikes cells in an order that `seed` decides, while there is time, each at least once.

    Some at a time, on scripted engines; one by one on those that we ship.
    """
    scale = EMBEDDED if embedded else SCRIPTED
    luck = random.Random(seed)
    struck: Counter[str] = Counter()
    wrong: dict[str, list[str]] = defaultdict(list)

    async def see(cell: str, history: History) -> None:
        if problem := await recovered(history, scale.recovered):
            wrong[cell].append(problem)

    async with a_house(embedded=embedded) as house, asyncio.TaskGroup() as group:
        await fit_brake(house.url)
        people = People(house, luck)
        stop = asyncio.Event()
        crowd = group.create_task(people.crowd(scale.crowd, stop))
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

        await asyncio.gather(*(go_on() for _ in range(scale.at_once)))
        stop.set()
        try:
            async with asyncio.timeout(_LAST * scale.recovered):
                await crowd
                await people.finish()
        except TimeoutError:
            people.complaints.append(
                f"not everything had ended after {_LAST * scale.recovered:.0f} s"
            )
        verdict = await judge(house.url, people.histories)
        verdict.violations += people.complaints
        await people.close()
    return Run(struck, dict(wrong), verdict)


def _in_turn(cells: Sequence[str], luck: random.Random, until: float) -> Iterator[str]:
    """Each once, and on while there is time."""
    yield from luck.sample(cells, len(cells))
    while time.monotonic() < until:
        yield from luck.sample(cells, len(cells))
