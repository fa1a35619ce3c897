"""A whole gateway in the test's own process, on a real port, over a real Postgres."""

import datetime as dt
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import jwt
from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub
from hatchery.gateway.v1.artifact_service_pb2 import (
    Artifact,
    CreateArtifactRequest,
    GetArtifactRequest,
)
from hatchery.gateway.v1.artifact_service_pb2_grpc import ArtifactServiceStub
from hatchery.gateway.v1.asset_service_pb2_grpc import AssetServiceStub
from hatchery.gateway.v1.conversation_service_pb2 import SendMessageRequest
from hatchery.gateway.v1.conversation_service_pb2_grpc import ConversationServiceStub
from hatchery.gateway.v1.generation_service_pb2_grpc import GenerationServiceStub
from hatchery.gateway.v1.model_service_pb2_grpc import ModelServiceStub
from hatchery.gateway.v1.recipe_service_pb2 import RunRecipeRequest
from hatchery.gateway.v1.recipe_service_pb2_grpc import RecipeServiceStub
from hatchery.gateway.v1.template_service_pb2_grpc import TemplateServiceStub
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.app import running_gateway
from services.gateway.recipes.installed.adapting import Installed
from services.gateway.settings import GatewaySettings
from services.gateway.wakeups import WakeUps
from services.runtime.tls import Certificates, channel_credentials
from tests.support.scripted import Engines

KEY = "a key that is used in tests and nowhere else"


def token(subject: str, *, seconds: float = 600, key: str = KEY, **claims: Any) -> str:
    """A bearer token for an owner; a claim that is None is left out."""
    expires = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
    meant = {"iss": "hatchery", "aud": "hatchery"}
    said = {"sub": subject, "exp": expires} | meant | claims
    left = {name: value for name, value in said.items() if value is not None}
    return jwt.encode(left, key, algorithm="HS256")


@dataclass
class Client:
    """Stubs of every service, for one owner."""

    channel: grpc.aio.Channel
    owner: str = ""
    # Where the gateway listens, for channels that outlive this one.
    target: str = ""

    def __post_init__(self) -> None:
        self.agents = AgentServiceStub(self.channel)
        self.artifacts = ArtifactServiceStub(self.channel)
        self.conversations = ConversationServiceStub(self.channel)
        self.generations = GenerationServiceStub(self.channel)
        self.assets = AssetServiceStub(self.channel)
        self.models = ModelServiceStub(self.channel)
        self.recipes = RecipeServiceStub(self.channel)
        self.templates = TemplateServiceStub(self.channel)

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """The authorization header of the owner; none for the local one."""
        return (("authorization", f"Bearer {token(self.owner)}"),) if self.owner else ()

    def as_owner(self, owner: str) -> "Client":
        """The same connection as another owner."""
        return Client(self.channel, owner, self.target)

    async def hatch(self, description: str = "a shy water dragon", **fields: Any) -> list[Progress]:
        """Creates an agent and returns the whole stream."""
        request = CreateAgentRequest(description=description, **fields)
        return [e async for e in self.agents.CreateAgent(request, metadata=self.metadata)]

    async def write(self, prompt: str = "a poem about tides", **fields: Any) -> list[Progress]:
        """Creates an artifact and returns the whole stream."""
        request = CreateArtifactRequest(prompt=prompt, **fields)
        return [e async for e in self.artifacts.CreateArtifact(request, metadata=self.metadata)]

    async def begin_writing(self, prompt: str = "a poem about tides", **fields: Any) -> str:
        """Begins an artifact, leaves its stream after the first event; returns its generation."""
        request = CreateArtifactRequest(prompt=prompt, request_id=str(uuid.uuid4()), **fields)
        call = self.artifacts.CreateArtifact(request, metadata=self.metadata)
        first = await call.read()
        call.cancel()
        assert isinstance(first, Progress)
        return first.generation

    async def run(self, recipe: str, given: Mapping[str, Any], **fields: Any) -> list[Progress]:
        """Runs a recipe that was installed and returns the whole stream."""
        request = RunRecipeRequest(name=f"recipes/{recipe}", **fields)
        request.input.update(given)
        return [e async for e in self.recipes.RunRecipe(request, metadata=self.metadata)]

    async def say(self, text: str = "Hello!", **fields: Any) -> list[Progress]:
        """Sends a message and returns the whole stream."""
        request = SendMessageRequest(text=text, **fields)
        return [e async for e in self.conversations.SendMessage(request, metadata=self.metadata)]

    async def begin_saying(self, text: str = "Hello!", **fields: Any) -> str:
        """Sends a message, leaves its stream after the first event; returns its generation."""
        request = SendMessageRequest(text=text, request_id=str(uuid.uuid4()), **fields)
        call = self.conversations.SendMessage(request, metadata=self.metadata)
        first = await call.read()
        call.cancel()
        assert isinstance(first, Progress)
        return first.generation

    async def artifact(self, name: str) -> Artifact:
        """Reads an artifact."""
        found: Artifact = await self.artifacts.GetArtifact(
            GetArtifactRequest(name=name), metadata=self.metadata
        )
        return found

    async def start(self, description: str = "a shy water dragon", **fields: Any) -> str:
        """Begins a generation, leaves its stream after the first event; returns its name."""
        request = CreateAgentRequest(
            description=description, request_id=str(uuid.uuid4()), **fields
        )
        call = self.agents.CreateAgent(request, metadata=self.metadata)
        first = await call.read()
        call.cancel()
        assert isinstance(first, Progress)
        return first.generation

    async def watch(
        self,
        generation: str,
        after: int = 0,
        until: Callable[[Progress], bool] = lambda _: False,
    ) -> list[Progress]:
        """Watches a generation to its end, or up to the first event that is waited for."""
        request = pb.WatchGenerationRequest(name=generation, starting_after=after)
        call = self.generations.WatchGeneration(request, metadata=self.metadata)
        seen = []
        async for event in call:
            seen.append(event)
            if until(event):
                break
        call.cancel()
        return seen

    async def get(self, generation: str) -> pb.Generation:
        """The snapshot."""
        request = pb.GetGenerationRequest(name=generation)
        found: pb.Generation = await self.generations.GetGeneration(request, metadata=self.metadata)
        return found

    async def cancel(self, generation: str) -> pb.CancelGenerationResponse:
        """Asks for the end."""
        request = pb.CancelGenerationRequest(name=generation)
        answer: pb.CancelGenerationResponse = await self.generations.CancelGeneration(
            request, metadata=self.metadata
        )
        return answer

    async def pause(self, generation: str) -> pb.PauseGenerationResponse:
        """Asks to halt."""
        request = pb.PauseGenerationRequest(name=generation)
        answer: pb.PauseGenerationResponse = await self.generations.PauseGeneration(
            request, metadata=self.metadata
        )
        return answer

    async def resume(self, generation: str) -> pb.ResumeGenerationResponse:
        """Asks to go on."""
        request = pb.ResumeGenerationRequest(name=generation)
        answer: pb.ResumeGenerationResponse = await self.generations.ResumeGeneration(
            request, metadata=self.metadata
        )
        return answer


@asynccontextmanager
async def gateway(
    database_url: str,
    engines: Engines,
    folder: Path,
    wakeups: WakeUps | None = None,
    custom: Sequence[Installed] = (),
    **settings: Any,
) -> AsyncIterator[Client]:
    """Runs a gateway with short pauses; yields a client of the local owner."""
    key_file = folder / "key"
    key_file.write_text(KEY)
    defaults: dict[str, Any] = {
        "listen": "127.0.0.1:0",
        "stop_grace": 1.0,
        "database_url": database_url,
        "llm_target": engines.llm_target,
        "avatar_target": engines.avatar_target,
        "token_key_file": key_file,
        "lease": 5.0,
        "owner_creations": 1e6,
        "owner_streams": 100_000,
        "owner_bytes": 10**9,
        "poll": 0.2,
        "reflection": True,
    }
    async with (
        running_gateway(GatewaySettings(**(defaults | settings)), wakeups, custom) as server,
        _channel(target := f"127.0.0.1:{server.port}", settings.get("tls")) as channel,
    ):
        yield Client(channel, target=target)


def _channel(target: str, tls: Path | None) -> grpc.aio.Channel:
    """A connection, with the certificates in a folder where there is one."""
    if tls is None:
        return grpc.aio.insecure_channel(target)
    return grpc.aio.secure_channel(target, channel_credentials(Certificates(tls).current()))
