"""Streams over grpc-web, compressed and not: bytes, lateness, processor time and memory."""

import asyncio
import gzip
import statistics
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field

import psutil
from hatchery.gateway.v1.artifact_service_pb2 import Artifact, CreateArtifactRequest
from hatchery.gateway.v1.generation_service_pb2 import WatchGenerationRequest
from hatchery.progress.v1.progress_pb2 import Progress

from tests.bench.figures import Figure, at_most, percentile
from tests.bench.house import House, a_house
from tests.support.grpc_web import GrpcWebCall
from tests.support.oracle import assert_story

_CREATE = "/hatchery.gateway.v1.ArtifactService/CreateArtifact"
_WATCH = "/hatchery.gateway.v1.GenerationService/WatchGeneration"

# A long log, made at this rate, and how often it is read.
LONG, RATE, REPLAYS = 12_000, 400, 5
# Live: so many texts at once, of so many events a second, in rounds of so many seconds.
TEXTS, LIVE, SECONDS, ROUNDS = 10, 20, 12, 4
STREAMS = 1000


@dataclass
class Way:
    """What was seen of the streams of one way, compressed or plain."""

    bytes: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    envoy: list[float] = field(default_factory=list)
    gateway: list[float] = field(default_factory=list)


Ways = dict[bool, Way]  # by whether they are compressed


async def measure() -> list[Figure]:
    """Replays of a long log, texts as they are written, a thousand streams; each in both ways."""
    async with a_house() as house:
        replays, story = await _replays(house)
        live = await _live(house)
        memory = await _memory(house)
    packed, plain = replays[True], replays[False]
    each = [gzip.compress(event.SerializeToString(), 6) for event in story]
    size = sum(event.ByteSize() for event in story)
    return [
        Figure("events of the log", len(story), ""),
        Figure("bytes of an event over grpc-web", plain.bytes[0] / len(story), "B"),
        at_most("replay, compressed to plain: bytes", _ratio(replays, "bytes"), "", 0.5),
        Figure("the same: time", _ratio(replays, "seconds"), ""),
        Figure("the same: the gateway's processor time", _ratio(replays, "gateway"), ""),
        Figure("the same: Envoy's processor time", _ratio(replays, "envoy"), ""),
        Figure("Envoy's processor time of an event, plain", _each(plain, story), "µs"),
        Figure("the same, compressed", _each(packed, story), "µs"),
        at_most("live, compressed to plain: bytes", _ratio(live, "bytes"), "", 0.55),
        Figure("the same: Envoy's processor time", _ratio(live, "envoy"), ""),
        Figure("live, plain: median", percentile(live[False].late, 0.5) * 1e3, "ms"),
        Figure("live, compressed: median", percentile(live[True].late, 0.5) * 1e3, "ms"),
        Figure("live, plain: p99", percentile(live[False].late, 0.99) * 1e3, "ms"),
        Figure("live, compressed: p99", percentile(live[True].late, 0.99) * 1e3, "ms"),
        at_most("live, compressed over plain: median", _over(live, 0.5), "ms", 0.5),
        at_most("Envoy's memory of a stream, compressed over plain", memory, "KiB", 200),
        Figure(
            "each message compressed by itself, to plain: bytes", sum(map(len, each)) / size, ""
        ),
    ]


def _ratio(ways: Ways, name: str) -> float:
    """The median of the rounds of what is compressed, to that of what is plain."""
    packed, plain = (statistics.median(getattr(ways[one], name)) for one in (True, False))
    return float(packed / plain)


def _over(ways: Ways, share: float) -> float:
    packed, plain = (percentile(ways[one].late, share) for one in (True, False))
    return (packed - plain) * 1e3


def _each(way: Way, story: list[Progress]) -> float:
    return statistics.median(way.envoy) / len(story) * 1e6


async def _replays(house: House) -> tuple[Ways, list[Progress]]:
    """Readings of a log that has ended, in turns; and the log."""
    name = (await _read(_told(house, RATE, LONG)))[0].generation
    request = WatchGenerationRequest(name=name).SerializeToString()
    ways, story = {True: Way(), False: Way()}, []
    for number in range(2 * REPLAYS):
        way = ways[number % 2 == 0]
        with _times(house, way):
            call = GrpcWebCall(house.envoy, _WATCH, request, gzip=number % 2 == 0)
            async with call:
                messages = [message async for message in call]
        way.bytes.append(call.received)
        story = assert_story([Progress.FromString(message) for message in messages])
    return ways, story


async def _live(house: House) -> Ways:
    """Texts that are heard while they are written, in rounds of either way."""
    ways = {True: Way(), False: Way()}
    for number in range(2 * ROUNDS):
        way = ways[number % 2 == 0]

        async def hear(call: GrpcWebCall, way: Way) -> None:
            heard: list[tuple[int, bytes]] = []
            async with call:
                heard += [(time.time_ns(), message) async for message in call]
            way.bytes.append(call.received)
            for at, message in heard:
                said = Progress.FromString(message)
                if said.WhichOneof("event") in ("text_delta", "token_progress"):
                    way.late.append((at - said.emit_time.ToNanoseconds()) / 1e9)

        with _times(house, way):
            async with asyncio.TaskGroup() as group:
                for _ in range(TEXTS):
                    call = _told(house, LIVE, LIVE * SECONDS, packed=number % 2 == 0)
                    group.create_task(hear(call, way))
                    await asyncio.sleep(1 / LIVE / TEXTS)  # they are no chorus
    return ways


async def _memory(house: House) -> float:
    """How much more Envoy holds for each compressed stream than for a plain one, in KiB."""
    envoy, held = _envoy(), []
    for packed in (False, True):
        async with AsyncExitStack() as stack:
            first = _told(house, 1, 120)
            await stack.enter_async_context(first)
            event = Progress.FromString(await anext(aiter(first)))
            request = WatchGenerationRequest(name=event.generation).SerializeToString()
            for _ in range(STREAMS):
                call = GrpcWebCall(house.envoy, _WATCH, request, gzip=packed)
                await stack.enter_async_context(call)
                await anext(aiter(call))
            held.append(envoy.memory_info().rss)
    return (held[1] - held[0]) / 1024 / STREAMS


def _told(house: House, rate: int, count: int, *, packed: bool = True) -> GrpcWebCall:
    """A call that has a text told, at so many events a second."""
    request = CreateArtifactRequest(
        prompt=f"tell {rate} {count}", kind=Artifact.KIND_TEXT, max_tokens=32768
    )
    return GrpcWebCall(house.envoy, _CREATE, request.SerializeToString(), gzip=packed)


async def _read(call: GrpcWebCall) -> list[Progress]:
    async with call:
        return assert_story([Progress.FromString(message) async for message in call])


@contextmanager
def _times(house: House, way: Way) -> Iterator[None]:
    """Notes how long something takes, and what of it the processes do."""
    envoy, gateway = _envoy(), house.processes[0]
    began, before = time.monotonic(), (_spent(envoy), _spent(gateway))
    yield
    way.seconds.append(time.monotonic() - began)
    way.envoy.append(_spent(envoy) - before[0])
    way.gateway.append(_spent(gateway) - before[1])


def _spent(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _envoy() -> psutil.Process:
    """The one that the house has started."""
    (envoy,) = (child for child in psutil.Process().children() if "envoy" in child.name())
    return envoy
