"""The gateway, put together from its parts."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import structlog

from services.gateway.identity.callers import Callers
from services.gateway.identity.keys import Keys
from services.gateway.identity.opening import open_keys, tokens_by
from services.gateway.identity.scopes import needed_by
from services.gateway.limits import limits_of
from services.gateway.measures import Measures
from services.gateway.parts import NAMES, Parts
from services.gateway.recipes.installed.adapting import Installed
from services.gateway.recipes.installed.packages import installed
from services.gateway.settings import GatewaySettings
from services.gateway.store.database import Database, open_database
from services.gateway.store.notify import Notifications
from services.gateway.streams import CountedStreams
from services.gateway.upstream.engines import ImageClient, TextClient, open_link
from services.gateway.wakeups import WakeUps
from services.runtime.errors import StoreUnavailable
from services.runtime.observing import metrics, traces
from services.runtime.serving import RunningServer, running_server
from services.runtime.tls import Certificates

log = structlog.get_logger()

# Seconds in which whoever watches is told, at the end, what has happened here.
_LAST_WORDS = 1.0


@asynccontextmanager
async def running_gateway(
    settings: GatewaySettings,
    wakeups: WakeUps | None = None,
    custom: Sequence[Installed] | None = None,
) -> AsyncIterator[RunningServer]:
    """Runs a gateway until the block is left; then it drains and hands its generations over.

    `wakeups` are how it hears of its siblings; by default, through NATS where the settings name
    one, else through Postgres. `custom` are recipes beside its own; by default, those of the
    packages that are installed.
    It says that it is ready for as long as the store answers. A part that breaks breaks the block.
    """
    keys = await open_keys(settings)
    certificates = Certificates(settings.tls) if settings.tls else None
    async with (
        metrics(settings.metrics_listen, "hatchery-gateway") as telemetry,
        traces(settings.traces, settings.trace_ratio, "hatchery-gateway") as tracing,
        open_database(
            settings.database_url,
            max_size=settings.database_connections,
            timeout=settings.database_timeout,
            patience=settings.database_patience,
        ) as database,
        open_link(settings.llm_target, certificates, settings.max_message_bytes) as llm,
        open_link(settings.avatar_target, certificates, settings.max_message_bytes) as avatar,
    ):
        wakeups = wakeups or _wakeups(settings, certificates)
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
            tracing=tracing,
        )
        async with (
            parts.deliveries.kept(),
            running_server(
                settings,
                parts.add,
                NAMES,
                layers=[
                    Callers(
                        tokens_by(keys, settings) if keys else None,
                        needed_by(NAMES),
                        token_needed=settings.auth == "jwt",
                    ),
                    CountedStreams(NAMES, parts.deliveries, measures),
                    limits_of(settings, NAMES),
                ],
                telemetry=telemetry,
                tracing=tracing,
            ) as server,
            asyncio.TaskGroup() as group,
        ):
            readiness = group.create_task(_readiness(server, database, keys, settings.poll))
            tasks = [group.create_task(work) for work in (*parts.tasks(), wakeups.run(parts.heard))]
            if keys:
                tasks.append(group.create_task(keys.run()))
            try:
                yield server
            finally:
                readiness.cancel()
                await parts.replica.drain(settings.step_grace)
                # Streams end last: who comes back at once is then taken by another replica.
                await parts.watcher.settle(_LAST_WORDS)
                parts.stopping.set()
                for task in tasks:
                    task.cancel()


def _wakeups(settings: GatewaySettings, certificates: Certificates | None) -> WakeUps:
    if not settings.nats_servers:
        return Notifications(settings.database_url)
    # Only here is its library needed, and it takes a while.
    from services.gateway.upstream.nats import NatsWakeUps  # noqa: PLC0415

    return NatsWakeUps(settings.nats_servers, certificates)


async def _readiness(
    server: RunningServer, database: Database, keys: Keys | None, poll: float
) -> None:
    """Tells through grpc.health.v1 whether calls are answered: that takes the store, and keys."""
    answers = True
    try:
        while True:
            try:
                await database.ping()
            except StoreUnavailable as lost:
                if answers:
                    log.warning("the store is away", why=type(lost.__cause__).__name__)
                answers = False
            else:
                if not answers:
                    log.info("the store is back")
                answers = True
            await server.set_ready(answers and (keys is None or keys.are_known))
            await asyncio.sleep(poll)
    finally:
        await server.set_ready(False)
