"""What `docker build` would be sent: those files of the repository that its list lets in."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from pathspec import GitIgnoreSpec

from tests.support.containers.dockerfile import DOCKER, ROOT


def sent() -> Iterator[Path]:
    """Their paths from the root of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    kept_out = GitIgnoreSpec.from_lines(_anchored())
    for name in sorted(set(filter(None, listed))):
        if (ROOT / name).exists() and not kept_out.match_file(name):
            yield Path(name)


def gathered(folder: Path) -> None:
    """Copies them into a new folder."""
    for path in sent():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, folder / path, follow_symlinks=False)


def _anchored() -> Iterator[str]:
    """Docker reads each pattern from the root on; git does so with those that hold a slash."""
    for line in (DOCKER / "Dockerfile.dockerignore").read_text().splitlines():
        if line and not line.startswith("#"):
            mark = "!" if line.startswith("!") else ""
            pattern = line.removeprefix("!")
            yield f"{mark}{pattern if pattern.startswith('**/') else '/' + pattern}"
