"""How many durable events a second one replica sustains, everything on one machine."""

import itertools
import statistics
import time
from functools import partial

import grpc

from tests.bench.figures import Figure, at_least, percentile
from tests.bench.house import a_house
from tests.bench.load import GENERATIONS, STEADY, hatched, steadily

AIM = 8000
# A rate is sustained where the median p99 of so many tries is below this, in seconds.
ROUNDS, LIMIT = 3, 0.05
_FIRST, _STEP = 20, 1.2
# Of what was to be said, so much was.
_KEPT_UP = 0.98


async def measure() -> list[Figure]:
    """Fifty generations, each a fifth faster than before, until they come late, or too few."""
    seconds = STEADY[1] - STEADY[0]
    best = [0.0, 0.0, 0.0]
    async with a_house() as house, grpc.aio.insecure_channel(house.gateways[0]) as channel:
        watch, gateway = partial(hatched, channel), house.processes[0]
        for step in itertools.count():
            rate = round(_FIRST * _STEP**step)
            tries = []
            for _ in range(ROUNDS):
                began, before = time.monotonic(), sum(gateway.cpu_times()[:2])
                late = await steadily(watch, rate)
                busy = (sum(gateway.cpu_times()[:2]) - before) / (time.monotonic() - began)
                tries.append((len(late) / seconds, percentile(late, 0.99), busy))
            said, late99, busy = map(statistics.median, zip(*tries, strict=True))
            if late99 >= LIMIT or said < _KEPT_UP * rate * GENERATIONS:
                break
            best = [said, late99, busy]
    return [
        at_least("durable events a second with p99 under 50 ms", best[0], "events/s", AIM),
        Figure("the same: p99", best[1] * 1000, "ms"),
        Figure("the same: processor of the gateway", best[2] * 100, "%"),
    ]
