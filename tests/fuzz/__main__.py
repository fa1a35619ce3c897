"""Nonsense for every RPC, as much as you like: `make fuzz CASES=1000000 SEED=1`."""

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

import uvloop
from rich.console import Console
from rich.table import Table

from services.runtime import logs
from tests.fuzz.run import Report, fuzz
from tests.support.postgres import postgres_server


def main() -> int:
    """Runs and prints the table; the exit status is 1 where anything came that never should."""
    parser = argparse.ArgumentParser(prog="make fuzz")
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked = parser.parse_args()
    logs.configure("json", "error", "fuzz")
    said = Console(stderr=True)

    told = 0

    def tell(report: Report) -> None:
        nonlocal told
        for fault in report.faults[told:]:
            said.print(fault, style="red", markup=False)
        told = len(report.faults)
        said.print(f"{report.cases} calls, {told} faults")

    with postgres_server() as url, tempfile.TemporaryDirectory() as folder:
        report = uvloop.run(fuzz(url, Path(folder), asked.cases, asked.seed, tell))
    outcomes = Counter(outcome for (_, outcome), n in report.answers.items() for _ in range(n))
    table = Table("RPC", *outcomes, title=f"{report.cases} calls, seed {asked.seed}")
    for rpc in sorted({rpc for rpc, _ in report.answers}):
        table.add_row(rpc, *(str(report.answers[rpc, outcome]) for outcome in outcomes))
    console = Console(width=200)
    console.print(table)
    tell(report)
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
