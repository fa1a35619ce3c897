"""How honest the numbers are: the bar against the time, and what remained against what was told."""

import itertools
import os
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import grpc
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest, PortraitOptions
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub
from hatchery.progress.v1.progress_pb2 import Progress

from deploy.local.settings import LocalSettings
from deploy.local.stack import start_in_background, stop
from deploy.local.state import StateFolder
from tests.bench.figures import Figure, at_most

# Runs of each kind before those that count, and how many of these.
LEARNED = 20
MEASURED = 5
SIZES = (0, 1024)
GAP_LIMIT = 0.05
_WORDS = ("shy", "brave", "grumpy", "sleepy", "curious", "merry")
_BEINGS = ("water dragon", "owl", "robot gardener", "mouse knight", "ghost", "fox", "snail wizard")
_DOINGS = ("who loves books", "who bakes bread at night", "", "with a tiny sword and a red scarf")


def measure() -> list[Figure]:
    """Hatches with the embedded engines, two sizes of portrait in turn."""
    rounds = list(_round())
    first, later = rounds[: MEASURED * len(SIZES)], rounds[LEARNED * len(SIZES) :]
    bar = "mean gap between the bar and the share of time passed"
    range_ = "the true remaining time lay within the range"
    return [
        Figure(f"{bar}, first runs", statistics.mean(gap(story) for story in first), ""),
        at_most(
            f"{bar}, after {LEARNED} of a kind",
            statistics.mean(gap(story) for story in later),
            "",
            GAP_LIMIT,
        ),
        Figure(f"{range_}, first runs", 100 * statistics.mean(map(within, first)), "%"),
        Figure(
            f"{range_}, after {LEARNED} of a kind", 100 * statistics.mean(map(within, later)), "%"
        ),
    ]


def _round() -> Iterator[Sequence[Progress]]:
    """The stories of all generations, on a stack of its own, one after another."""
    sentences = itertools.cycle(itertools.product(_WORDS, _BEINGS, _DOINGS))
    with a_stack() as channel:
        for _ in range(LEARNED + MEASURED):
            for size in SIZES:
                request = CreateAgentRequest(
                    description=f"a {' '.join(next(sentences))}",
                    portrait=PortraitOptions(width=size, height=size),
                )
                yield list(AgentServiceStub(channel).CreateAgent(request))


@contextmanager
def a_stack() -> Iterator[grpc.Channel]:
    """A local stack of its own, with nothing in its history."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # as root, Postgres runs as somebody else
        ports = ("port", "gateway_port", "llm_port", "avatar_port", "postgres_port")
        settings = LocalSettings(state_dir=Path(folder) / "state", **dict.fromkeys(ports, 0))
        os.environ["HATCHERY_STATE_DIR"] = str(settings.state_dir)
        address = start_in_background(settings).address.removeprefix("http://")
        try:
            with grpc.insecure_channel(address) as channel:
                yield channel
        finally:
            stop(StateFolder.of(settings))


def _timed(story: Sequence[Progress]) -> list[tuple[float, float, Progress]]:
    """Seconds since work began, and until its end, of every numbered event between the two."""
    began = next(e for e in story if e.HasField("started")).emit_time.ToNanoseconds()
    ended = story[-1].emit_time.ToNanoseconds()
    return [
        ((at - began) / 1e9, (ended - at) / 1e9, event)
        for event in story
        if event.sequence and began < (at := event.emit_time.ToNanoseconds()) < ended
    ]


def gap(story: Sequence[Progress]) -> float:
    """The mean distance of the bar from the share of time that had passed, over time."""
    timed = _timed(story)
    total = timed[0][0] + timed[0][1]
    # The bar stands where it is until the next event.
    spans = [
        (later[0] - passed, abs(event.fraction - (passed + later[0]) / 2 / total))
        for (passed, _, event), later in itertools.pairwise(timed)
    ]
    return sum(span * gap for span, gap in spans) / sum(span for span, _ in spans)


def within(story: Sequence[Progress]) -> float:
    """The share of estimates within whose range the truth lay."""
    told = [
        (left, event.remaining) for _, left, event in _timed(story) if event.HasField("remaining")
    ]
    return statistics.mean(
        estimate.low.ToTimedelta().total_seconds()
        <= left
        <= estimate.high.ToTimedelta().total_seconds()
        for left, estimate in told
    )
