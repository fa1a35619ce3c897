"""What a gateway measures. No owner, no name of a thing and nothing that was said is ever in it.

Models are those that engines list; reasons are those of `hatchery.errors.v1`.
"""

from collections.abc import Callable, Mapping, Sequence

from services.gateway.reducer.pace import Paced
from services.gateway.store.times import Run
from services.runtime.tally import Tally
from services.runtime.telemetry import SECONDS, Metric, Telemetry

# What is late is late by milliseconds.
_LATE = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
_TOKENS = (1, 4, 16, 64, 256, 1024, 4096, 16384, 65536)
_RATES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)

_STEP = ("hatchery.recipe", "hatchery.step")
_MODEL = ("gen_ai.provider.name", "gen_ai.response.model")
_CALL = ("gen_ai.operation.name", *_MODEL)

STEP_DURATION = Metric(
    "histogram",
    "hatchery.step.duration",
    "s",
    "work of steps that were done, in all of their tries, without waiting",
    (*_STEP, *_MODEL),
    SECONDS,
)
UPDATE_GAP = Metric(
    "histogram",
    "hatchery.step.update.gap",
    "s",
    "time between two events of a step that was done",
    _STEP,
    _LATE,
)
TOKEN_RATE = Metric(
    "histogram",
    "hatchery.step.token.rate",
    "{token}/s",
    "speed of a model while it wrote",
    (*_STEP, *_MODEL),
    _RATES,
)
FALLBACKS = Metric(
    "counter",
    "hatchery.step.fallbacks",
    "{step}",
    "steps that ended with a substitute",
    (*_STEP, *_MODEL, "hatchery.substitute", "error.type"),
)
FAILURES = Metric(
    "counter",
    "hatchery.step.failures",
    "{attempt}",
    "tries of steps that failed, also where another one followed",
    (*_STEP, *_MODEL, "error.type"),
)
OPERATION = Metric(
    "histogram",
    "gen_ai.client.operation.duration",
    "s",
    "the same work, of steps that an engine did",
    _CALL,
    SECONDS,
)
TOKEN_USAGE = Metric(
    "histogram",
    "gen_ai.client.token.usage",
    "{token}",
    "tokens that a step read and wrote",
    (*_CALL, "gen_ai.token.type"),
    _TOKENS,
)
GENERATION_DURATION = Metric(
    "histogram",
    "hatchery.generation.duration",
    "s",
    "generations that ended while this replica ran them, from their acceptance",
    ("hatchery.recipe", "hatchery.state", "error.type"),
    SECONDS,
)
GENERATIONS = Metric(
    "gauge", "hatchery.generation.active", "{generation}", "generations that this replica runs"
)
QUEUE_DURATION = Metric(
    "histogram",
    "hatchery.queue.duration",
    "s",
    "waiting: of generations for a replica, and of steps for an engine service",
    ("hatchery.queue",),
    SECONDS,
)
QUEUE_LENGTH = Metric(
    "gauge",
    "hatchery.queue.length",
    "{waiter}",
    "generations of all owners that wait for a replica, and steps here that wait for an engine",
    ("hatchery.queue",),
)
STREAMS = Metric(
    "gauge",
    "hatchery.stream.active",
    "{stream}",
    "streams of events that are open",
    ("rpc.method",),
)
STREAMS_ENDED = Metric(
    "counter",
    "hatchery.stream.ended",
    "{stream}",
    "streams of events that ended: completed, left by their client, or failed",
    ("rpc.method", "hatchery.outcome", "error.type"),
)
LATENCY = Metric(
    "histogram",
    "hatchery.stream.event.latency",
    "s",
    "from an event's happening until it was handed to the client's connection; no replays",
    ("rpc.method",),
    _LATE,
)
WATCHERS = Metric(
    "gauge", "hatchery.watchers", "{watcher}", "logs that are followed; one stream may follow many"
)

METRICS = (
    STEP_DURATION,
    UPDATE_GAP,
    TOKEN_RATE,
    FALLBACKS,
    FAILURES,
    OPERATION,
    TOKEN_USAGE,
    GENERATION_DURATION,
    GENERATIONS,
    QUEUE_DURATION,
    QUEUE_LENGTH,
    STREAMS,
    STREAMS_ENDED,
    LATENCY,
    WATCHERS,
)

_OPERATIONS = {"llm": "chat", "avatar": "generate_content"}


class Measures:
    """Tells the instruments what happens."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self._steps = telemetry.histogram(STEP_DURATION)
        self._gaps = telemetry.tallies(UPDATE_GAP)
        self._rates = telemetry.histogram(TOKEN_RATE)
        self._fallbacks = telemetry.counter(FALLBACKS)
        self._failures = telemetry.counter(FAILURES)
        self._operations = telemetry.histogram(OPERATION)
        self._tokens = telemetry.histogram(TOKEN_USAGE)
        self._generations = telemetry.histogram(GENERATION_DURATION)
        self._queues = telemetry.histogram(QUEUE_DURATION)
        self._streams = telemetry.level(STREAMS)
        self._ended = telemetry.counter(STREAMS_ENDED)
        self._latency = telemetry.tallies(LATENCY)

    def step_done(
        self, recipe: str, step: str, service: str, run: Run, paced: Paced, *, reason: str
    ) -> None:
        """A step has its result; `service` did its work, `reason` is why it fell back."""
        here = _attributes(_STEP, recipe, step)
        model = _attributes(_MODEL, run.engine, run.model)
        self._gaps.of(recipe, step).add_sorted(paced.gaps)
        self._steps.record(run.worked, here | model)
        if run.fallback:
            why = {"hatchery.substitute": run.fallback, "error.type": reason}
            self._fallbacks.add(1, here | model | why)
        elif run.engine:
            call = {"gen_ai.operation.name": _OPERATIONS.get(service, service)} | model
            self._operations.record(run.worked, call)
            for kind, tokens in (("input", run.input_tokens), ("output", run.output_tokens)):
                if tokens:
                    self._tokens.record(tokens, call | {"gen_ai.token.type": kind})
        if run.rate is not None:
            self._rates.record(run.rate, here | model)

    def step_failed(self, recipe: str, step: str, engine: str, model: str, reason: str) -> None:
        """A try of a step failed."""
        attributes = _attributes(FAILURES.attributes, recipe, step, engine, model, reason)
        self._failures.add(1, attributes)

    def generation_ended(self, recipe: str, state: str, reason: str, seconds: float) -> None:
        """A generation ended, so many seconds after it was accepted."""
        attributes = _attributes(GENERATION_DURATION.attributes, recipe, state, reason)
        self._generations.record(max(seconds, 0.0), attributes)

    def waited(self, queue: str, seconds: float) -> None:
        """Somebody's turn came."""
        self._queues.record(max(seconds, 0.0), {"hatchery.queue": queue})

    def stream_began(self, method: str) -> Tally:
        """A stream is open; returns what counts how many seconds late its events are."""
        self._streams.add(1, {"rpc.method": method})
        return self._latency.of(method)

    def stream_ended(self, method: str, outcome: str, reason: str) -> None:
        """A stream is not open any more."""
        self._streams.add(-1, {"rpc.method": method})
        self._ended.add(1, _attributes(STREAMS_ENDED.attributes, method, outcome, reason))

    def watch(
        self,
        *,
        running: Callable[[], int],
        watchers: Callable[[], int],
        queues: Callable[[], Mapping[str, int]],
    ) -> None:
        """Says where to look how many there are of what."""
        self._telemetry.gauge(GENERATIONS, lambda: {(): running()})
        self._telemetry.gauge(WATCHERS, lambda: {(): watchers()})
        self._telemetry.gauge(
            QUEUE_LENGTH, lambda: {(queue,): length for queue, length in queues().items()}
        )


def _attributes(names: Sequence[str], *values: str) -> dict[str, str]:
    """What an instrument is given; an attribute without a value is left out."""
    return {name: value for name, value in zip(names, values, strict=True) if value}
