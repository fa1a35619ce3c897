"""Root file systems out of layers, in mount namespaces that end with who is in them.

Others see nothing of it: shell lines, for a shell in a namespace of its own. Layers lie on a disk
of their own: an overlay takes none that lie within another.
"""

import functools
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.support.disk import disk, mountable

DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
# Nothing goes on where a test is killed.
DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
ALONE = ("unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child")


def shell(lines: Sequence[str]) -> tuple[str, ...]:
    """The command that runs lines until one fails."""
    return ("/bin/sh", "-euc", "\n".join(lines))


def quoted(command: Sequence[str | Path]) -> str:
    """A command as a shell reads it."""
    return shlex.join(str(part) for part in command)


def mounted(root: Path, layers: Sequence[Path], changes: Path | None = None) -> Iterator[str]:
    """Mounts layers, the lowest first, over this machine's root; read-only without `changes`."""
    lower = ":".join(str(layer) for layer in (*reversed(layers), Path("/")))
    options = f"lowerdir={lower}"
    if changes:
        work = changes.with_name(f"{changes.name}.work")
        yield quoted(("mkdir", "-p", changes, work))
        options += f",upperdir={changes},workdir={work}"
    yield quoted(("mkdir", "-p", root))
    yield quoted(("mount", "-t", "overlay", "-o", options, "overlay", root))


def furnished(root: Path) -> Iterator[str]:
    """Mounts what every container has: devices that do no harm, and its own processes."""
    yield quoted(("mount", "-t", "tmpfs", "-o", "mode=755,size=64k", "tmpfs", root / "dev"))
    for name in DEVICES:
        yield quoted(("touch", root / "dev" / name))
        yield quoted(("mount", "--bind", f"/dev/{name}", root / "dev" / name))
    yield quoted(("ln", "-s", "/proc/self/fd", root / "dev" / "fd"))
    yield quoted(("mkdir", root / "dev" / "shm"))
    yield quoted(("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", root / "dev" / "shm"))
    yield quoted(("mount", "-t", "proc", "proc", root / "proc"))
    yield quoted(("mount", "-t", "sysfs", "-o", "ro", "sysfs", root / "sys"))


@functools.cache
def lacking() -> str:
    """What is missing here, in words; nothing where all of it can be done."""
    if os.geteuid() != 0:
        return "images are built and pods are run by root alone"
    for program in ("unshare", "nsenter", "setpriv", "ip", "ss", "git", "apt-get"):
        if not shutil.which(program):
            return f"there is no {program}"
    if not mountable():
        return "no disk of their own can be mounted"
    with disk(8 * 2**20) as place:
        lines = mounted(place.folder / "root", (), place.folder / "changes")
        command = (*ALONE, "--net", *shell(list(lines)))
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    return f"no namespaces, or no overlays: {done.stderr}" if done.returncode else ""
