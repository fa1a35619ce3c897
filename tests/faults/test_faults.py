"""Every fault once, with some twenty generations under way, and one oracle over all of it."""

import asyncio

import pytest

from tests.faults.cells import CELLS, possible
from tests.faults.run import run
from tests.support.require import require


@pytest.mark.timeout(600)
def test_every_fault_once() -> None:
    """What a watcher saw is never lost, whatever breaks; `make faults` goes on for longer."""
    ran = asyncio.run(run(possible(), seed=1, tell=print))
    assert {} == ran.wrong
    assert [] == ran.verdict.violations
    assert dict.fromkeys(possible(), 1) == ran.struck
    assert ran.verdict.generations > len(possible())


def test_every_cell_can_be_staged_here() -> None:
    """What this machine does not allow is said, and not passed over."""
    left_out = sorted(CELLS.keys() - set(possible()))
    require(not left_out, f"only root may mount a disk, for {', '.join(left_out)}")
