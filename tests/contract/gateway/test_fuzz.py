"""A little of `make fuzz`: nonsense for every RPC of all three services."""

from pathlib import Path

from tests.fuzz.run import fuzz
from tests.support.calls import RPCS


async def test_nonsense_is_refused_and_nothing_breaks(postgres_url: str, tmp_path: Path) -> None:
    """No INTERNAL, no generation that failed for a fault of ours, and companions hatch after."""
    report = await fuzz(postgres_url, tmp_path, cases=2500, seed=7)
    assert [] == report.faults
    assert 2500 == report.cases
    assert RPCS.keys() <= {rpc for rpc, _ in report.answers}
    # And more than the checks of fields was reached.
    assert {"OK", "NOT_FOUND", "FAILED_PRECONDITION"} <= {what for _, what in report.answers}
