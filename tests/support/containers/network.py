"""The network of one machine of a cluster: a bridge, pods that hang on it, and no way out."""

import ctypes
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from tests.support.containers.rooms import DIES_WITH_US

T = TypeVar("T")
NODE = "10.88.0.1"  # the machine itself, where names are told, too
_NET = 0x40000000  # CLONE_NEWNET
_libc = ctypes.CDLL(None, use_errno=True)


def inside(pid: int, do: Callable[[], T]) -> T:
    """Runs a function in the network of a process: the sockets that it opens stay there."""

    def entered() -> T:
        with Path(f"/proc/{pid}/ns/net").open() as network:
            if _libc.setns(network.fileno(), _NET):
                raise OSError(ctypes.get_errno(), "cannot enter the network")
        return do()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(entered).result()


def to(pid: int) -> tuple[str, ...]:
    """What is put before a command that is to run in the network of a process."""
    return ("nsenter", f"--net=/proc/{pid}/ns/net")


class Network:
    """Networks are kept by processes that sleep, and go with them."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._last = 1
        self._run(pid, "link add cluster type bridge")
        self._run(pid, f"address add {NODE}/24 dev cluster")
        self._run(pid, "link set cluster up")
        self._run(pid, "link set lo up")

    def plug(self, pid: int) -> str:
        """Connects the network of a process; returns its address."""
        self._last += 1
        address = f"{NODE.rpartition('.')[0]}.{self._last}"
        self._run(self.pid, f"link add pod{self._last} type veth peer name eth0 netns {pid}")
        self._run(self.pid, f"link set pod{self._last} master cluster up")
        for words in (
            "link set lo up",
            f"address add {address}/24 dev eth0",
            "link set eth0 up",
        ):
            self._run(pid, words)
        return address

    def _run(self, pid: int, words: str) -> None:
        subprocess.run([*to(pid), "ip", *words.split()], check=True)


@contextmanager
def holder() -> Iterator[int]:
    """A process with a network of its own; yields its number."""
    with subprocess.Popen([*DIES_WITH_US, "unshare", "--net", "sleep", "infinity"]) as process:
        try:
            ours = Path("/proc/self/ns/net").readlink()
            deadline = time.monotonic() + 10
            while Path(f"/proc/{process.pid}/ns/net").readlink() == ours:
                assert time.monotonic() < deadline, "no network came about"
                time.sleep(0.01)
            yield process.pid
        finally:
            process.kill()


@contextmanager
def network() -> Iterator[Network]:
    """One to which pods can be connected."""
    with holder() as pid:
        yield Network(pid)
