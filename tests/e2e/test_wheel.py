"""The project's wheel, as images are built with it."""

import hashlib
import os
import shutil
import subprocess
import time
from pathlib import Path

from tests.support.manifests import ROOT

# What the Dockerfile takes.
TAKEN = (
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "locks/images",
    "protos/gen",
    "services",
    "clients",
    "deploy",
)


def _built(folder: Path, age: float) -> tuple[str, str]:
    """The name and the digest of the wheel of a copy whose files are so old, in seconds."""
    source, dest = folder / "source", folder / "wheel"
    for name in TAKEN:
        of, to = ROOT / name, source / name
        to.parent.mkdir(parents=True, exist_ok=True)
        if of.is_dir():
            shutil.copytree(of, to, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
        else:
            shutil.copy(of, to)
    then = time.time() - age
    for path in source.rglob("*"):
        os.utime(path, (then, then))
    subprocess.run(["sh", ROOT / "deploy/docker/install", "wheel", source, dest], check=True)
    (wheel,) = dest.glob("*.whl")
    return wheel.name, hashlib.sha256(wheel.read_bytes()).hexdigest()


def test_the_wheel_is_the_same_wherever_and_whenever_it_is_built(tmp_path: Path) -> None:
    """Byte for byte, out of two folders whose files are of other days."""
    assert _built(tmp_path / "one", 0) == _built(tmp_path / "two", 10**7)
