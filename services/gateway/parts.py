"""The parts of one gateway, wired by constructors."""

import asyncio
import datetime as dt
import uuid
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any

import grpc
from hatchery.gateway.v1.agent_service_pb2_grpc import add_AgentServiceServicer_to_server
from hatchery.gateway.v1.artifact_service_pb2_grpc import add_ArtifactServiceServicer_to_server
from hatchery.gateway.v1.asset_service_pb2_grpc import add_AssetServiceServicer_to_server
from hatchery.gateway.v1.conversation_service_pb2_grpc import (
    add_ConversationServiceServicer_to_server,
)
from hatchery.gateway.v1.generation_service_pb2_grpc import add_GenerationServiceServicer_to_server
from hatchery.gateway.v1.model_service_pb2_grpc import add_ModelServiceServicer_to_server
from hatchery.gateway.v1.recipe_service_pb2_grpc import add_RecipeServiceServicer_to_server
from hatchery.gateway.v1.template_service_pb2_grpc import add_TemplateServiceServicer_to_server

from services.gateway.accept import Acceptor
from services.gateway.apart import Apart
from services.gateway.artifacts import ArtifactCreator
from services.gateway.control import Control
from services.gateway.conversing import Forgetter, Painter, Sender
from services.gateway.creating import Creator
from services.gateway.measures import Measures
from services.gateway.prices import PriceList
from services.gateway.recipes.installed.adapting import Installed, adapted
from services.gateway.recipes.kinds import RECIPES
from services.gateway.retention import Retention
from services.gateway.retry import Retrier
from services.gateway.runner.history import History
from services.gateway.runner.line import Line
from services.gateway.runner.pictures import StoredPictures
from services.gateway.runner.previews import Previews
from services.gateway.runner.queued import Queued
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
from services.gateway.store.database import Database
from services.gateway.store.deliveries import Deliveries as DeliveryStore
from services.gateway.store.failures import Failures
from services.gateway.store.forgetting import Forgetting
from services.gateway.store.generations import Generations
from services.gateway.store.imports import Imports
from services.gateway.store.leases import Leases
from services.gateway.store.log import Log
from services.gateway.store.memories import Memories
from services.gateway.store.previews import Previews as PreviewStore
from services.gateway.store.queue import Queue
from services.gateway.store.ratings import Ratings
from services.gateway.store.slots import Slots as SlotStore
from services.gateway.store.stats import Stats
from services.gateway.store.templates import Templates
from services.gateway.store.times import Times
from services.gateway.store.trimming import Trimming
from services.gateway.store.uploads import Uploads
from services.gateway.upstream.catalog import Catalog
from services.gateway.upstream.engines import ImageClient, TextClient
from services.gateway.wakeups import WakeUps
from services.gateway.watch.deliveries import Deliveries
from services.gateway.watch.hub import Hub
from services.gateway.watch.newcomers import Newcomers
from services.gateway.watch.snapshots import Snapshots
from services.gateway.watch.tail import Tail
from services.gateway.watch.watcher import Watcher
from services.gateway.workers import Workers
from services.runtime.tracing import Tracing

# How each service is registered, by its name.
_ADDED: Mapping[str, Callable[[Any, grpc.aio.Server], None]] = {
    "AgentService": add_AgentServiceServicer_to_server,
    "GenerationService": add_GenerationServiceServicer_to_server,
    "AssetService": add_AssetServiceServicer_to_server,
    "ModelService": add_ModelServiceServicer_to_server,
    "TemplateService": add_TemplateServiceServicer_to_server,
    "ArtifactService": add_ArtifactServiceServicer_to_server,
    "RecipeService": add_RecipeServiceServicer_to_server,
    "ConversationService": add_ConversationServiceServicer_to_server,
}
NAMES = [f"hatchery.gateway.v1.{name}" for name in _ADDED]


def now() -> dt.datetime:
    """The wall clock, which stamps events."""
    return dt.datetime.now(dt.UTC)


class Parts:
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
        tracing: Tracing,
    ) -> None:
        self.stopping = asyncio.Event()
        # Threads of their own: what an installed recipe does in them holds no picture up.
        aside = Workers()
        recipes = RECIPES | {one.name: adapted(one, aside) for one in custom}
        log, hub = Log(database), Hub(wakeups.send)
        self._hub = hub
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
        self.tail = Tail(log, stored_previews, hub, poll=settings.poll, lag=measures.tail_lag())
        self.previews = Previews(stored_previews, wakeups.send)
        self.watcher = Watcher(log, hub, heartbeat=settings.heartbeat)
        self.newcomers = Newcomers(generations, poll=settings.poll)
        places = min(settings.llm_slots, settings.avatar_slots)
        acceptor = Acceptor(
            generations,
            history,
            Quotes(prices, catalog),
            self._accepted,
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
            writer=Writer(database, hub, self.previews, measures),
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
                tracing,
            ),
            recipes=recipes,
            timing=Timing(settings.lease, settings.poll, settings.text_pause, settings.time_limit),
            max_running=settings.max_running,
        )
        delivered = DeliveryStore(database)
        self.deliveries = Deliveries(delivered)
        self.queued = Queued(Queue(database, recipes), looks=bool(settings.metrics_listen))
        measures.watch(
            running=lambda: self.replica.running,
            watchers=lambda: hub.followers,
            queues=lambda: {"generation": self.queued.length, **slots.waiting()},
            connected=lambda: wakeups.connected,
        )
        self.retention = Retention(Trimming(database), settings.retention)
        self.line = Line(leases, generations, hub, history, recipes, places=places, now=now)
        control = Control(generations, leases, self.replica, hub, moved=wakeups.send, now=now)
        self.forgetter = Forgetter(Forgetting(database), control)
        self._servicers: Mapping[str, Any] = {
            "AgentService": AgentServicer(
                agents,
                creator,
                self.watcher,
                cards=Cards(agents, Imports(database), work),
                stopping=self.stopping,
            ),
            "GenerationService": GenerationServicer(
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
            ),
            "AssetService": AssetServicer(agents),
            "ArtifactService": ArtifactServicer(
                Artifacts(database),
                generations,
                snapshots,
                self.watcher,
                creator=ArtifactCreator(
                    catalog=catalog, acceptor=acceptor, max_tokens=settings.artifact_tokens
                ),
                stopping=self.stopping,
                heartbeat=settings.heartbeat,
            ),
            "ModelService": ModelServicer(catalog, prices),
            "RecipeService": RecipeServicer(
                RecipeRunner(custom, recipes, catalog=catalog, acceptor=acceptor),
                self.watcher,
                stopping=self.stopping,
            ),
            "TemplateService": TemplateServicer(templates),
            "ConversationService": ConversationServicer(
                conversations,
                memories,
                self.watcher,
                sender=Sender(conversations, agents, catalog=catalog, acceptor=acceptor),
                forgetter=self.forgetter,
                work=work,
                stopping=self.stopping,
            ),
        }

    def _accepted(self, events: Mapping[uuid.UUID, bytes]) -> None:
        """Generations were stored here, with such first events."""
        for generation, event in events.items():
            self._hub.accepted(generation, event)
        self.replica.wake()
        self.newcomers.wake()

    def heard(self, generations: Collection[uuid.UUID] | None) -> None:
        """Other replicas moved these generations; None: any of them may have moved."""
        self._hub.heard(generations)
        self.tail.wake(generations)
        self.replica.heard(generations)

    def tasks(self) -> list[Coroutine[Any, Any, None]]:
        """What runs for as long as the gateway does."""
        return [
            self.replica.run(),
            self.tail.run(),
            self.watcher.run(),
            self.previews.run(),
            self.newcomers.run(),
            self.line.run(),
            self.retention.run(),
            self.queued.run(),
            self.deliveries.run(),
            self.forgetter.run(),
        ]

    def add(self, server: grpc.aio.Server) -> None:
        """Registers the services."""
        for name, add in _ADDED.items():
            add(self._servicers[name], server)
