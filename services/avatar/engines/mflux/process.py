"""The worker process as its parent holds it: started, talked to, stopped."""

import asyncio
import contextlib
import sys
from typing import cast

import structlog

from services.avatar.engines.mflux.messages import (
    SIZES,
    Cancelled,
    Done,
    Failed,
    Loading,
    Order,
    Report,
    Started,
    WeightsMissing,
    decode,
    encode,
)

WORKER = "services.avatar.engines.mflux.worker"
# How long a worker may take to leave by itself once its input is closed, in seconds.
LEAVE = 2.0

log = structlog.get_logger()


class WorkerDied(Exception):
    """The worker process ended while it was needed."""


class Worker:
    """One worker process. One task at a time reads from it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._sizes: tuple[int, int] | None = None
        # What it was last heard of: the source that it has in memory, and whether it is past
        # starting and loading, which may take long, so that silence means something.
        self.loaded = ""
        self.settled = False

    @classmethod
    async def spawn(cls, *, quantize: int | None, download: bool) -> "Worker":
        """Starts a worker; it shares this process's environment and standard error.

        Raises WorkerDied when the system has none to give.
        """
        options = ["--download"] if download else []
        if quantize is not None:
            options += ["--quantize", str(quantize)]
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                WORKER,
                *options,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
        except OSError as error:
            log.warning("mflux worker cannot be started", error=type(error).__name__)
            raise WorkerDied from error
        log.info("mflux worker started", pid=process.pid)
        return cls(process)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs, as far as is known."""
        return self._process.returncode is None

    async def send(self, order: Order) -> None:
        """Hands it an order. Raises WorkerDied."""
        if self._process.stdin is None:
            raise WorkerDied
        try:
            self._process.stdin.write(encode(order))
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise WorkerDied from error

    async def receive(self) -> Report:
        """Its next report. Raises WorkerDied. Cancelling loses nothing of what it said."""
        if self._process.stdout is None:
            raise WorkerDied
        try:
            if self._sizes is None:
                self._sizes = SIZES.unpack(await self._process.stdout.readexactly(SIZES.size))
            head, picture = self._sizes
            body = await self._process.stdout.readexactly(head + picture)
        except (asyncio.IncompleteReadError, ConnectionResetError) as error:
            raise WorkerDied from error
        self._sizes = None
        report = cast("Report", decode(body[:head], body[head:]))
        self._learn(report)
        return report

    def _learn(self, report: Report) -> None:
        """Keeps what any job's report says of the process itself, a withdrawn one's as well."""
        match report:
            case Loading():
                self.loaded, self.settled = "", False
            case Started(source=source):
                self.loaded, self.settled = source, True
            case Done() | Cancelled() | Failed() | WeightsMissing():
                self.settled = True

    async def stop(self) -> None:
        """Closes its input, upon which it leaves, and kills it when it does not."""
        if self.alive and self._process.stdin is not None:
            self._process.stdin.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LEAVE):
                    await self._process.wait()
        await self.kill()

    async def kill(self) -> None:
        """Ends it at once, whatever state it is in."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        status = await self._process.wait()
        log.info("mflux worker ended", pid=self.pid, status=status)
