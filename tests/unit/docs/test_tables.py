"""Tables in the documents promise a test for each of their rows: they are there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# And how many rows there are at least.
_PAGES = {"replaces.md": 100, "threats.md": 19}
_ROWS = [
    (page, line)
    for page in _PAGES
    for line in (ROOT / "docs" / page).read_text().splitlines()
    if line.startswith("|") and not line.startswith(("|---", "| there", "| somebody |"))
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


@pytest.mark.parametrize(
    ("page", "row"), _ROWS, ids=[f"{page}-{row.split('|')[1].strip()[:60]}" for page, row in _ROWS]
)
def test_each_row_has_its_test(page: str, row: str) -> None:
    """By the name that the row gives."""
    held_by = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row.split("|")[3])
    assert held_by, page
    for path, name in held_by:
        assert name in _tests(path), f"{path} has no {name}"


@pytest.mark.parametrize("page", _PAGES)
def test_there_are_rows(page: str) -> None:
    """Of all that is promised so far."""
    assert _PAGES[page] <= sum(page == of for of, _ in _ROWS)
