"""The gateway, put together from its parts."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from services.gateway.measures import Measures
from services.gateway.owners import Callers
from services.gateway.parts import NAMES, Parts
from services.gateway.recipes.installed.adapting import Installed
from services.gateway.recipes.installed.packages import installed
from services.gateway.settings import GatewaySettings
from services.gateway.store.database import Database, open_database
from services.gateway.store.notify import Notifications
from services.gateway.streams import CountedStreams
from services.gateway.upstream.engines import ImageClient, TextClient, open_channel
from services.gateway.wakeups import WakeUps
from services.runtime.errors import StoreUnavailable
from services.runtime.serving import RunningServer, running_server
from services.runtime.telemetry import metrics


@asynccontextmanager
async def running_gateway(
    settings: GatewaySettings,
    wakeups: WakeUps | None = None,
    custom: Sequence[Installed] | None = None,
) -> AsyncIterator[RunningServer]:
    """Runs a gateway until the block is left; then it drains and hands its generations over.

    `wakeups` are how it hears of its siblings; by default, through Postgres. `custom` are recipes
    beside its own; by default, those of the packages that are installed.
    It says that it is ready for as long as the store answers. A part that breaks breaks the block.
    """
    async with (
        metrics(settings.metrics_listen, "hatchery-gateway") as telemetry,
        open_database(
            settings.database_url,
            max_size=settings.database_connections,
            timeout=settings.database_timeout,
        ) as database,
        open_channel(settings.llm_target) as llm,
        open_channel(settings.avatar_target) as avatar,
    ):
        wakeups = wakeups or Notifications(settings.database_url)
        custom = installed() if custom is None else custom
        measures = Measures(telemetry)
        parts = Parts(
            settings,
            database,
            wakeups,
            TextClient(llm),
            ImageClient(avatar),
            custom=custom,
            measures=measures,
        )
        async with (
            parts.deliveries.kept(),
            running_server(
                settings,
                parts.add,
                NAMES,
                interceptors=[
                    Callers(settings.token_key(), token_needed=settings.auth == "jwt"),
                    CountedStreams(NAMES, parts.deliveries, measures),
                ],
                telemetry=telemetry,
            ) as server,
            asyncio.TaskGroup() as group,
        ):
            readiness = group.create_task(_readiness(server, database, settings.poll))
            tasks = [group.create_task(work) for work in (*parts.tasks(), wakeups.run(parts.heard))]
            try:
                yield server
            finally:
                readiness.cancel()
                await parts.replica.drain(settings.step_grace)
                # Streams end last: who comes back at once is then taken by another replica.
                parts.stopping.set()
                for task in tasks:
                    task.cancel()


async def _readiness(server: RunningServer, database: Database, poll: float) -> None:
    """Tells through grpc.health.v1 whether the store answers, which every call needs."""
    try:
        while True:
            try:
                await database.ping()
                await server.set_ready()
            except StoreUnavailable:
                await server.set_ready(False)
            await asyncio.sleep(poll)
    finally:
        await server.set_ready(False)
