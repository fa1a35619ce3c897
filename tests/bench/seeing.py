"""What it costs to see what goes on: the same load with metrics and traces, and without."""

import asyncio
import statistics
import urllib.request
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial

import grpc
import psutil

from tests.bench.figures import Figure, at_least, at_most
from tests.bench.house import a_house
from tests.bench.load import CROWD, MANY, Watch, flat_out, hatched
from tests.support.collector import collecting
from tests.support.ports import free_port

ROUNDS = 7
# Seconds between two readings of the metrics, as deploy/monitoring has them read.
_READ_EVERY = 15.0


async def measure() -> list[Figure]:
    """Two houses under the same load in turn; all of one's metrics are read, and all traces taken.

    The processor's time says it more surely than the rate, which others on the machine share in:
    the collector is one of them.
    """
    rates, busy = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    listen = f"127.0.0.1:{free_port()}"
    async with AsyncExitStack() as stack:
        off = await stack.enter_async_context(a_house())
        collector = await stack.enter_async_context(collecting())
        seen = {"HATCHERY_METRICS_LISTEN": listen, "HATCHERY_TRACES": collector.endpoint}
        on = await stack.enter_async_context(a_house(**seen))
        ways: dict[str, tuple[Watch, psutil.Process]] = {}
        for name, house in (("without", off), ("with", on)):
            channel = grpc.aio.insecure_channel(house.gateways[0])
            way = partial(hatched, await stack.enter_async_context(channel))
            ways[name] = way, house.processes[0]
            await flat_out(way)  # everything is there and warm
        reading = asyncio.ensure_future(_read(listen))
        for _ in range(ROUNDS):
            for name, (watch, gateway) in ways.items():
                before = sum(gateway.cpu_times()[:2])
                rates[name].append(await flat_out(watch))
                seconds = sum(gateway.cpu_times()[:2]) - before
                busy[name].append(seconds / (CROWD * MANY) * 1e6)
        reading.cancel()
        assert collector.spans
    figures = []
    for name in ways:
        figures += [
            Figure(f"flat out, {name} all to see", statistics.median(rates[name]), "events/s"),
            Figure("the same: processor of the gateway", statistics.median(busy[name]), "µs/event"),
        ]
    return [
        *figures,
        at_least("with all to without: events/s", _ratio(rates), "", 0.9),
        at_most("the same: processor of the gateway", _ratio(busy), "", 1.1),
    ]


def _ratio(figures: Mapping[str, Sequence[float]]) -> float:
    """Round by round, the median."""
    pairs = zip(figures["with"], figures["without"], strict=True)
    return statistics.median(a / b for a, b in pairs)


async def _read(listen: str) -> None:
    """Reads for ever, as Prometheus does."""

    def read() -> bytes:
        with urllib.request.urlopen(f"http://{listen}/metrics", timeout=30) as answer:
            said: bytes = answer.read()
            return said

    while True:
        await asyncio.to_thread(read)
        await asyncio.sleep(_READ_EVERY)
