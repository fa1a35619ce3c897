"""Who a process is. A pid alone says nothing: it may have been given to somebody else."""

import signal
import time
from collections.abc import Iterable
from contextlib import suppress

import psutil
from pydantic import BaseModel

LOOK_EVERY = 0.02  # seconds
SAME_TIME = 1.0  # seconds; the clock behind create_time may be corrected in between


class ProcessRecord(BaseModel, frozen=True):
    """A process that we started: its pid, and when it was created (seconds since 1970)."""

    name: str
    pid: int
    created: float
    stop_signal: int = signal.SIGTERM


def record(name: str, pid: int, stop_signal: signal.Signals = signal.SIGTERM) -> ProcessRecord:
    """Describe the live process `pid`."""
    try:
        created = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        created = 0.0  # ended already: matches nobody
    return ProcessRecord(name=name, pid=pid, created=created, stop_signal=stop_signal)


def find(recorded: ProcessRecord) -> psutil.Process | None:
    """Return the recorded process if it is the very same one and still lives."""
    try:
        process = psutil.Process(recorded.pid)
        if abs(process.create_time() - recorded.created) > SAME_TIME:
            return None
        return None if process.status() == psutil.STATUS_ZOMBIE else process
    except psutil.Error:
        return None


def end(records: Iterable[ProcessRecord], grace: float) -> list[str]:
    """Stop those that still live, first asking, then killing; return their names."""
    living = [entry for entry in records if find(entry)]
    for entry in living:
        _send(entry, entry.stop_signal)
    for entry in _wait(living, grace):
        _send(entry, signal.SIGKILL)
    _wait(living, grace)
    return [entry.name for entry in living]


def _wait(records: Iterable[ProcessRecord], seconds: float) -> list[ProcessRecord]:
    """Wait until all have ended; return those that have not.

    A zombie has ended: in a container there may be nobody to collect it.
    """
    deadline = time.monotonic() + seconds
    living = list(records)
    while (living := [entry for entry in living if find(entry)]) and time.monotonic() < deadline:
        time.sleep(LOOK_EVERY)
    return living


def _send(recorded: ProcessRecord, number: int) -> None:
    with suppress(psutil.Error):
        if process := find(recorded):
            process.send_signal(number)
