"""Processes for what a stranger's text may make endless: each does one thing, and is ended."""

import asyncio
import multiprocessing
import resource
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any, TypeVar

import psutil
import structlog

from services.runtime.errors import HatcheryError, OutputInvalid, internal

log = structlog.get_logger()

Made = TypeVar("Made")

# So many at a time; the rest waits.
_AT_ONCE = 2
# A process that never begins is given up, too: that takes a second or two on a busy machine.
_STARTS_WITHIN = 30.0


class Apart:
    """Does things in processes of their own, within `seconds` and `memory`, in bytes."""

    def __init__(self, seconds: float = 5.0, memory: int = 2**29) -> None:
        self._seconds = seconds
        self._memory = memory
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="apart")

    async def __call__(self, do: Callable[..., Made], /, *what: str) -> Made:
        """What `do`, a function of a module, returns.

        Raises what it raises of ours, and OutputInvalid where it takes too long or too much.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._do, do, what)

    def _do(self, do: Callable[..., Made], what: tuple[str, ...]) -> Made:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self._memory, do, what), daemon=True)
        process.start()
        theirs.close()
        try:
            # First that it has begun, then what came of it.
            if ours.poll(_STARTS_WITHIN) and ours.recv() and ours.poll(self._seconds):
                made, error = ours.recv()
                if error is None:
                    return made  # type: ignore[no-any-return]
                if isinstance(error, str):
                    log.error("it broke", what=do.__name__, error=error)
                raise internal() if isinstance(error, str) else error
            log.warning("it took too long", what=do.__name__)
        except EOFError:
            log.warning("it took too much, or died", what=do.__name__)
        finally:
            process.kill()
            process.join()
            process.close()
            ours.close()
        raise OutputInvalid("what the model wrote cannot be read within reason: try again")


def _work(answer: Connection, memory: int, do: Callable[..., Any], what: tuple[str, ...]) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = psutil.Process().memory_info().vms + memory
    # A Mac knows this limit and does not keep it.
    resource.setrlimit(
        resource.RLIMIT_AS, (limit if most == resource.RLIM_INFINITY else min(limit, most), most)
    )
    answer.send(True)
    made: Any = None
    error: HatcheryError | str | None = None
    try:
        made = do(*what)
    except HatcheryError as refused:
        error = refused
    except RecursionError:
        error = OutputInvalid("what the model wrote is nested too deeply: try again")
    except MemoryError:
        return
    except Exception:
        # A fault of ours, of which our parent writes the log.
        made, error = None, traceback.format_exc()
    answer.send((made, error))
