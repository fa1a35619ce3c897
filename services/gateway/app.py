"""The gateway, put together from its parts."""

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from functools import partial

import grpc
from hatchery.gateway.v1 import (
    agent_service_pb2,
    agent_service_pb2_grpc,
    artifact_service_pb2,
    artifact_service_pb2_grpc,
    asset_service_pb2,
    asset_service_pb2_grpc,
    generation_service_pb2,
    generation_service_pb2_grpc,
    model_service_pb2,
    model_service_pb2_grpc,
    template_service_pb2,
    template_service_pb2_grpc,
)

from services.gateway.accept import Acceptor
from services.gateway.apart import Apart
from services.gateway.artifacts import ArtifactCreator
from services.gateway.control import Control
from services.gateway.creating import Creator
from services.gateway.owners import Callers
from services.gateway.prices import PriceList
from services.gateway.recipes.kinds import RECIPES
from services.gateway.retention import Retention
from services.gateway.retry import Retrier
from services.gateway.runner.history import History
from services.gateway.runner.line import Line
from services.gateway.runner.pictures import StoredPictures
from services.gateway.runner.previews import Previews
from services.gateway.runner.replica import Replica, Timing
from services.gateway.runner.services import Services
from services.gateway.runner.slots import Slots
from services.gateway.runner.writer import Writer
from services.gateway.servicers.agents import AgentServicer
from services.gateway.servicers.artifacts import ArtifactServicer
from services.gateway.servicers.assets import AssetServicer
from services.gateway.servicers.cards import Cards
from services.gateway.servicers.feedback import Feedback
from services.gateway.servicers.generations import GenerationServicer
from services.gateway.servicers.models import ModelServicer
from services.gateway.servicers.statistics import Statistics
from services.gateway.servicers.templates import TemplateServicer
from services.gateway.settings import GatewaySettings
from services.gateway.spending import Quotes
from services.gateway.store.accepting import Limits
from services.gateway.store.agents import Agents
from services.gateway.store.artifacts import Artifacts
from services.gateway.store.budgets import Budgets
from services.gateway.store.database import Database, open_database
from services.gateway.store.failures import Failures
from services.gateway.store.generations import Generations
from services.gateway.store.imports import Imports
from services.gateway.store.leases import Leases
from services.gateway.store.log import Log
from services.gateway.store.notify import Notifications
from services.gateway.store.previews import Previews as PreviewStore
from services.gateway.store.ratings import Ratings
from services.gateway.store.slots import Slots as SlotStore
from services.gateway.store.stats import Stats
from services.gateway.store.templates import Templates
from services.gateway.store.times import Times
from services.gateway.store.trimming import Trimming
from services.gateway.store.uploads import Uploads
from services.gateway.upstream.catalog import Catalog
from services.gateway.upstream.engines import ImageClient, TextClient, open_channel
from services.gateway.wakeups import WakeUps
from services.gateway.watch.hub import Hub
from services.gateway.watch.newcomers import Newcomers
from services.gateway.watch.snapshots import Snapshots
from services.gateway.watch.tail import Tail
from services.gateway.watch.watcher import Watcher
from services.gateway.workers import Workers
from services.runtime.errors import StoreUnavailable
from services.runtime.serving import RunningServer, running_server

NAMES = [
    agent_service_pb2.DESCRIPTOR.services_by_name["AgentService"].full_name,
    generation_service_pb2.DESCRIPTOR.services_by_name["GenerationService"].full_name,
    asset_service_pb2.DESCRIPTOR.services_by_name["AssetService"].full_name,
    model_service_pb2.DESCRIPTOR.services_by_name["ModelService"].full_name,
    template_service_pb2.DESCRIPTOR.services_by_name["TemplateService"].full_name,
    artifact_service_pb2.DESCRIPTOR.services_by_name["ArtifactService"].full_name,
]


def now() -> dt.datetime:
    """The wall clock, which stamps events."""
    return dt.datetime.now(dt.UTC)


@asynccontextmanager
async def running_gateway(
    settings: GatewaySettings, wakeups: WakeUps | None = None
) -> AsyncIterator[RunningServer]:
    """Runs a gateway until the block is left; then it drains and hands its generations over.

    `wakeups` are how it hears of its siblings; by default, through Postgres.
    It says that it is ready for as long as the store answers. A part that breaks breaks the block.
    """
    async with (
        open_database(
            settings.database_url,
            max_size=settings.database_connections,
            timeout=settings.database_timeout,
        ) as database,
        open_channel(settings.llm_target) as llm,
        open_channel(settings.avatar_target) as avatar,
    ):
        wakeups = wakeups or Notifications(settings.database_url)
        parts = _Parts(settings, database, wakeups, TextClient(llm), ImageClient(avatar))
        async with (
            running_server(
                settings,
                parts.add,
                NAMES,
                interceptors=[Callers(settings.token_key(), token_needed=settings.auth == "jwt")],
            ) as server,
            asyncio.TaskGroup() as group,
        ):
            readiness = group.create_task(_readiness(server, database, settings.poll))
            tasks = [
                group.create_task(parts.replica.run()),
                group.create_task(parts.tail.run()),
                group.create_task(parts.watcher.run()),
                group.create_task(parts.previews.run()),
                group.create_task(parts.newcomers.run()),
                group.create_task(parts.line.run()),
                group.create_task(parts.retention.run()),
                group.create_task(wakeups.run(parts.heard)),
            ]
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


class _Parts:
    """Everything that one gateway is made of, wired by constructors."""

    def __init__(
        self,
        settings: GatewaySettings,
        database: Database,
        wakeups: WakeUps,
        texts: TextClient,
        images: ImageClient,
    ) -> None:
        self.stopping = asyncio.Event()
        log, hub = Log(database), Hub(wakeups.send)
        limits = Limits(settings.max_unfinished, settings.owner_unfinished)
        generations = Generations(database, limits)
        leases = Leases(database, settings.owner_running)
        agents, history = Agents(database), History(Times(database), Failures(database))
        uploads, templates, work = Uploads(database), Templates(database), Workers()
        snapshots = Snapshots(log)
        catalog, prices = Catalog(texts.models, images.models), PriceList.read(settings.prices)
        slots = Slots(
            SlotStore(database),
            {"llm": settings.llm_slots, "avatar": settings.avatar_slots},
            wakeups.send,
            poll=settings.poll,
        )
        stored_previews = PreviewStore(database)
        self.tail = Tail(log, stored_previews, hub, poll=settings.poll)
        self.previews = Previews(stored_previews, wakeups.send)
        self.watcher = Watcher(log, hub, heartbeat=settings.heartbeat)
        self.replica = Replica(
            generations,
            leases,
            snapshots,
            writer=Writer(database, hub, self.previews),
            services=Services(
                texts,
                images,
                partial(StoredPictures, uploads, agents),
                work,
                Apart(),
                slots,
                history,
                catalog.resolve,
                prices.price,
            ),
            recipes=RECIPES,
            timing=Timing(settings.lease, settings.poll, settings.text_pause, settings.time_limit),
            max_running=settings.max_running,
        )
        self.newcomers = Newcomers(generations, poll=settings.poll)
        self.retention = Retention(Trimming(database), settings.retention)
        places = min(settings.llm_slots, settings.avatar_slots)
        self.line = Line(leases, generations, hub, history, RECIPES, places=places, now=now)
        acceptor = Acceptor(
            generations,
            history,
            Quotes(prices, catalog),
            self.accepted,
            places=places,
            now=now,
        )
        control = Control(generations, leases, self.replica, hub, moved=wakeups.send, now=now)
        creator = Creator(
            generations, agents, templates, catalog=catalog, acceptor=acceptor, work=work
        )
        self._agents = AgentServicer(
            agents,
            creator,
            self.watcher,
            cards=Cards(agents, Imports(database), work),
            stopping=self.stopping,
        )
        self._generations = GenerationServicer(
            generations,
            snapshots,
            self.watcher,
            newcomers=self.newcomers,
            control=control,
            feedback=Feedback(generations, Ratings(database)),
            statistics=Statistics(Stats(database), Budgets(database), prices),
            retrier=Retrier(generations, uploads, agents, acceptor, RECIPES),
            stopping=self.stopping,
            heartbeat=settings.heartbeat,
        )
        self._assets = AssetServicer(agents)
        self._artifacts = ArtifactServicer(
            Artifacts(database),
            generations,
            snapshots,
            self.watcher,
            creator=ArtifactCreator(
                catalog=catalog, acceptor=acceptor, max_tokens=settings.artifact_tokens
            ),
            stopping=self.stopping,
            heartbeat=settings.heartbeat,
        )
        self._models = ModelServicer(catalog, prices)
        self._templates = TemplateServicer(templates)

    def accepted(self) -> None:
        """A generation was stored here."""
        self.replica.wake()
        self.newcomers.wake()

    def heard(self, generations: Collection[uuid.UUID] | None) -> None:
        """Other replicas moved these generations; None: any of them may have moved."""
        self.tail.wake(generations)
        self.replica.heard(generations)

    def add(self, server: grpc.aio.Server) -> None:
        """Registers the services."""
        agent_service_pb2_grpc.add_AgentServiceServicer_to_server(self._agents, server)
        generation_service_pb2_grpc.add_GenerationServiceServicer_to_server(
            self._generations, server
        )
        asset_service_pb2_grpc.add_AssetServiceServicer_to_server(self._assets, server)
        model_service_pb2_grpc.add_ModelServiceServicer_to_server(self._models, server)
        template_service_pb2_grpc.add_TemplateServiceServicer_to_server(self._templates, server)
        artifact_service_pb2_grpc.add_ArtifactServiceServicer_to_server(self._artifacts, server)
