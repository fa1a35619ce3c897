"""What was made is fetched from a server that is away for a moment, or refuses."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from click.testing import CliRunner, Result
from hatchery.gateway.v1 import (
    agent_service_pb2_grpc,
    artifact_service_pb2_grpc,
    asset_service_pb2_grpc,
    generation_service_pb2_grpc,
)
from hatchery.gateway.v1.agent_service_pb2 import Agent
from hatchery.gateway.v1.artifact_service_pb2 import Artifact, Comparison
from hatchery.gateway.v1.asset_service_pb2 import DownloadAssetResponse
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.types.v1.image_pb2 import ImageRef

from clients.cli.main import hatchery
from tests.unit.cli import events as e

OTHER = "generations/2b0f2c1e-8e0c-4a8e-9d3e-0123456789ab"
COMPARISON = "comparisons/4b0f2c1e-8e0c-4a8e-9d3e-0123456789ab"
TEXT = "The sea is wide."
AWAY, GONE = grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.PERMISSION_DENIED


class Play(
    agent_service_pb2_grpc.AgentServiceServicer,
    artifact_service_pb2_grpc.ArtifactServiceServicer,
    asset_service_pb2_grpc.AssetServiceServicer,
    generation_service_pb2_grpc.GenerationServiceServicer,
):
    """Tells whole stories, and then fails each kind of read as often as is said, with a code."""

    def __init__(self) -> None:
        self.address = ""
        self.code = AWAY
        self.fails: dict[str, int] = {}
        self.asked: list[str] = []

    async def _ask(self, rpc: str, context: Any) -> None:
        self.asked.append(rpc)
        if self.fails.get(rpc, 0):
            self.fails[rpc] -= 1
            await context.abort(self.code, "not now")

    async def CreateAgent(self, request: Any, context: Any) -> None:
        for event in e.hatching():
            await context.write(event)

    async def CreateArtifact(self, request: Any, context: Any) -> None:
        for event in e.writing():
            await context.write(event)

    async def CreateComparison(self, request: Any, context: Any) -> None:
        for name in (e.GENERATION, OTHER):
            for event in e.writing():
                event.generation = name
                await context.write(event)

    async def GetAgent(self, request: Any, context: Any) -> Agent:
        await self._ask("GetAgent", context)
        return Agent(name=e.AGENT, portrait=ImageRef(asset="assets/00", media_type="image/png"))

    async def GetArtifact(self, request: Any, context: Any) -> Artifact:
        await self._ask("GetArtifact", context)
        return Artifact(name=request.name, generation=e.GENERATION, content=TEXT)

    async def GetComparison(self, request: Any, context: Any) -> Comparison:
        await self._ask("GetComparison", context)
        found = Comparison(name=COMPARISON)
        for name in (e.GENERATION, OTHER):
            found.entries.add(
                generation=name, artifact=e.ARTIFACT, state=Generation.STATE_COMPLETED
            )
        return found

    async def GetGeneration(self, request: Any, context: Any) -> Generation:
        await self._ask("GetGeneration", context)
        return Generation(name=request.name, comparison=COMPARISON)

    async def DownloadAsset(self, request: Any, context: Any) -> None:
        await self._ask("DownloadAsset", context)
        await context.write(DownloadAssetResponse(data=b"a picture"))


@pytest.fixture
async def play() -> AsyncIterator[Play]:
    """A server that plays."""
    server, play = grpc.aio.server(), Play()
    agent_service_pb2_grpc.add_AgentServiceServicer_to_server(play, server)
    artifact_service_pb2_grpc.add_ArtifactServiceServicer_to_server(play, server)
    asset_service_pb2_grpc.add_AssetServiceServicer_to_server(play, server)
    generation_service_pb2_grpc.add_GenerationServiceServicer_to_server(play, server)
    play.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    yield play
    await server.stop(0)


async def run(play: Play, *arguments: str) -> Result:
    """The command in this process, in a pipe."""
    environment = {"HATCHERY_ADDRESS": play.address, "HATCHERY_TOKEN": ""}
    return await asyncio.to_thread(CliRunner().invoke, hatchery, list(arguments), env=environment)


async def test_a_text_is_fetched_from_a_server_that_was_away(play: Play) -> None:
    """Each read is made again, and the text is there."""
    play.fails = {"GetArtifact": 1, "GetGeneration": 1}
    done = await run(play, "write", "a poem")
    assert (0, f"{TEXT}\n") == (done.exit_code, done.stdout), done.output
    assert ["GetArtifact"] * 2 + ["GetGeneration"] * 2 == play.asked
    assert "The connection was lost" not in done.stderr


async def test_a_companion_is_fetched_with_its_portrait(play: Play, tmp_path: Any) -> None:
    """The picture is a stream, and is tried again all the same."""
    play.fails = {"GetAgent": 1, "DownloadAsset": 1}
    done = await run(play, "hatch", "a dragon", "-o", str(tmp_path / "x.png"))
    assert 0 == done.exit_code, done.output
    assert b"a picture" == (tmp_path / "x.png").read_bytes()


async def test_a_comparison_is_fetched_too(play: Play) -> None:
    """Its table and its texts are there."""
    play.fails = {"GetArtifact": 1}
    done = await run(play, "write", "a poem", "--model", "a", "--model", "b")
    assert (0, 2) == (done.exit_code, done.stdout.count(TEXT)), done.output


async def test_what_cannot_be_fetched_was_made(play: Play) -> None:
    """It is said, with its name and what fetches it; nothing of watching or cancelling."""
    play.code, play.fails = GONE, {"GetArtifact": 9}
    done = await run(play, "write", "a poem")
    assert (1, "") == (done.exit_code, done.stdout)
    assert f"hatchery: {e.ARTIFACT} was made; " in done.stderr
    fetch = f"hatchery artifacts show {e.ARTIFACT.partition('/')[2]} --address {play.address}"
    assert f"  to fetch it:\n    {fetch}\n" in done.stderr
    assert not any(word in done.stderr for word in ("hatchery watch", "cancel", "may go on"))
    done = await run(play, "write", "a poem", "--model", "a", "--model", "b")
    assert 1 == done.exit_code
    assert "hatchery: all have ended; " in done.stderr
    assert f"hatchery comparisons show {COMPARISON.partition('/')[2]}" in done.stderr
    assert "hatchery watch" not in done.stderr
