"""A disk of its own that can be filled: ext4 in a file, where root may mount one."""

import errno
import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SIZE = 4 * 2**30


class Disk:
    """A mounted file system."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def full(self) -> Iterator[None]:
        """Leaves not a byte on it until the block ends."""
        ballast = self.folder / "ballast"
        try:
            with ballast.open("wb") as file:
                # Large pieces first; others may give something back meanwhile.
                for size in (2**30, 2**24, 2**20, 2**12):
                    _allocate(file.fileno(), size)  # returns where there is no room for more
            yield
        finally:
            ballast.unlink()


@functools.cache
def mountable() -> bool:
    """Whether this machine lets us mount one: on Linux, as root, and not in every container."""
    if os.geteuid() != 0 or not shutil.which("mkfs.ext4"):
        return False
    try:
        with disk(8 * 2**20):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@contextmanager
def disk(size: int = _SIZE) -> Iterator[Disk]:
    """Mounts a new one; it takes as much room as is written to it. Raises CalledProcessError."""
    with tempfile.TemporaryDirectory(prefix="hatchery-disk-") as folder:
        Path(folder).chmod(0o755)  # Postgres runs as somebody else
        image, place = Path(folder) / "image", Path(folder) / "disk"
        with image.open("wb") as file:
            file.truncate(size)
        place.mkdir()
        _run("mkfs.ext4", "-q", "-m", "0", str(image))
        _run("mount", "-o", "loop", str(image), str(place))
        try:
            yield Disk(place)
        finally:
            _run("umount", "--lazy", str(place))


def _allocate(descriptor: int, size: int) -> None:
    try:
        while True:
            os.posix_fallocate(descriptor, os.fstat(descriptor).st_size, size)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
