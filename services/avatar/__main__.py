"""`python -m services.avatar`: reads the settings, builds the engine, serves until stopped."""

import asyncio
import signal
import sys

import grpc
import structlog
from hatchery.avatar.v1 import avatar_service_pb2
from hatchery.avatar.v1.avatar_service_pb2_grpc import add_AvatarServiceServicer_to_server
from pydantic import ValidationError

from services.avatar.registry import build_engine
from services.avatar.servicer import AvatarServicer
from services.avatar.settings import AvatarSettings
from services.runtime import logs
from services.runtime.draining import Drain
from services.runtime.engine_serving import engine_server
from services.runtime.errors import HatcheryError

NAME = avatar_service_pb2.DESCRIPTOR.services_by_name["AvatarService"].full_name

log = structlog.get_logger()


async def serve(settings: AvatarSettings) -> None:
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
    servicer = AvatarServicer(engine, drain, heartbeat=settings.heartbeat)

    def add(server: grpc.aio.Server) -> None:
        add_AvatarServiceServicer_to_server(servicer, server)

    try:
        async with engine_server(
            settings,
            "avatar",
            add,
            NAME,
            engine=engine.name,
            capacity=servicer.capacity,
            stopping=stopping,
        ) as server:
            await engine.start()
            await server.set_ready(True)
            log.info("ready", engine=engine.name, port=server.port)
            await server.until_stopped()
    finally:
        await engine.close()


def main() -> int:
    """The exit status: 0 after a clean stop, 2 for settings or an engine that cannot work."""
    try:
        settings = AvatarSettings()
    except ValidationError as error:
        for problem in error.errors():
            field = "_".join(str(part) for part in problem["loc"]).upper()
            sys.stderr.write(f"HATCHERY_{field}: {problem['msg']}\n")
        return 2
    logs.configure(settings.log_format, settings.log_level, "avatar")
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
