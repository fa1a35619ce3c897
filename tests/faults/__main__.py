"""Faults at random for as long as you like: `make faults MINUTES=60 SEED=1`."""

import argparse
import asyncio
import random
import sys

from rich.console import Console
from rich.table import Table

from services.runtime import logs
from tests.faults.cells import CELLS, possible
from tests.faults.run import run


def main() -> int:
    """Runs and prints the table; the exit status is 1 where anything was violated."""
    parser = argparse.ArgumentParser(prog="make faults")
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--embedded", action="store_true", help="on the engines that we ship")
    parser.add_argument("cells", nargs="*", help="parts of the names of cells; all by default")
    asked = parser.parse_args()
    logs.configure("json", "error", "faults")
    cells = [c for c in possible() if not asked.cells or any(part in c for part in asked.cells)]
    tell = Console(stderr=True).print
    seconds = asked.minutes * 60
    ran = asyncio.run(run(cells, asked.seed, seconds=seconds, embedded=asked.embedded, tell=tell))
    verdict = ran.verdict
    table = Table("fault", "runs", "violations", title=f"seed {asked.seed}")
    for cell in cells:
        table.add_row(cell, str(ran.struck[cell]), str(len(ran.wrong.get(cell, []))))
    for cell in CELLS.keys() - set(possible()):
        table.add_row(cell, "not possible on this machine", "")
    console = Console(width=100)
    console.print(table)
    ended = ", ".join(f"{count} {state.lower()}" for state, count in verdict.endings.items())
    console.print(f"{verdict.generations} generations ({ended}), {verdict.events} events")
    for failure in verdict.failures:
        console.print(failure, markup=False)
    problems = [f"{cell}: {what}" for cell, whats in ran.wrong.items() for what in whats]
    for problem in problems + verdict.violations:
        console.print(problem, style="red", markup=False)
    return 1 if problems or verdict.violations else 0


if __name__ == "__main__":
    sys.exit(main())
