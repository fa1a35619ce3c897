"""`python -m services.llm`: reads the settings, builds the engine, serves until stopped."""

import asyncio
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
from services.runtime.errors import EngineError, HatcheryError
from services.runtime.serving import RunningServer

NAME = llm_service_pb2.DESCRIPTOR.services_by_name["LlmService"].full_name

# In seconds.
CHECK_INTERVAL = 5.0

log = structlog.get_logger()


async def serve(settings: LlmSettings) -> None:
    """Serves until SIGTERM or SIGINT. Ready once the engine is."""
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


async def follow(engine: TextEngine, server: RunningServer) -> None:
    """Says of the server, for ever, whether its engine can work."""
    before: bool | None = None
    while True:
        ready, reason = True, ""
        try:
            await engine.check()
        except EngineError as error:
            ready, reason = False, error.message
        if ready != before:
            before = ready
            await server.set_ready(ready)
            log.info("ready" if ready else "not ready", engine=engine.name, reason=reason)
        await asyncio.sleep(CHECK_INTERVAL)


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
    return 0


if __name__ == "__main__":
    sys.exit(main())
