"""Whether somebody who means harm slows down who means none: through Envoy, beside each flood."""

import asyncio
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import grpc
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest, ListAgentsRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub

from tests.bench.figures import Figure, at_most, percentile
from tests.bench.flooding import KINDS
from tests.bench.house import House, a_house
from tests.support.gateway import KEY, token
from tests.support.process import module_process

ROUNDS, CALLS, PAUSE = 3, 150, 0.03
# Of what is usual.
_LIMIT = 2.0
_QUIET = "quiet"


@asynccontextmanager
async def a_strict_house(folder: Path) -> AsyncIterator[House]:
    """One that asks for tokens, with the usual limits, and four places at each engine."""
    key = folder / "key"
    await asyncio.to_thread(key.write_text, KEY)
    async with a_house(
        calls=100,
        HATCHERY_AUTH="jwt",
        HATCHERY_TOKEN_KEY_FILE=str(key),
        HATCHERY_OWNER_CALLS="200",
        HATCHERY_OWNER_CREATIONS="5",
        HATCHERY_OWNER_STREAMS="200",
        HATCHERY_OWNER_UNFINISHED="50",
        HATCHERY_OWNER_RUNNING="16",
        HATCHERY_LLM_SLOTS="4",
        HATCHERY_AVATAR_SLOTS="4",
    ) as house:
        yield house


@contextmanager
def flooded(house: House, kind: str) -> Iterator[None]:
    """A flood through Envoy, once the house has felt it, and for two seconds."""
    mallory = token(f"mallory-{uuid.uuid4()}", seconds=3600)
    with module_process("tests.bench.flooding", kind, house.envoy, mallory) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "reached\n"
        time.sleep(2)
        yield
        assert process.poll() is None


async def measure() -> list[Figure]:
    """Calls of one owner, one after the other: p99 under each flood to p99 without any."""
    seconds = defaultdict[str, list[float]](list)
    with tempfile.TemporaryDirectory() as folder:
        async with a_strict_house(Path(folder)) as house:
            await _served(house)  # everything is there and warm
            for _ in range(ROUNDS):
                for kind in (_QUIET, *KINDS):
                    seconds[kind] += await _beside(house, kind)
    usual = _p99(seconds[_QUIET])
    return [
        Figure("calls of a well-behaved client: p99, without a flood", usual * 1000, "ms"),
        *(
            at_most(f"the same beside {kind}, to that", _p99(seconds[kind]) / usual, "", _LIMIT)
            for kind in KINDS
        ),
    ]


def _p99(seconds: Sequence[float]) -> float:
    return percentile(seconds, 0.99)


async def _beside(house: House, kind: str) -> list[float]:
    """How long calls take beside a flood."""
    with ExitStack() as stack:
        if kind != _QUIET:
            stack.enter_context(flooded(house, kind))
        return await _served(house)


async def _served(house: House) -> list[float]:
    """The time of each call: the first event of a new companion, and a list of those there are."""
    seconds = []
    metadata = (("authorization", f"Bearer {token(f'alice-{uuid.uuid4()}', seconds=3600)}"),)
    async with grpc.aio.insecure_channel(house.envoy) as channel:
        stub = AgentServiceStub(channel)
        for number in range(CALLS):
            began = time.perf_counter()
            if number % 5 == 0:
                request = CreateAgentRequest(description="speak 20 2")
                call = stub.CreateAgent(request, metadata=metadata)
                await call.read()
                seconds.append(time.perf_counter() - began)
                call.cancel()
            else:
                await stub.ListAgents(ListAgentsRequest(), metadata=metadata)
                seconds.append(time.perf_counter() - began)
            await asyncio.sleep(PAUSE)
    return seconds
