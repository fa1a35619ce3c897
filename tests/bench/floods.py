"""Whether somebody who means harm slows down who means none: through Envoy, beside each flood."""

import asyncio
import random
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from pathlib import Path

import grpc
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest, ListAgentsRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub

from tests.bench.figures import Figure, at_least, at_most, percentile
from tests.bench.flooding import KINDS
from tests.bench.house import House, a_house
from tests.support.gateway import KEY, token
from tests.support.postgres import connected
from tests.support.process import module_process
from tests.support.resting import until_at_rest

# A p99 of a few hundred calls is a few slow ones, and tells what else the machine did.
ROUNDS, CALLS, PAUSE = 6, 120, 0.05
# Of what is usual.
_LIMIT = 2.0
_QUIET, _AGAIN = "no flood", "no flood, again"


@asynccontextmanager
async def a_strict_house(folder: Path) -> AsyncIterator[House]:
    """One that asks for tokens, with the usual limits, and four places at each engine."""
    key = folder / "key"
    await asyncio.to_thread(key.write_text, KEY)
    async with a_house(
        calls=100,
        HATCHERY_AUTH="jwt",
        HATCHERY_TOKEN_KEY_FILE=str(key),
        HATCHERY_TEXT_PAUSE="0.05",
        HATCHERY_OWNER_BYTES=str(8 * 1024 * 1024),
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
def flooded(house: House, kind: str, *priority: str) -> Iterator[list[float]]:
    """A flood through Envoy, once the house has felt it, and for two seconds.

    `priority` is "idle", or nothing. In the list is, behind the block, how much of it there was a
    second.
    """
    rates: list[float] = []
    mallory = token(f"mallory-{uuid.uuid4()}", seconds=3600)
    with module_process("tests.bench.flooding", kind, house.envoy, mallory, *priority) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "reached\n"
        done = [int(process.stdout.readline()) for _ in range(2)]
        yield rates
        assert process.poll() is None
        process.terminate()
        done += [int(line) for line in process.stdout]
        rates.append((done[-1] - done[0]) / (len(done) - 1))


async def measure() -> list[Figure]:
    """Calls of one owner, one after the other: p99 under each flood to p99 without any."""
    seconds = defaultdict[str, list[float]](list)
    rates = defaultdict[str, list[float]](list)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            a_strict_house(Path(folder)) as house,
            connected(house.database) as connection,
        ):
            await _served(house)  # everything is there and warm
            for number in range(ROUNDS):
                # Each comes after each other one, whatever that left behind.
                kinds = random.Random(number).sample((_QUIET, _AGAIN, *KINDS), 2 + len(KINDS))
                for kind in kinds:
                    # Whoever means harm has another machine: what they need of this one is none.
                    with flooded(house, kind, "idle") if kind in KINDS else nullcontext([]) as rate:
                        seconds[kind] += await _served(house)
                    rates[kind] += rate
                    await until_at_rest(connection, 60)
    usual = _p99(seconds[_QUIET])
    return [
        Figure("calls of a well-behaved client: p99, without a flood", usual * 1000, "ms"),
        Figure("the same a second time, to that", _p99(seconds[_AGAIN]) / usual, ""),
        *(
            at_most(f"the same beside {kind}, to that", _p99(seconds[kind]) / usual, "", _LIMIT)
            for kind in KINDS
        ),
        *(
            at_least(f"{kind}, the least in any round", min(rates[kind]), "a second", least)
            for kind, (_, least) in KINDS.items()
        ),
    ]


def _p99(seconds: Sequence[float]) -> float:
    return percentile(seconds, 0.99)


async def _served(house: House) -> list[float]:
    """The time of each call: the first event of a new companion, and a list of those there are.

    She keeps within what anybody may do: less than five companions a second.
    """
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
