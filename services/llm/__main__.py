"""`python -m services.llm`: reads the settings, builds the engine, serves until stopped."""

import asyncio
import signal
import sys

import grpc
import structlog
from hatchery.llm.v1 import llm_service_pb2
from hatchery.llm.v1.llm_service_pb2_grpc import add_LlmServiceServicer_to_server
from pydantic import ValidationError

from services.llm.port import TextEngine
from services.llm.registry import build_engine
from services.llm.servicer import LlmServicer
from services.llm.settings import LlmSettings
from services.runtime import logs
from services.runtime.draining import Drain
from services.runtime.engine_serving import engine_server
from services.runtime.errors import HatcheryError
from services.runtime.serving import RunningServer

NAME = llm_service_pb2.DESCRIPTOR.services_by_name["LlmService"].full_name

# In seconds.
CHECK_INTERVAL = 5.0

log = structlog.get_logger()


async def serve(settings: LlmSettings) -> None:
    """Serves until SIGTERM or SIGINT; one that comes while it starts cancels that.

    Ready once the engine is.
    """
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    engine = build_engine(settings)
    stopping = asyncio.Event()
    # The last fifth of the grace is for the answer that says so.
    drain = Drain(stopping, settings.stop_grace * 0.8)
    servicer = LlmServicer(engine, drain, heartbeat=settings.heartbeat)

    def add(server: grpc.aio.Server) -> None:
        add_LlmServiceServicer_to_server(servicer, server)

    try:
        async with engine_server(
            settings,
            "llm",
            add,
            NAME,
            engine=engine.name,
            capacity=servicer.capacity,
            stopping=stopping,
        ) as server:
            await engine.start()
            async with asyncio.TaskGroup() as tasks:
                watch = tasks.create_task(follow(engine, server))
                await server.until_stopped()
                watch.cancel()
    finally:
        await engine.close()


async def follow(
    engine: TextEngine, server: RunningServer, interval: float = CHECK_INTERVAL
) -> None:
    """Says of the server, for ever, whether its engine can work, and logs why it cannot.

    Checks each `interval` seconds. One that fails, in whatever way, says no, and so does one that
    takes three times as long.
    """
    before: tuple[bool, str] | None = None
    while True:
        failure = await _failure(engine, 3 * interval)
        ready, reason = failure is None, _in_words(failure)
        if (ready, reason) != before:
            before = ready, reason
            await server.set_ready(ready)
            log.info(
                "ready" if ready else "not ready",
                engine=engine.name,
                reason=reason,
                exc_info=None if isinstance(failure, HatcheryError | TimeoutError) else failure,
            )
        await asyncio.sleep(interval)


async def _failure(engine: TextEngine, patience: float) -> Exception | None:
    try:
        async with asyncio.timeout(patience):
            await engine.check()
    except Exception as error:
        return error
    return None


def _in_words(failure: Exception | None) -> str:
    match failure:
        case None:
            return ""
        case HatcheryError():
            return failure.message
        case TimeoutError():
            return "the engine does not say whether it can work"
        case _:
            return "the check of the engine failed"


def main() -> int:
    """The exit status: 0 after a clean stop, 2 for settings or an engine that cannot work."""
    try:
        settings = LlmSettings()
    except ValidationError as error:
        for problem in error.errors():
            field = "_".join(str(part) for part in problem["loc"]).upper()
            sys.stderr.write(f"HATCHERY_{field}: {problem['msg']}\n")
        return 2
    logs.configure(settings.log_format, settings.log_level, "llm")
    try:
        asyncio.run(serve(settings))
    except HatcheryError as error:
        log.critical("cannot serve", reason=error.message)
        return 2
    except asyncio.CancelledError:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
