"""The people of a run: they create, watch, come back and cancel, and write down what they hear."""

import asyncio
import random
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import grpc
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import artifact_service_pb2 as artifacts
from hatchery.gateway.v1 import conversation_service_pb2 as talks
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub
from hatchery.gateway.v1.artifact_service_pb2_grpc import ArtifactServiceStub
from hatchery.gateway.v1.conversation_service_pb2_grpc import ConversationServiceStub
from hatchery.gateway.v1.generation_service_pb2_grpc import GenerationServiceStub
from hatchery.progress.v1.progress_pb2 import Progress

from tests.faults.engines import UNHURRIED
from tests.faults.house import House
from tests.support.oracle import TERMINAL
from tests.support.pictures import as_file, at_dusk

# Longer without a word, heartbeats included, and a person comes back elsewhere, in seconds.
_SILENCE = 4.0
_PAUSE = 0.15
_PICTURE = as_file(at_dusk(), "JPEG")
# What may be told to somebody who did nothing wrong, while things break.
_PASSING = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)


@dataclass
class History:
    """What one client was told, over all its connections."""

    request_id: str
    generation: str = ""
    events: list[Progress] = field(default_factory=list)
    description: str = "a shy water dragon"
    picture: bytes = b""
    # Whether a text is written instead; or whom something is said to.
    writes: bool = False
    agent: str = ""
    cancel_answered: bool = False
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def last(self) -> int:
        """The sequence it stands at."""
        return next((e.sequence for e in reversed(self.events) if e.sequence), 0)

    @property
    def ended(self) -> bool:
        """Whether it heard the end."""
        return bool(self.events) and self.events[-1].WhichOneof("event") in TERMINAL

    def hear(self, event: Progress) -> None:
        """Writes an event down."""
        self.generation = event.generation or self.generation
        self.events.append(event)
        self.moved.set()
        self.moved = asyncio.Event()


class People:
    """Clients of all gateways of a house."""

    def __init__(self, house: House, luck: random.Random) -> None:
        self.histories: list[History] = []
        # What was answered that nobody should ever hear, whatever breaks.
        self.complaints: list[str] = []
        self._house = house
        self._luck = luck
        self._channels: dict[str, grpc.aio.Channel] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def hatch(self) -> History:
        """Creates one, with all that people do, and returns when it has ended for everybody."""
        history = self._history(str(uuid.uuid4()), f"{UNHURRIED} turtle", self._picture())
        history.writes = not history.picture and self._luck.random() < 0.4
        if not history.picture and not history.writes:
            history.agent = self._somebody()
        doings = [self.follow(history)]
        if history.writes and self._luck.random() < 0.5:
            doings.append(self._halt(history))
        if self._luck.random() < 0.2:  # the same request, at the same time, somewhere else
            doings.append(self.follow(self._same(history)))
        if self._luck.random() < 0.4:  # somebody who comes later, and sees all of it
            doings.append(self._look_later(history))
        if self._luck.random() < 0.1:
            doings.append(self._cancel(history))
        await asyncio.gather(*doings)
        return history

    def begin(self) -> History:
        """Creates one that is followed in the background; for whoever needs one to look at."""
        history = self._history(str(uuid.uuid4()), picture=self._picture())
        self._spawn(self.follow(history))
        return history

    async def crowd(self, count: int, stop: asyncio.Event) -> None:
        """Keeps `count` generations under way until it is told to stop, and sees them end."""

        async def one() -> None:
            while not stop.is_set():
                await self.hatch()

        await asyncio.gather(*(one() for _ in range(count)))

    async def finish(self) -> None:
        """Waits until everything begun has ended."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Lets go of all connections."""
        for task in list(self._tasks):
            task.cancel()
        for channel in self._channels.values():
            await channel.close()

    async def follow(self, history: History) -> None:
        """Follows to the end, over as many connections to as many gateways as it takes."""
        while not history.ended:
            channel = self._channel(self._luck.choice(self._house.gateways))
            if history.generation:
                watch = generations.WatchGenerationRequest(
                    name=history.generation, starting_after=history.last
                )
                call = GenerationServiceStub(channel).WatchGeneration(watch)
            else:
                call = _begin(channel, history)
            try:
                while True:
                    async with asyncio.timeout(_SILENCE):
                        event = await call.read()
                    if not isinstance(event, Progress):
                        break
                    history.hear(event)
            except TimeoutError:
                pass
            except grpc.aio.AioRpcError as error:
                self._passes(error)
            finally:
                call.cancel()
            if not history.ended:
                await asyncio.sleep(_PAUSE)

    async def _look_later(self, first: History) -> None:
        while not first.generation:
            await first.moved.wait()
        await asyncio.sleep(self._luck.uniform(0, 4))
        later = self._same(first)
        later.generation = first.generation
        await self.follow(later)

    async def _halt(self, history: History) -> None:
        """Pauses it for a while; whatever is lost on the way is asked for until it goes on."""
        while not history.generation:
            await history.moved.wait()
        await asyncio.sleep(self._luck.uniform(0, 4))
        pause = generations.PauseGenerationRequest(name=history.generation)
        resume = generations.ResumeGenerationRequest(name=history.generation)
        with suppress(grpc.aio.AioRpcError):
            channel = self._channel(self._luck.choice(self._house.gateways))
            await GenerationServiceStub(channel).PauseGeneration(pause, timeout=_SILENCE)
        while not history.ended:
            await asyncio.sleep(self._luck.uniform(0, 2))
            with suppress(grpc.aio.AioRpcError):
                channel = self._channel(self._luck.choice(self._house.gateways))
                await GenerationServiceStub(channel).ResumeGeneration(resume, timeout=_SILENCE)

    async def _cancel(self, history: History) -> None:
        while not history.generation:
            await history.moved.wait()
        await asyncio.sleep(self._luck.uniform(0, 4))
        while not history.cancel_answered:
            channel = self._channel(self._luck.choice(self._house.gateways))
            try:
                await GenerationServiceStub(channel).CancelGeneration(
                    generations.CancelGenerationRequest(name=history.generation), timeout=_SILENCE
                )
                history.cancel_answered = True
            except grpc.aio.AioRpcError as error:
                if error.code() is not grpc.StatusCode.DEADLINE_EXCEEDED:
                    self._passes(error)
                await asyncio.sleep(_PAUSE)

    def _passes(self, error: grpc.aio.AioRpcError) -> None:
        if error.code() not in _PASSING:
            self.complaints.append(f"{error.code()}: {error.details()}")

    def _history(
        self, request_id: str, description: str = "a shy water dragon", picture: bytes = b""
    ) -> History:
        history = History(request_id, description=description, picture=picture)
        self.histories.append(history)
        return history

    def _same(self, history: History) -> History:
        same = self._history(history.request_id, history.description, history.picture)
        same.writes, same.agent = history.writes, history.agent
        return same

    def _somebody(self) -> str:
        """A companion that has hatched, to talk with; nobody, while there is none."""
        hatched = {
            one.events[-1].completed.resource
            for one in self.histories
            if one.ended and one.events[-1].HasField("completed")
        }
        companions = sorted(name for name in hatched if name.startswith("agents/"))
        return self._luck.choice(["", *companions[-3:]])

    def _picture(self) -> bytes:
        """Something to go by, for every third."""
        return _PICTURE if self._luck.random() < 1 / 3 else b""

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _channel(self, gateway: str) -> grpc.aio.Channel:
        if gateway not in self._channels:
            options = [
                ("grpc.initial_reconnect_backoff_ms", 50),
                ("grpc.max_reconnect_backoff_ms", 200),
                ("grpc.use_local_subchannel_pool", 1),
                ("grpc.enable_http_proxy", 0),
            ]
            target = self._house.targets[gateway]
            self._channels[gateway] = grpc.aio.insecure_channel(target, options)
        return self._channels[gateway]


def _begin(channel: grpc.aio.Channel, history: History) -> Any:
    """The call that creates what a person wants, or attaches to it."""
    if history.writes:
        write = artifacts.CreateArtifactRequest(
            prompt=history.description, request_id=history.request_id
        )
        return ArtifactServiceStub(channel).CreateArtifact(write)
    if history.agent:
        say = talks.SendMessageRequest(
            agent=history.agent, text=history.description, request_id=history.request_id
        )
        return ConversationServiceStub(channel).SendMessage(say)
    create = agents.CreateAgentRequest(
        description=history.description,
        request_id=history.request_id,
        reference_image=history.picture,
    )
    return AgentServiceStub(channel).CreateAgent(create)
