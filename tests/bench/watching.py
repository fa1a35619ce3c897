"""Many watchers of one generation: how late they hear, what each costs, what stalled ones do."""

import asyncio
import functools
import statistics
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import grpc
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub
from hatchery.gateway.v1.generation_service_pb2 import WatchGenerationRequest
from hatchery.progress.v1.progress_pb2 import Progress

from tests.bench.figures import Figure, at_most, percentile
from tests.bench.house import a_house
from tests.bench.ways.engine import speaking
from tests.support.oracle import assert_story

WATCHERS, STALLED = 1000, 100
RATE, SECONDS = 20, 20
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
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(a_house())
        target = house.gateways[0]
        bare, relay = stack.enter_context(house.way("broadcast"))
        processes = house.processes[0], relay
        await _watched(target, await _hatching(target), 1)  # everything is there and warm
        await _watched(bare, _relaying(0), 1)
        idle = [process.memory_info().rss for process in processes]
        late, floor, alone, beside = [], [], [], []
        full: list[int] = []
        for number in range(1, ROUNDS + 1):
            late.append(await _watched(target, await _hatching(target), WATCHERS))
            floor.append(await _watched(bare, _relaying(number), WATCHERS))
            # What the first thousand needed: the next ones find it there.
            full = full or [process.memory_info().rss for process in processes]
            few = WATCHERS - STALLED
            alone.append(await _watched(target, await _hatching(target), few))
            beside.append(await _watched(target, await _hatching(target), few, STALLED))

    def ms(rounds: Iterable[Sequence[float]], share: float) -> float:
        return statistics.median(percentile(delays, share) for delays in rounds) * 1000

    each, floors_each = [(b - a) / 1024 / WATCHERS for a, b in zip(idle, full, strict=True)]
    stalled = statistics.median(
        percentile(b, 0.99) / percentile(a, 0.99) for a, b in zip(alone, beside, strict=True)
    )
    return [
        Figure("1,000 watchers, a bare relay: median", ms(floor, 0.5), "ms"),
        Figure("1,000 watchers, a bare relay: p99", ms(floor, 0.99), "ms"),
        Figure("1,000 watchers: median", ms(late, 0.5), "ms"),
        at_most("1,000 watchers: p99", ms(late, 0.99), "ms", 100),
        Figure("memory for each, a bare relay", floors_each, "KiB"),
        Figure("memory for each", each, "KiB"),
        at_most("memory for each, over the floor", each - floors_each, "KiB", 16),
        at_most("100 stalled beside 900: p99 of the others to without", stalled, "", 1.1),
    ]


async def _hatching(target: str) -> Open:
    """A generation that begins now."""
    async with grpc.aio.insecure_channel(target) as channel:
        request = CreateAgentRequest(description=f"speak {RATE} {RATE * SECONDS}")
        call = AgentServiceStub(channel).CreateAgent(request)
        watch = WatchGenerationRequest(name=(await call.read()).generation)
    return lambda channel: channel.unary_stream(
        _WATCH, request_serializer=WatchGenerationRequest.SerializeToString
    )(watch)


def _relaying(number: int) -> Open:
    """What a bare relay begins with the first who comes, and tells all."""
    request = speaking(RATE, RATE * SECONDS)
    request.seed = number + 1  # another one than the last
    return lambda channel: channel.unary_stream(
        _RELAY, request_serializer=type(request).SerializeToString
    )(request)


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
    assert len(said) == readers * RATE * SECONDS
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
