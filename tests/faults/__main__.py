"""Faults at random for as long as you like: `make faults MINUTES=60 SEED=1`."""

import argparse
import asyncio
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from services.runtime import logs
from tests.faults.cells import CELLS, recovered, strike
from tests.faults.house import a_house
from tests.faults.judge import Verdict, judge
from tests.faults.people import History, People
from tests.faults.phases import fit_brake

CROWD = 16
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
    """Strikes two cells at a time, in an order that `seed` decides, while there is time.

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

        await asyncio.gather(go_on(), go_on())
        stop.set()
        async with asyncio.timeout(_LAST):
            await crowd
            await people.finish()
        verdict = await judge(house.url, people.histories)
        verdict.violations += people.complaints
        await people.close()
    return Run(struck, dict(wrong), verdict)


def _in_turn(cells: Sequence[str], luck: random.Random, until: float) -> Iterator[str]:
    """Each once, and on while there is time."""
    yield from luck.sample(cells, len(cells))
    while time.monotonic() < until:
        yield from luck.sample(cells, len(cells))


def main() -> int:
    """Runs and prints the table; the exit status is 1 where anything was violated."""
    parser = argparse.ArgumentParser(prog="make faults")
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("cells", nargs="*", help="parts of the names of cells; all by default")
    asked = parser.parse_args()
    logs.configure("json", "error", "faults")
    cells = [c for c in CELLS if not asked.cells or any(part in c for part in asked.cells)]
    tell = Console(stderr=True).print
    ran = asyncio.run(run(cells, asked.seed, seconds=asked.minutes * 60, tell=tell))
    verdict = ran.verdict
    table = Table("fault", "runs", "violations", title=f"seed {asked.seed}")
    for cell in cells:
        table.add_row(cell, str(ran.struck[cell]), str(len(ran.wrong.get(cell, []))))
    console = Console(width=100)
    console.print(table)
    ended = ", ".join(f"{count} {state.lower()}" for state, count in verdict.endings.items())
    console.print(f"{verdict.generations} generations ({ended}), {verdict.events} events")
    problems = [f"{cell}: {what}" for cell, whats in ran.wrong.items() for what in whats]
    for problem in problems + verdict.violations:
        console.print(problem, style="red", markup=False)
    return 1 if problems or verdict.violations else 0


if __name__ == "__main__":
    sys.exit(main())
