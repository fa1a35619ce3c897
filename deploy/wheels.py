"""Programs that lie inside wheels, found without importing the wheels' own Python."""

import importlib.util
import os
from pathlib import Path


def program(package: str, path: str) -> Path | None:
    """Return what lies at `path` inside an installed package, if it can be run here."""
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        found = Path(folder) / path
        if found.is_file() and os.access(found, os.X_OK):
            return found
    return None
