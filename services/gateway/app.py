"""The gateway, put together from its parts."""

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Collection, Sequence
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
    conversation_service_pb2,
    conversation_service_pb2_grpc,
    generation_service_pb2,
    generation_service_pb2_grpc,
    model_service_pb2,
    model_service_pb2_grpc,
    recipe_service_pb2,
    recipe_service_pb2_grpc,
    template_service_pb2,
    template_service_pb2_grpc,
)

from services.gateway.accept import Acceptor
from services.gateway.apart import Apart
from services.gateway.artifacts import ArtifactCreator
from services.gateway.control import Control
from services.gateway.conversing import Forgetter, Painter, Sender
from services.gateway.creating import Creator
from services.gateway.measures import Measures
from services.gateway.owners import Callers
from services.gateway.prices import PriceList
from services.gateway.recipes.installed.adapting import Installed, adapted
from services.gateway.recipes.installed.packages import installed
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
from services.gateway.runner.talk import StoredTalk
from services.gateway.runner.writer import Writer
from services.gateway.running import RecipeRunner
from services.gateway.servicers.agents import AgentServicer
from services.gateway.servicers.artifacts import ArtifactServicer
from services.gateway.servicers.assets import AssetServicer
from services.gateway.servicers.cards import Cards
from services.gateway.servicers.conversations import ConversationServicer
from services.gateway.servicers.feedback import Feedback
from services.gateway.servicers.generations import GenerationServicer
from services.gateway.servicers.models import ModelServicer
from services.gateway.servicers.recipes import RecipeServicer
from services.gateway.servicers.statistics import Statistics
from services.gateway.servicers.templates import TemplateServicer
from services.gateway.settings import GatewaySettings
from services.gateway.spending import Quotes
from services.gateway.store.accepting import Limits
from services.gateway.store.agents import Agents
from services.gateway.store.artifacts import Artifacts
from services.gateway.store.budgets import Budgets
from services.gateway.store.conversations import Conversations
from services.gateway.store.database import Database, open_database
from services.gateway.store.deliveries import Deliveries as DeliveryStore
from services.gateway.store.failures import Failures
from services.gateway.store.forgetting import Forgetting
from services.gateway.store.generations import Generations
from services.gateway.store.imports import Imports
from services.gateway.store.leases import Leases
from services.gateway.store.log import Log
from services.gateway.store.memories import Memories
from services.gateway.store.notify import Notifications
from services.gateway.store.previews import Previews as PreviewStore
from services.gateway.store.ratings import Ratings
from services.gateway.store.slots import Slots as SlotStore
from services.gateway.store.stats import Stats
from services.gateway.store.templates import Templates
from services.gateway.store.times import Times
from services.gateway.store.trimming import Trimming
from services.gateway.store.uploads import Uploads
from services.gateway.streams import CountedStreams
from services.gateway.upstream.catalog import Catalog
from services.gateway.upstream.engines import ImageClient, TextClient, open_channel
from services.gateway.wakeups import WakeUps
from services.gateway.watch.deliveries import Deliveries
from services.gateway.watch.hub import Hub
from services.gateway.watch.newcomers import Newcomers
from services.gateway.watch.snapshots import Snapshots
from services.gateway.watch.tail import Tail
from services.gateway.watch.watcher import Watcher
from services.gateway.workers import Workers
from services.runtime.errors import StoreUnavailable
from services.runtime.serving import RunningServer, running_server
from services.runtime.telemetry import metrics

NAMES = [
    agent_service_pb2.DESCRIPTOR.services_by_name["AgentService"].full_name,
    generation_service_pb2.DESCRIPTOR.services_by_name["GenerationService"].full_name,
    asset_service_pb2.DESCRIPTOR.services_by_name["AssetService"].full_name,
    model_service_pb2.DESCRIPTOR.services_by_name["ModelService"].full_name,
    template_service_pb2.DESCRIPTOR.services_by_name["TemplateService"].full_name,
    artifact_service_pb2.DESCRIPTOR.services_by_name["ArtifactService"].full_name,
    recipe_service_pb2.DESCRIPTOR.services_by_name["RecipeService"].full_name,
    conversation_service_pb2.DESCRIPTOR.services_by_name["ConversationService"].full_name,
]


def now() -> dt.datetime:
    """The wall clock, which stamps events."""
    return dt.datetime.now(dt.UTC)


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
        parts = _Parts(
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
            tasks = [
                group.create_task(parts.replica.run()),
                group.create_task(parts.tail.run()),
                group.create_task(parts.watcher.run()),
                group.create_task(parts.previews.run()),
                group.create_task(parts.newcomers.run()),
                group.create_task(parts.line.run()),
                group.create_task(parts.retention.run()),
                group.create_task(parts.deliveries.run()),
                group.create_task(parts.forgetter.run()),
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
        *,
        custom: Sequence[Installed],
        measures: Measures,
    ) -> None:
        self.stopping = asyncio.Event()
        # Threads of their own: what an installed recipe does in them holds no picture up.
        aside = Workers()
        recipes = RECIPES | {one.name: adapted(one, aside) for one in custom}
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
        self.newcomers = Newcomers(generations, poll=settings.poll)
        places = min(settings.llm_slots, settings.avatar_slots)
        acceptor = Acceptor(
            generations,
            history,
            Quotes(prices, catalog),
            self.accepted,
            places=places,
            now=now,
        )
        creator = Creator(
            generations, agents, templates, catalog=catalog, acceptor=acceptor, work=work
        )
        conversations, memories = Conversations(database), Memories(database)
        self.replica = Replica(
            generations,
            leases,
            snapshots,
            writer=Writer(database, hub, self.previews),
            services=Services(
                texts,
                images,
                partial(StoredPictures, uploads, agents),
                partial(StoredTalk, conversations, memories, agents, Painter(creator).redraw),
                work,
                Apart(),
                slots,
                history,
                catalog.resolve,
                prices.price,
                measures,
            ),
            recipes=recipes,
            timing=Timing(settings.lease, settings.poll, settings.text_pause, settings.time_limit),
            max_running=settings.max_running,
        )
        delivered = DeliveryStore(database)
        self.deliveries = Deliveries(delivered)
        measures.watch(
            running=lambda: self.replica.running,
            watchers=lambda: hub.followers,
            queues=slots.waiting,
        )
        self.retention = Retention(Trimming(database), settings.retention)
        self.line = Line(leases, generations, hub, history, recipes, places=places, now=now)
        control = Control(generations, leases, self.replica, hub, moved=wakeups.send, now=now)
        self.forgetter = Forgetter(Forgetting(database), control)
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
            statistics=Statistics(Stats(database), delivered, Budgets(database), prices),
            retrier=Retrier(generations, uploads, agents, acceptor, recipes),
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
        self._recipes = RecipeServicer(
            RecipeRunner(custom, recipes, catalog=catalog, acceptor=acceptor),
            self.watcher,
            stopping=self.stopping,
        )
        self._templates = TemplateServicer(templates)
        self._conversations = ConversationServicer(
            conversations,
            memories,
            self.watcher,
            sender=Sender(conversations, agents, catalog=catalog, acceptor=acceptor),
            forgetter=self.forgetter,
            stopping=self.stopping,
        )

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
        recipe_service_pb2_grpc.add_RecipeServiceServicer_to_server(self._recipes, server)
        conversation_service_pb2_grpc.add_ConversationServiceServicer_to_server(
            self._conversations, server
        )
