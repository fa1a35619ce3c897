"""Many watchers of one generation: how late they hear, what each costs, what stalled ones do."""

import asyncio
import functools
import statistics
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import grpc
import psutil
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub
from hatchery.gateway.v1.generation_service_pb2 import WatchGenerationRequest
from hatchery.progress.v1.progress_pb2 import Progress

from tests.bench.figures import Figure, at_most, percentile
from tests.bench.house import a_house
from tests.bench.ways.engine import speaking
from tests.support.oracle import assert_story

WATCHERS, FEW, STALLED = 1000, 200, 100
# Events a second, and seconds; whoever is only counted hears little.
RATE, SLOW, SECONDS = 20, 1, 20
# Seconds after it began: when all watchers have come, and when it nears its end.
STEADY = (8, 18)
ROUNDS = 3
# Streams that share a connection, as those behind a proxy do.
_SHARING = 50
_WATCH = "/hatchery.gateway.v1.GenerationService/WatchGeneration"
_RELAY = "/hatchery.llm.v1.LlmService/Generate"
# Whoever stalls has room for a dozen events, and then stands still.
_NARROW = (("grpc.http2.lookahead_bytes", 1024), ("grpc.http2.bdp_probe", 0))

# The monotonic nanoseconds at which each message came, and the message.
Heard = list[tuple[int, bytes]]
# Begins to watch what was begun for it.
Open = Callable[[grpc.aio.Channel], Any]


async def measure() -> list[Figure]:
    """A thousand watchers beside as many of a bare relay; then fewer, with and without stalled."""
    late: dict[str, list[list[float]]] = defaultdict(list)
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(a_house())
        target = house.gateways[0]
        bare, relay = stack.enter_context(house.way("broadcast"))
        await _watched(target, await _hatching(target, RATE), 1)  # everything is there and warm
        await _watched(bare, _relaying(0, RATE), 1)
        hatcherys = await _memory(house.processes[0], target, await _hatching(target, SLOW))
        relays = await _memory(relay, bare, _relaying(0, SLOW))
        for number in range(1, ROUNDS + 1):
            for name, readers, stalled in (
                ("all", WATCHERS, 0),
                ("few", FEW, 0),
                ("both", FEW, STALLED),
            ):
                watch = await _hatching(target, RATE)
                late[name].append(await _watched(target, watch, readers, stalled))
            late["bare"].append(await _watched(bare, _relaying(number, RATE), WATCHERS))

    def ms(name: str, share: float) -> float:
        return statistics.median(percentile(delays, share) for delays in late[name]) * 1000

    stalled_to_without = statistics.median(
        percentile(b, 0.99) / percentile(a, 0.99)
        for a, b in zip(late["few"], late["both"], strict=True)
    )
    return [
        Figure("1,000 watchers, a bare relay: median", ms("bare", 0.5), "ms"),
        Figure("1,000 watchers, a bare relay: p99", ms("bare", 0.99), "ms"),
        Figure("1,000 watchers: median", ms("all", 0.5), "ms"),
        at_most("1,000 watchers: p99", ms("all", 0.99), "ms", 100),
        Figure(f"{FEW} watchers: median", ms("few", 0.5), "ms"),
        at_most(f"{FEW} watchers: p99", ms("few", 0.99), "ms", 100),
        at_most(f"100 stalled beside {FEW}: p99 to without", stalled_to_without, "", 1.1),
        Figure("memory of a watcher, a bare relay", relays, "KiB"),
        Figure("memory of a watcher", hatcherys, "KiB"),
        at_most("memory of a watcher over the floor", hatcherys - relays, "KiB", 16),
    ]


async def _hatching(target: str, rate: int) -> Open:
    """A generation that begins now."""
    async with grpc.aio.insecure_channel(target) as channel:
        request = CreateAgentRequest(description=f"speak {rate} {rate * SECONDS}")
        call = AgentServiceStub(channel).CreateAgent(request)
        watch = WatchGenerationRequest(name=(await call.read()).generation)
    return lambda channel: channel.unary_stream(
        _WATCH, request_serializer=WatchGenerationRequest.SerializeToString
    )(watch)


def _relaying(number: int, rate: int) -> Open:
    """What a bare relay begins with the first who comes, and tells all."""
    request = speaking(rate, rate * SECONDS)
    request.seed = number + 1  # another one than the last
    return lambda channel: channel.unary_stream(
        _RELAY, request_serializer=type(request).SerializeToString
    )(request)


async def _memory(process: psutil.Process, target: str, watch: Open) -> float:
    """What each of a thousand watchers costs who keep up, while they are there, in KiB."""
    before = process.memory_info().rss
    watching = asyncio.ensure_future(_watched(target, watch, WATCHERS))
    await asyncio.sleep(STEADY[1])
    during = process.memory_info().rss
    await watching
    return (during - before) / 1024 / WATCHERS


async def _watched(target: str, watch: Open, readers: int, stalled: int = 0) -> list[float]:
    """How late readers heard in the steady part, in seconds."""
    began = time.monotonic_ns()
    async with _channels(target, readers) as all_ears, _channels(target, stalled, *_NARROW) as none:
        waiting = [watch(channel) for channel in none]
        heard = await asyncio.gather(*(_hear(watch(channel)) for channel in all_ears))
        # Whoever stood still reads on now, and finds everything.
        later = await asyncio.gather(*map(_hear, waiting))
    parse = functools.cache(Progress.FromString)
    for messages in (*heard, *later):
        if parse(messages[0][1]).generation:
            assert_story([parse(message) for _, message in messages])
    first, last = (began + seconds * 10**9 for seconds in STEADY)
    said = [
        (at, int(parse(message).text_delta.text))
        for messages in heard
        for at, message in messages
        if parse(message).text_delta.text.isdigit()
    ]
    assert len({when for _, when in said}) * readers == len(said)
    return [(at - when) / 1e9 for at, when in said if first < when < last]


async def _hear(call: Any) -> Heard:
    # Parsed when all is over: here a thousand clients share one process with little time.
    return [(time.monotonic_ns(), message) async for message in call]


@asynccontextmanager
async def _channels(
    target: str, streams: int, *options: tuple[str, int]
) -> AsyncIterator[list[grpc.aio.Channel]]:
    """A channel for each stream; some share one, and with it a connection."""
    own = [("grpc.use_local_subchannel_pool", 1), *options]
    async with AsyncExitStack() as stack:
        channels = [
            await stack.enter_async_context(grpc.aio.insecure_channel(target, own))
            for _ in range(-(-streams // _SHARING))
        ]
        yield [channels[number // _SHARING] for number in range(streams)]
