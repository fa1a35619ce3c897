"""Start processes in order of need, keep them alive, and end them all."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence

from deploy.local import explain
from deploy.local.errors import StackError
from deploy.local.identity import ProcessRecord
from deploy.local.process import Process, ProcessSpec
from deploy.local.state import StateFolder

BACKOFF_FIRST, BACKOFF_MOST = 0.25, 10.0  # seconds
STEADY = 30.0  # seconds alive after which an end counts as the first one again


class Supervisor:
    """Keeps a list of processes running until it is told to stop."""

    def __init__(
        self,
        specs: Sequence[ProcessSpec],
        state: StateFolder,
        *,
        say: Callable[[str], None],
        changed: Callable[[Sequence[ProcessRecord], bool], None],
    ) -> None:
        self._processes = [Process(spec, state) for spec in specs]
        self._ready = {spec.name: asyncio.Event() for spec in specs}
        self._say = say
        self._changed = changed
        self._all_ready = False
        self.stop = asyncio.Event()
        self.hurry = asyncio.Event()

    def ask_to_stop(self) -> None:
        """Stop gently; asked a second time, at once."""
        if self.stop.is_set():
            self.hurry.set()
        self.stop.set()

    async def run(self, ready: Callable[[], None]) -> None:
        """Start everything, call `ready`, and return after `stop` with nothing left running."""
        try:
            if await self._unless_stopped(self._start_all()):
                self._all_ready = True
                self._report()
                ready()
                await self._unless_stopped(self._keep_all())
        finally:
            await self._stop_all()

    async def _unless_stopped(self, work: Coroutine[None, None, None]) -> bool:
        """Run `work`, cutting it short at `stop`; whether it came to its end."""
        working = asyncio.ensure_future(work)
        stopping = asyncio.ensure_future(self.stop.wait())
        try:
            await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            working.cancel()
            await asyncio.wait((working, stopping))
        if working.cancelled():
            return False
        if error := working.exception():
            raise _first(error)
        return True

    async def _start_all(self) -> None:
        async with asyncio.TaskGroup() as group:
            for process in self._processes:
                group.create_task(self._start(process))

    async def _start(self, process: Process) -> None:
        for name in process.spec.after:
            await self._ready[name].wait()
        await process.spawn()
        self._report()
        await process.wait_ready()
        self._ready[process.spec.name].set()

    async def _keep_all(self) -> None:
        async with asyncio.TaskGroup() as group:
            for process in self._processes:
                group.create_task(self._keep(process))

    async def _keep(self, process: Process) -> None:
        """Start `process` again whenever it ends, after a pause that grows with each try."""
        name, clock = process.spec.name, asyncio.get_running_loop().time
        pause = BACKOFF_FIRST
        while True:
            since = clock()
            code = await process.ended()
            await process.stop()  # what it had started itself
            if known := process.explanation():
                raise type(known)(f"{name} ended: {known.problem}", known.hint)
            if clock() - since > STEADY:
                pause = BACKOFF_FIRST
            problem: str | None = f"{name} ended ({explain.ending(code)})"
            while problem:
                self._say(f"{problem}; starting it again in {pause:g} s (log: {process.log})")
                await asyncio.sleep(pause)
                pause = min(pause * 2, BACKOFF_MOST)
                problem = await self._try_again(process)
            self._say(f"{name} is back")

    async def _try_again(self, process: Process) -> str | None:
        """Start `process` again; return what is wrong, where waiting may help."""
        try:
            await process.stop()
            await process.spawn()
            self._report()
            await process.wait_ready()
        except StackError as error:
            if not error.passing:
                raise
            return error.problem
        return None

    async def _stop_all(self) -> None:
        for process in reversed(self._processes):
            await process.stop(self.hurry)

    def _report(self) -> None:
        records = [process.record for process in self._processes if process.record]
        self._changed(records, self._all_ready)


def _first(error: BaseException) -> BaseException:
    """Return the cause: a group's first member is what the others were cancelled for."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
