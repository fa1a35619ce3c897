"""Runs the gateway: `python -m services.gateway`."""

import asyncio
import signal
import sys

import uvloop
from pydantic import ValidationError

from services.gateway.app import running_gateway
from services.gateway.settings import GatewaySettings
from services.runtime import logs
from services.runtime.errors import HatcheryError
from services.runtime.settings import host_of, is_loopback


async def run(settings: GatewaySettings) -> None:
    """Serves until SIGTERM or SIGINT; one that comes while it starts cancels that."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    async with running_gateway(settings) as server:
        await server.until_stopped()


def main() -> int:
    """Reads the settings and runs; returns the exit status."""
    try:
        settings = GatewaySettings()
    except ValidationError as error:
        problems = "; ".join(
            f"{'_'.join(('HATCHERY', *map(str, e['loc']))).upper()}: {e['msg']}"
            for e in error.errors()
        )
        print(f"gateway: settings: {problems}", file=sys.stderr)  # noqa: T201
        return 2
    logs.configure(settings.log_format, settings.log_level, "gateway")
    if settings.auth == "local" and not is_loopback(host_of(settings.listen)):
        print(  # noqa: T201
            "gateway: without tokens it listens on loopback only; set HATCHERY_AUTH=jwt, or open",
            file=sys.stderr,
        )
        return 2
    try:
        uvloop.run(run(settings))
    except HatcheryError as error:
        print(f"gateway: {error.message}", file=sys.stderr)  # noqa: T201
        return 1
    except asyncio.CancelledError:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
