"""docs/recipes.md shows the package that is built, installed and run elsewhere, all of it."""

import ast
import re
import sys
from pathlib import Path

DOCS = Path(__file__).parents[3] / "docs"
SAMPLE = DOCS / "samples" / "hatchery-haiku"
PUBLIC = "services.gateway.recipes.custom"


def _shown(language: str) -> list[str]:
    page = (DOCS / "recipes.md").read_text()
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def test_the_package_is_what_is_shown() -> None:
    """File by file, and nothing else."""
    assert [(SAMPLE / "pyproject.toml").read_text()] == _shown("toml")
    assert (SAMPLE / "hatchery_haiku.py").read_text() == "\n\n".join(_shown("python"))
    assert {"pyproject.toml", "hatchery_haiku.py"} == {
        path.name for path in SAMPLE.iterdir() if not path.name.startswith(("__", "."))
    }


def test_it_imports_the_one_module_and_nothing_else_of_ours() -> None:
    """Beside what comes with Python."""
    tree = ast.parse((SAMPLE / "hatchery_haiku.py").read_text())
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} | {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    assert {PUBLIC} == {name for name in imported if name not in sys.stdlib_module_names}
