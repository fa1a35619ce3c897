"""What is kept in Postgres of a companion, and of a text, as the engines that come along make them.

Whole: events, snapshots, results of steps, pictures and indexes.
"""

import asyncio
import statistics
from collections.abc import Callable, Sequence

import asyncpg
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub
from hatchery.gateway.v1.artifact_service_pb2 import CreateArtifactRequest
from hatchery.gateway.v1.artifact_service_pb2_grpc import ArtifactServiceStub
from hatchery.progress.v1.progress_pb2 import Progress

from deploy.local.postgres import Postgres
from deploy.local.settings import LocalSettings
from deploy.local.stack import running
from deploy.local.state import StateFolder
from tests.bench.estimates import a_stack
from tests.bench.figures import Figure

# So many of each.
_BEINGS = ("owl", "fox", "ghost", "snail", "robot gardener", "water dragon", "mouse knight", "hen")


def measure() -> list[Figure]:
    """Weighs the database before and after some of each, on a stack of its own."""
    with a_stack() as channel:
        state = StateFolder.of(LocalSettings())
        stack = running(state)
        assert stack is not None
        url = Postgres(state, stack.ports["postgres"]).url
        agents, artifacts = AgentServiceStub(channel), ArtifactServiceStub(channel)

        def hatch(being: str) -> Sequence[Progress]:
            return list(agents.CreateAgent(CreateAgentRequest(description=f"a shy {being}")))

        def write(being: str) -> Sequence[Progress]:
            return list(
                artifacts.CreateArtifact(
                    CreateArtifactRequest(prompt=f"Write a short story about a {being}.")
                )
            )

        return [*_weighed("companion", hatch, url), *_weighed("text", write, url)]


def _weighed(name: str, make: Callable[[str], Sequence[Progress]], url: str) -> list[Figure]:
    make(_BEINGS[0])  # what tables have from the beginning on is nobody's
    before, lengths = asyncio.run(_size(url)), [len(make(being)) for being in _BEINGS]
    each = (asyncio.run(_size(url)) - before) / len(lengths)
    return [
        Figure(f"a {name}, in Postgres", each / 1024, "KiB"),
        Figure(f"a {name}: events, median", statistics.median(lengths), ""),
    ]


async def _size(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("VACUUM FULL")  # without what is there no more
        size: int = await connection.fetchval("SELECT pg_database_size(current_database())")
    finally:
        await connection.close()
    return size
