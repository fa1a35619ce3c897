"""What is woken for is told of where people look."""

import re
from pathlib import Path

import yaml

from deploy.monitoring.rules import ALERTS

OPERATIONS = Path(__file__).parents[3] / "docs" / "operations.md"


def test_every_alert_has_its_section() -> None:
    """In the order of the rules, each where its runbook points, and with its severity."""
    text = OPERATIONS.read_text()
    sections = dict(re.findall(r"^### (Hatchery\w+)\n\n(.+)$", text, re.MULTILINE))
    groups = yaml.safe_load(ALERTS.read_text())["groups"]
    rules = [rule for group in groups for rule in group["rules"] if "alert" in rule]
    assert [rule["alert"] for rule in rules] == list(sections)
    for rule in rules:
        anchor = rule["alert"].lower()
        assert f"docs/operations.md#{anchor}" == rule["annotations"]["runbook"]
        assert f"({rule['labels']['severity']})" in sections[rule["alert"]]
