"""One process of the stack: started, found ready, watched, stopped."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import explain
from deploy.local.account import Account
from deploy.local.errors import ProcessFailed, StackError, writing
from deploy.local.identity import ProcessRecord, record
from deploy.local.launch import launch
from deploy.local.state import StateFolder

LOG_BYTES = 4_000_000  # a log that is longer at a start becomes NAME.log.1


async def _nothing() -> None:
    return None


@dataclass(frozen=True)
class ProcessSpec:
    """What to run, how to know that it is ready, and what it needs.

    `prepare` runs before each start, `ready` returns once the process does its work; both raise
    StackError where trying again is of no use. `after` names processes that must be ready first.
    """

    name: str
    argv: tuple[str, ...]
    ready: Callable[[], Awaitable[None]]
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    after: tuple[str, ...] = ()
    prepare: Callable[[], Awaitable[None]] = _nothing
    cwd: Path | None = None
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    start_timeout: float = 60.0
    grace: float = 10.0


class Process:
    """A process that can be started again after it ended."""

    def __init__(self, spec: ProcessSpec, state: StateFolder) -> None:
        self.spec = spec
        self.log = state.logs / f"{spec.name}.log"
        self._state = state
        self._log_start = 0
        self._process: asyncio.subprocess.Process | None = None
        self.record: ProcessRecord | None = None

    @property
    def alive(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.returncode is None

    async def spawn(self) -> None:
        """Prepare and start it, without waiting for it to be ready."""
        spec = self.spec
        await spec.prepare()
        with writing(self._state.root):
            output = self._open_log()
        try:
            self._process = await launch(
                spec.argv,
                output=output,
                env=spec.env,
                cwd=spec.cwd or self._state.root,
                account=spec.account,
                death_signal=spec.death_signal,
            )
        finally:
            os.close(output)
        self.record = record(spec.name, self._process.pid, spec.stop_signal)

    async def wait_ready(self) -> None:
        """Return when it is ready; ProcessFailed, or what its log explains, if it is not."""
        ready = asyncio.ensure_future(self.spec.ready())
        ended = asyncio.ensure_future(self.ended())
        try:
            done, _ = await asyncio.wait(
                (ready, ended),
                timeout=self.spec.start_timeout,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            for task in (ready, ended):
                task.cancel()
            await asyncio.wait((ready, ended))
        if ended in done:
            raise self.failure(ended.result())
        if ready not in done:
            raise ProcessFailed(
                f"{self.spec.name} was not ready after {self.spec.start_timeout:.0f} s",
                f"see its log, {self.log}",
            )
        ready.result()

    async def start(self) -> None:
        """Start it, and return when it is ready."""
        await self.spawn()
        await self.wait_ready()

    async def ended(self) -> int:
        """Wait until it ends, and return how."""
        if self._process is None:
            raise RuntimeError(f"{self.spec.name} was never started")
        return await self._process.wait()

    def explanation(self) -> StackError | None:
        """Return what its log says about an end that will happen again."""
        return explain.known(explain.tail(self.log, self._log_start), self._state.root)

    def failure(self, code: int) -> StackError:
        """Return why it ended before it was ready, as well as can be known."""
        text = explain.tail(self.log, self._log_start)
        known = explain.known(text, self._state.root)
        if known is not None:
            return type(known)(f"{self.spec.name} cannot start: {known.problem}", known.hint)
        return ProcessFailed(
            f"{self.spec.name} ended while starting ({explain.ending(code)}):"
            f" {explain.last_words(text)}",
            f"its log is {self.log}",
        )

    async def stop(self, hurry: asyncio.Event | None = None) -> None:
        """Ask it to end; kill it, and what it started, when its grace or our patience is over."""
        process, self._process = self._process, None
        if process is None:
            return  # nobody is signalled twice: a pid is only ours until it is collected
        if process.returncode is None:
            _signal(process.pid, self.spec.stop_signal)
            ended = asyncio.ensure_future(process.wait())
            hurried = asyncio.ensure_future((hurry or asyncio.Event()).wait())
            await asyncio.wait(
                (ended, hurried), timeout=self.spec.grace, return_when=asyncio.FIRST_COMPLETED
            )
            ended.cancel()
            hurried.cancel()
        kill_session(process.pid)
        await process.wait()

    def _open_log(self) -> int:
        try:
            if self.log.stat().st_size > LOG_BYTES:
                self.log.replace(self.log.with_name(f"{self.log.name}.1"))
        except FileNotFoundError:
            pass
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._log_start = os.fstat(descriptor).st_size
        return descriptor


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def kill_session(pid: int) -> None:
    """Kill what is left of the session that `pid` led: its own children, if it had any."""
    # PermissionError is macOS for a group of which only a zombie is left.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
