"""Prometheus's own reading and evaluating of rules and queries, by its promtool."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.support.require import require

_TOOL = Path(__file__).parents[2] / ".cache" / "tools" / "bin" / "promtool"

# A sample a minute, by series: as Prometheus writes them, "0+2x60" rises by two a minute, "_x30"
# is not there.
Series = Mapping[str, str]


def promtool(*arguments: str | Path) -> None:
    """Fails with what it says where it finds anything wrong."""
    require(_TOOL.exists(), "no promtool: tests/tools/promtool builds one where Go is present")
    done = subprocess.run([_TOOL, *arguments], capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr


def assert_evaluated(
    series: Series,
    expected: Mapping[str, Mapping[str, int]],
    folder: Path,
    *,
    after: str,
    every: str = "1m",
    rules: Sequence[Path] = (),
) -> None:
    """After so long, as in "1h", each query has the expected values, by their labels.

    Samples come `every` so often; rules are evaluated each minute.
    """
    queries = [
        {
            "expr": query,
            "eval_time": after,
            "exp_samples": [{"labels": labels, "value": value} for labels, value in found.items()],
        }
        for query, found in expected.items()
    ]
    case: dict[str, Any] = {
        "interval": every,
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": queries,
    }
    told = folder / "told.yaml"
    files = [str(path) for path in rules]
    told.write_text(
        yaml.safe_dump({"rule_files": files, "evaluation_interval": "1m", "tests": [case]})
    )
    promtool("test", "rules", told)
