"""How many durable events a second one replica sustains, everything on one machine."""

import itertools
import statistics
from functools import partial

import grpc

from tests.bench.figures import Figure, at_least, percentile
from tests.bench.house import a_house
from tests.bench.load import GENERATIONS, SECONDS, hatched, steadily

AIM = 8000
# A rate is sustained where the median p99 of so many tries is below this, in seconds.
ROUNDS, LIMIT = 3, 0.05
_FIRST, _STEP = 20, 1.2


async def measure() -> list[Figure]:
    """Fifty generations, each a fifth faster than before, until they come late."""
    async with a_house() as house, grpc.aio.insecure_channel(house.gateways[0]) as channel:
        watch, gateway = partial(hatched, channel), house.processes[0]
        sustained, late, busy = 0, 0.0, 0.0
        for step in itertools.count():
            rate = round(_FIRST * _STEP**step)
            tries = []
            for _ in range(ROUNDS):
                before = sum(gateway.cpu_times()[:2])
                tries.append(percentile(await steadily(watch, rate), 0.99))
                share = (sum(gateway.cpu_times()[:2]) - before) / SECONDS
            if statistics.median(tries) >= LIMIT:
                break
            sustained, late, busy = rate * GENERATIONS, statistics.median(tries), share
    return [
        at_least("durable events a second with p99 under 50 ms", sustained, "events/s", AIM),
        Figure("the same: p99", late * 1000, "ms"),
        Figure("the same: processor of the gateway", 100 * busy, "%"),
    ]
