"""docs/replaces.md promises a test for each of its rows: they are there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
_ROWS = [
    line
    for line in (ROOT / "docs" / "replaces.md").read_text().splitlines()
    if line.startswith("|") and not line.startswith(("|---", "| there"))
]


@cache
def _tests(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    }


@pytest.mark.parametrize("row", _ROWS, ids=[row.split("|")[1].strip()[:60] for row in _ROWS])
def test_each_row_has_its_test(row: str) -> None:
    """By the name that the row gives."""
    held_by = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row.split("|")[3])
    assert held_by
    for path, name in held_by:
        assert name in _tests(path), f"{path} has no {name}"


def test_there_are_rows() -> None:
    """Of the systems that are told of so far."""
    assert len(_ROWS) > 15
