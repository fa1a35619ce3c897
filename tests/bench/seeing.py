"""What it costs that everything is measured: the same load with metrics and without."""

import asyncio
import statistics
import urllib.request
from collections import defaultdict
from contextlib import AsyncExitStack
from functools import partial

import grpc
import psutil

from tests.bench.figures import Figure, at_most
from tests.bench.house import a_house
from tests.bench.load import CROWD, MANY, Watch, flat_out, hatched
from tests.support.ports import free_port

ROUNDS = 7
# Seconds between two readings, as of an eager Prometheus.
_READ_EVERY = 2.0


async def measure() -> list[Figure]:
    """Two houses, of which one is measured and read, under the same load in turn.

    The processor's time says it more surely than the rate, which others on the machine share in.
    """
    rates, busy = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    listen = f"127.0.0.1:{free_port()}"
    async with AsyncExitStack() as stack:
        off = await stack.enter_async_context(a_house())
        on = await stack.enter_async_context(a_house(HATCHERY_METRICS_LISTEN=listen))
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
    figures = []
    for name in ways:
        figures += [
            Figure(f"flat out, {name} metrics", statistics.median(rates[name]), "events/s"),
            Figure("the same: processor of the gateway", statistics.median(busy[name]), "µs/event"),
        ]
    ratio = statistics.median(a / b for a, b in zip(busy["with"], busy["without"], strict=True))
    return [*figures, at_most("with metrics to without: processor", ratio, "", 1.05)]


async def _read(listen: str) -> None:
    """Reads for ever, as Prometheus does."""

    def read() -> bytes:
        with urllib.request.urlopen(f"http://{listen}/metrics", timeout=30) as answer:
            said: bytes = answer.read()
            return said

    while True:
        await asyncio.to_thread(read)
        await asyncio.sleep(_READ_EVERY)
