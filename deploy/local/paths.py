"""Paths that a user gives the services, which run in another folder than the user's."""

from collections.abc import Mapping
from pathlib import Path

# What services read as paths themselves.
NAMES = ("HATCHERY_PRICES", "HATCHERY_LLAMACPP_MODEL")


def whole(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return an environment whose paths are whole: what is relative lies in `folder`.

    An empty path is none.
    """
    others = {name: value for name, value in environment.items() if name not in NAMES}
    paths = {name: str(folder / environment[name]) for name in NAMES if environment.get(name)}
    return others | paths
