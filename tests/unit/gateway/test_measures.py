"""What is measured costs nothing where nobody reads it."""

from services.gateway.measures import Measures
from services.runtime.telemetry import silent


def test_what_nobody_reads_is_not_timed() -> None:
    """Neither what comes with each call, nor with each look of the tail, nor with each commit."""
    measures = Measures(silent())
    assert measures.first_event("hatchery.gateway.v1.AgentService/CreateAgent") is None
    assert measures.tail_lag() is None
    assert measures.commits("together") is None
