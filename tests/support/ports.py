"""Ports for servers that cannot choose one themselves."""

import functools
import itertools
import os
import random
import socket
from collections.abc import Iterator

# Below what the kernel gives to whoever asks for any: it gives away none before it is bound.
_FIRST, _END = 20_000, 32_768
# Each worker of a run draws from one of so many parts; the last is for whoever is no worker.
_PARTS = 12
_SIZE = (_END - _FIRST) // _PARTS


def free_port() -> int:
    """A loopback port that nobody listens on now, and that this process was not given lately."""
    return next(_free())


@functools.cache
def _free() -> Iterator[int]:
    """The free ports of this process's part, round and round, from another place in each run."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    part = int(worker) % (_PARTS - 1) if worker.isdecimal() else _PARTS - 1
    begin = _FIRST + part * _SIZE
    ports = itertools.cycle(range(begin, begin + _SIZE))
    return filter(_is_free, itertools.islice(ports, random.randrange(_SIZE), None))


def _is_free(port: int) -> bool:
    with socket.socket() as taken:
        try:
            taken.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
