"""The stream of one engine call: numbered, folded while it waits, alive while it is silent."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
from hatchery.progress.v1.progress_pb2 import Completed, Heartbeat, Progress, StepCompleted

from services.runtime.draining import stop
from services.runtime.folding import EPHEMERAL, fold_into

Emit = Callable[[Progress], None]
Work = Callable[[Emit], Awaitable[StepCompleted]]


async def stream_engine_call(
    context: grpc.aio.ServicerContext[Any, Progress], work: Work, *, heartbeat: float = 10.0
) -> None:
    """Runs `work` and writes what it emits, then its result as step_completed, then completed.

    `work` is cancelled when the call is, by its caller or its deadline; what it raises ends the
    call. Events are written by this task alone. `heartbeat` is in seconds.
    """
    outbox = _Outbox()
    task = asyncio.ensure_future(work(outbox.emit))
    task.add_done_callback(lambda _: outbox.wake.set())
    sequence = 0
    try:
        while not (task.done() and not outbox.pending):
            for event in outbox.take():
                if event.WhichOneof("event") not in EPHEMERAL:
                    sequence += 1
                    event.sequence = sequence
                await context.write(event)
            if not task.done() and not outbox.pending:
                await outbox.wait(heartbeat)
        result = await task
        for end in (
            Progress(step_completed=result, fraction=1.0),
            Progress(completed=Completed(), fraction=1.0),
        ):
            sequence += 1
            end.sequence = sequence
            end.emit_time.GetCurrentTime()
            await context.write(end)
    finally:
        await stop(task)


class _Outbox:
    """What the work said and the stream has not written yet."""

    def __init__(self) -> None:
        self.pending: list[Progress] = []
        self.wake = asyncio.Event()
        self._fraction = 0.0

    def emit(self, event: Progress) -> None:
        self._fraction = event.fraction = max(self._fraction, event.fraction)
        if not event.HasField("emit_time"):
            event.emit_time.GetCurrentTime()
        fold_into(self.pending, event)
        self.wake.set()

    def take(self) -> list[Progress]:
        taken, self.pending = self.pending, []
        return taken

    async def wait(self, heartbeat: float) -> None:
        self.wake.clear()
        try:
            async with asyncio.timeout(heartbeat):
                await self.wake.wait()
        except TimeoutError:
            self.emit(Progress(heartbeat=Heartbeat(), fraction=self._fraction))
