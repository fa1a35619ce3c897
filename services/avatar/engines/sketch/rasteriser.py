"""Turns SVG into PNG in processes of their own.

resvg holds the interpreter lock for as long as it works, up to a quarter of a second for a layer:
in this process that would be a quarter of a second without a heartbeat, a health check or a cancel.
"""

import asyncio
import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import resvg_py


class RasteriserDied(Exception):
    """A process ended at work, or could not be started; the next call starts another."""


class Rasteriser:
    """At most `processes` processes, started when they are needed and kept until closed."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None

    async def rasterise(self, svg: str) -> bytes:
        """The drawing as PNG bytes. Raises ValueError for broken SVG, and RasteriserDied."""
        try:
            pool = self._pool = self._pool or self._started()
            return await asyncio.get_running_loop().run_in_executor(pool, _rasterise, svg)
        except BrokenProcessPool as error:
            if self._pool is pool:
                self._pool = None
            raise RasteriserDied from error
        except OSError as error:
            # None could be started; the next call tries again.
            raise RasteriserDied from error

    async def close(self) -> None:
        """Ends the processes, each after the drawing that it is at."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)

    def _started(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._processes, multiprocessing.get_context("spawn"), _settle_in
        )


def _settle_in() -> None:
    # Ctrl-C and SIGTERM may be sent to the whole group; when to leave is the parent's to say. By
    # SIGTERM it does: the pool ends all its processes so, and waits for them, when one has died.
    os.setsid()
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(0)


def _rasterise(svg: str) -> bytes:
    return resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True)
