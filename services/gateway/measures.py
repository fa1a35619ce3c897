"""Measures what a gateway does, as the metrics say that it is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hatchery.types.v1.model_pb2 import Model

from services.gateway import metrics
from services.gateway.reducer.expected import Expected
from services.gateway.reducer.pace import Paced
from services.gateway.store.times import Run
from services.runtime.tally import Tally
from services.runtime.telemetry import Telemetry

_OPERATIONS = {"llm": "chat", "avatar": "generate_content"}
# Seconds: what is done in less has no error of its estimate worth telling, as in the statistics.
_TOO_SHORT = 0.2
# Why a generation was let go of, and how another runner came to have it.
FENCED, STORE_LOST = "fenced", "store_lost"
EXPIRED, HANDED_OVER = "expired", "handed_over"


@dataclass(frozen=True, slots=True)
class Commits:
    """What is counted of the commits of one kind: how long each took, and its events."""

    seconds: Tally
    events: Tally

    def add(self, seconds: float, events: int) -> None:
        """Counts one."""
        self.seconds.add(seconds)
        self.events.add(events)


class Measures:
    """Tells the instruments what happens."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self._steps = telemetry.histogram(metrics.STEP_DURATION)
        self._gaps = telemetry.tallies(metrics.UPDATE_GAP)
        self._rates = telemetry.histogram(metrics.TOKEN_RATE)
        self._fallbacks = telemetry.counter(metrics.FALLBACKS)
        self._failures = telemetry.counter(metrics.FAILURES)
        self._operations = telemetry.histogram(metrics.OPERATION)
        self._tokens = telemetry.histogram(metrics.TOKEN_USAGE)
        self._generations = telemetry.histogram(metrics.GENERATION_DURATION)
        self._queues = telemetry.histogram(metrics.QUEUE_DURATION)
        self._streams = telemetry.level(metrics.STREAMS)
        self._ended = telemetry.counter(metrics.STREAMS_ENDED)
        self._latency = telemetry.tallies(metrics.LATENCY)
        self._estimates = telemetry.histogram(metrics.ESTIMATE)
        self._first_chunks = telemetry.histogram(metrics.FIRST_CHUNK)
        self._first_events = telemetry.tallies(metrics.FIRST_EVENT)
        self._tail = telemetry.tallies(metrics.TAIL_LAG)
        self._losses = telemetry.counter(metrics.LEASE_LOSSES)
        self._takeovers = telemetry.counter(metrics.TAKEOVERS)
        self._commits = telemetry.tallies(metrics.COMMIT_DURATION)
        self._committed = telemetry.tallies(metrics.COMMIT_EVENTS)
        # What is rare stands at 0 until it happens: a rise from nothing at all is seen by nobody.
        for cause in (FENCED, STORE_LOST):
            self._losses.add(0, {"hatchery.cause": cause})
        for cause in (EXPIRED, HANDED_OVER):
            self._takeovers.add(0, {"hatchery.cause": cause})

    def step_done(
        self,
        recipe: str,
        step: str,
        service: str,
        run: Run,
        paced: Paced,
        *,
        expected: Expected,
        reason: str,
    ) -> None:
        """A step has its result; `service` did its work, `reason` is why it fell back."""
        here = _attributes(metrics.STEP, recipe, step)
        model = _attributes(metrics.MODEL, run.engine, run.model)
        self._gaps.of(recipe, step).add_sorted(paced.gaps)
        self._steps.record(run.worked, here | model)
        if run.fallback:
            why = {"hatchery.substitute": run.fallback, "error.type": reason}
            self._fallbacks.add(1, here | model | why)
        elif run.engine:
            call = _call(service, run.engine, run.model)
            self._operations.record(run.worked, call)
            for kind, tokens in (("input", run.input_tokens), ("output", run.output_tokens)):
                if tokens:
                    self._tokens.record(tokens, call | {"gen_ai.token.type": kind})
        if run.rate is not None:
            self._rates.record(run.rate, here | model)
        if not run.fallback and expected.seconds > 0 and run.seconds >= _TOO_SHORT:
            basis = {"hatchery.estimate.basis": "history" if expected.runs else "guess"}
            self._estimates.record(run.seconds / expected.seconds, here | basis)

    def first_chunk(self, service: str, model: Model | None, seconds: float) -> None:
        """A service showed the first of its work, so many seconds after a try of a step began."""
        if model is not None:
            self._first_chunks.record(seconds, _call(service, model.engine, model.name))

    def step_failed(self, recipe: str, step: str, engine: str, model: str, reason: str) -> None:
        """A try of a step failed."""
        attributes = _attributes(metrics.FAILURES.attributes, recipe, step, engine, model, reason)
        self._failures.add(1, attributes)

    def generation_ended(self, recipe: str, state: str, reason: str, seconds: float) -> None:
        """A generation ended, so many seconds after it was accepted."""
        attributes = _attributes(metrics.GENERATION_DURATION.attributes, recipe, state, reason)
        self._generations.record(max(seconds, 0.0), attributes)

    def waited(self, queue: str, seconds: float) -> None:
        """Somebody's turn came."""
        self._queues.record(max(seconds, 0.0), {"hatchery.queue": queue})

    def stream_began(self, method: str) -> Tally:
        """A stream is open; returns what counts how many seconds late its events are."""
        self._streams.add(1, {"grpc.method": method})
        return self._latency.of(method)

    def first_event(self, method: str) -> Tally | None:
        """What counts the seconds until the first event of such a stream, where anybody looks."""
        return self._first_events.of(method) if self._telemetry.on else None

    def stream_ended(self, method: str, outcome: str, reason: str) -> None:
        """A stream is not open any more."""
        self._streams.add(-1, {"grpc.method": method})
        self._ended.add(1, _attributes(metrics.STREAMS_ENDED.attributes, method, outcome, reason))

    def tail_lag(self) -> Tally | None:
        """What counts how many seconds late the tail is, where anybody looks."""
        return self._tail.of() if self._telemetry.on else None

    def commits(self, kind: str) -> Commits | None:
        """What counts commits, "together" of many generations or of a "step", as above."""
        if not self._telemetry.on:
            return None
        return Commits(self._commits.of(kind), self._committed.of(kind))

    def let_go(self, cause: str) -> None:
        """A generation that ran here had to be left to others: FENCED or STORE_LOST."""
        self._losses.add(1, {"hatchery.cause": cause})

    def taken_over(self, cause: str) -> None:
        """A generation goes on here that another runner began: EXPIRED or HANDED_OVER."""
        self._takeovers.add(1, {"hatchery.cause": cause})

    def watch(
        self,
        *,
        running: Callable[[], int],
        watchers: Callable[[], int],
        queues: Callable[[], Mapping[str, int]],
        connected: Callable[[], bool],
    ) -> None:
        """Says where to look how many there are of what, and whether others are heard."""
        self._telemetry.gauge(metrics.GENERATIONS, lambda: {(): running()})
        self._telemetry.gauge(metrics.WATCHERS, lambda: {(): watchers()})
        self._telemetry.gauge(metrics.WAKEUPS_CONNECTED, lambda: {(): int(connected())})
        self._telemetry.gauge(
            metrics.QUEUE_LENGTH, lambda: {(queue,): length for queue, length in queues().items()}
        )


def _call(service: str, engine: str, model: str) -> dict[str, str]:
    """Work of an engine, as OpenTelemetry divides it."""
    operation = _OPERATIONS.get(service, service)
    return _attributes(metrics.OPERATION.attributes, operation, engine, model)


def _attributes(names: Sequence[str], *values: str) -> dict[str, str]:
    """What an instrument is given; an attribute without a value is left out."""
    return {name: value for name, value in zip(names, values, strict=True) if value}
