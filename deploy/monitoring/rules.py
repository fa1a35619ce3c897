"""Writes rules.yaml, alerts.yaml as the Prometheus operator takes it: `python -m …rules`."""

from pathlib import Path
from textwrap import indent

ALERTS = Path(__file__).with_name("alerts.yaml")
RULES = Path(__file__).with_name("rules.yaml")
_HEAD = """# Written from alerts.yaml by `python -m deploy.monitoring.rules`.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: hatchery
spec:
"""


def text() -> str:
    """Return the whole file."""
    return _HEAD + indent(ALERTS.read_text(), "  ")


if __name__ == "__main__":
    RULES.write_text(text())
