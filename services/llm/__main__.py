"""`python -m services.llm`: reads the settings, builds the engine, serves until stopped."""

import asyncio
import sys

import grpc
import structlog
from hatchery.llm.v1 import llm_service_pb2
from hatchery.llm.v1.llm_service_pb2_grpc import add_LlmServiceServicer_to_server
from pydantic import ValidationError

from services.llm.registry import build_engine
from services.llm.servicer import LlmServicer
from services.llm.settings import LlmSettings
from services.runtime import logs
from services.runtime.errors import HatcheryError
from services.runtime.serving import running_server

NAME = llm_service_pb2.DESCRIPTOR.services_by_name["LlmService"].full_name

log = structlog.get_logger()


async def serve(settings: LlmSettings) -> None:
    """Serves until SIGTERM or SIGINT. Ready once the engine is."""
    engine = build_engine(settings)
    servicer = LlmServicer(engine, heartbeat=settings.heartbeat)

    def add(server: grpc.aio.Server) -> None:
        add_LlmServiceServicer_to_server(servicer, server)

    try:
        async with running_server(settings, add, [NAME]) as server:
            await engine.start()
            await server.set_ready(True)
            log.info("ready", engine=engine.name, port=server.port)
            await server.until_stopped()
    finally:
        await engine.close()


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
        log.error("cannot serve", reason=error.message)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
