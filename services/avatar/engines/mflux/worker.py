"""The worker process: orders come in on standard input, reports go out on standard output.

MLX belongs to the thread that loaded the model, so the main thread does all of its work and a
second one reads orders: cancelling reaches a job under way, and when the parent is gone, which
closes the pipe, the process ends wherever it is.
"""

import argparse
import os
import queue
import signal
import sys
import threading
from typing import BinaryIO

from services.avatar.engines.mflux.messages import (
    SIZES,
    Cancel,
    Describe,
    Described,
    Draw,
    Message,
    Report,
    decode,
    encode,
)
from services.runtime import logs
from services.runtime.settings import LogSettings


class Pipe:
    """The two ends that this process was given."""

    def __init__(self, orders: BinaryIO, reports: BinaryIO) -> None:
        self._orders = orders
        self._reports = reports

    def send(self, report: Report) -> None:
        """Writes one report; ends the process when nobody reads any more."""
        try:
            self._reports.write(encode(report))
            self._reports.flush()
        except BrokenPipeError:
            os._exit(0)

    def receive(self) -> Message | None:
        """The next order; None when the parent is gone."""
        sizes = self._orders.read(SIZES.size)
        if len(sizes) < SIZES.size:
            return None
        head, picture = SIZES.unpack(sizes)
        return decode(self._orders.read(head), self._orders.read(picture))


class Inbox:
    """Orders as they arrive: jobs wait in line, a cancel counts at once."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._waiting: queue.SimpleQueue[Describe | Draw] = queue.SimpleQueue()
        self._cancelled: set[int] = set()
        threading.Thread(target=self._read, name="orders", daemon=True).start()

    def next(self) -> Describe | Draw:
        """Waits for the next job."""
        return self._waiting.get()

    def is_cancelled(self, job: int) -> bool:
        """Whether somebody asked to stop a job."""
        return job in self._cancelled

    def _read(self) -> None:
        while (order := self._pipe.receive()) is not None:
            if isinstance(order, Cancel):
                self._cancelled.add(order.job)
            elif isinstance(order, Describe | Draw):
                self._waiting.put(order)
        # The main thread may be deep in a computation that nothing else would end.
        os._exit(0)


def take_over_pipes() -> Pipe:
    """Keeps standard output for reports; what libraries print goes to standard error."""
    reports = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return Pipe(sys.stdin.buffer, reports)


def prepare_environment(*, download: bool) -> None:
    """Settings that libraries read from the environment when they are imported."""
    os.environ.update(
        {
            "TQDM_DISABLE": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "TRANSFORMERS_VERBOSITY": "error",
        }
    )
    if not download:
        os.environ["HF_HUB_OFFLINE"] = "1"


def serve(pipe: Pipe, quantize: int | None) -> None:
    """Does one job after another until the parent is gone."""
    inbox = Inbox(pipe)
    # Imported here, after the environment is set and while the inbox already watches the parent.
    from services.avatar.engines.mflux.device import use_device  # noqa: PLC0415
    from services.avatar.engines.mflux.studio import Studio  # noqa: PLC0415

    device = use_device()
    studio = Studio(pipe.send, inbox.is_cancelled, quantize)
    while True:
        match inbox.next():
            case Describe(sources):
                pipe.send(Described([studio.describe(source) for source in sources], device))
            case Draw() as job:
                studio.draw(job)


def main() -> None:
    """Runs until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quantize", type=int)
    parser.add_argument("--download", action="store_true")
    options = parser.parse_args()
    # Ctrl-C and SIGTERM may reach every process of the group: stopping this one is the parent's.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    settings = LogSettings()
    # MLX says in them what its device could not do.
    logs.configure(settings.log_format, settings.log_level, "avatar", (RuntimeError,))
    pipe = take_over_pipes()
    prepare_environment(download=options.download)
    serve(pipe, options.quantize)


if __name__ == "__main__":
    main()
