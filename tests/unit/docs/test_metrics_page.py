"""The page of metrics says what there is."""

import runpy
from pathlib import Path

MAKE = Path(__file__).parents[3] / "docs" / "make_metrics.py"


def test_the_page_is_what_the_metrics_say() -> None:
    """docs/metrics.md is what docs/make_metrics.py would write now."""
    made = runpy.run_path(str(MAKE))
    assert made["page"]() == MAKE.with_name("metrics.md").read_text()
