"""Who a process is. A pid alone says nothing: it may have been given to somebody else."""

import signal
from collections.abc import Iterable

import psutil
from pydantic import BaseModel

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
    living = [(entry, process) for entry in records if (process := find(entry))]
    for entry, process in living:
        _send(process, entry.stop_signal)
    _, stubborn = psutil.wait_procs([process for _, process in living], timeout=grace)
    for process in stubborn:
        _send(process, signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=grace)
    return [entry.name for entry, _ in living]


def _send(process: psutil.Process, number: int) -> None:
    try:
        process.send_signal(number)  # psutil checks the identity once more
    except psutil.Error:
        pass
