"""The metrics of a gateway. No owner, no name of a thing and nothing that was said is ever in them.

Models are those that engines list; reasons are those of `hatchery.errors.v1`.
"""

from services.runtime.telemetry import SECONDS, Metric

# What is late is late by milliseconds.
_LATE = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
_TOKENS = (1, 4, 16, 64, 256, 1024, 4096, 16384, 65536)
_RATES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
# As far apart above 1 as below, so that too long and too short weigh the same.
_RATIOS = (0.1, 0.2, 0.33, 0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 5, 10)
_EVENTS = (0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)

STEP = ("hatchery.recipe", "hatchery.step")
MODEL = ("gen_ai.provider.name", "gen_ai.response.model")
_CALL = ("gen_ai.operation.name", *MODEL)

STEP_DURATION = Metric(
    "histogram",
    "hatchery.step.duration",
    "s",
    "work of steps that were done, in all of their tries, without waiting",
    (*STEP, *MODEL),
    SECONDS,
)
UPDATE_GAP = Metric(
    "histogram",
    "hatchery.step.update.gap",
    "s",
    "time between two events of a step that was done",
    STEP,
    _LATE,
)
TOKEN_RATE = Metric(
    "histogram",
    "hatchery.step.token.rate",
    "{token}/s",
    "speed of a model while it wrote",
    (*STEP, *MODEL),
    _RATES,
)
FALLBACKS = Metric(
    "counter",
    "hatchery.step.fallbacks",
    "{step}",
    "steps that ended with a substitute",
    (*STEP, *MODEL, "hatchery.substitute", "error.type"),
)
FAILURES = Metric(
    "counter",
    "hatchery.step.failures",
    "{attempt}",
    "tries of steps that failed, also where another one followed",
    (*STEP, *MODEL, "error.type"),
)
ESTIMATE = Metric(
    "histogram",
    "hatchery.step.estimate.ratio",
    "1",
    "what a step took, divided by what was expected: 2 is twice as long; of 0.2 s and more",
    (*STEP, "hatchery.estimate.basis"),
    _RATIOS,
)
OPERATION = Metric(
    "histogram",
    "gen_ai.client.operation.duration",
    "s",
    "the same work, of steps that an engine did",
    _CALL,
    SECONDS,
)
FIRST_CHUNK = Metric(
    "histogram",
    "gen_ai.client.operation.time_to_first_chunk",
    "s",
    "from the start of a step's try until the first text or stroke of its engine",
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
    "waiting: of generations for a replica, and of steps for a slot of an engine service",
    ("hatchery.queue",),
    SECONDS,
)
QUEUE_LENGTH = Metric(
    "gauge",
    "hatchery.queue.length",
    "{waiter}",
    "generations that wait for a replica, new or without their runner, of recipes that this one"
    " knows; and steps here that wait for an engine: for a slot of it, or while it is busy or away",
    ("hatchery.queue",),
)
STREAMS = Metric(
    "gauge",
    "hatchery.stream.active",
    "{stream}",
    "streams of events that are open",
    ("grpc.method",),
)
STREAMS_ENDED = Metric(
    "counter",
    "hatchery.stream.ended",
    "{stream}",
    "streams of events that ended: completed, left by their client, or failed",
    ("grpc.method", "hatchery.outcome", "error.type"),
)
FIRST_EVENT = Metric(
    "histogram",
    "hatchery.stream.first_event.duration",
    "s",
    "from a call that begins a generation until its first event was handed to the connection",
    ("grpc.method",),
    _LATE,
)
LATENCY = Metric(
    "histogram",
    "hatchery.stream.event.latency",
    "s",
    "from an event's happening until it was handed to the client's connection; no replays",
    ("grpc.method",),
    _LATE,
)
WATCHERS = Metric(
    "gauge", "hatchery.watchers", "{watcher}", "logs that are followed; one stream may follow many"
)
WAKEUPS_CONNECTED = Metric(
    "gauge",
    "hatchery.wakeups.connected",
    "1",
    "1 while this replica hears of others at once; else 0, and it finds by polling what they do",
)
TAIL_LAG = Metric(
    "histogram",
    "hatchery.tail.lag",
    "s",
    "from an event's happening at another replica until it was known here; the oldest of each look",
    (),
    _LATE,
)
LEASE_LOSSES = Metric(
    "counter",
    "hatchery.lease.losses",
    "{generation}",
    "generations that this replica had to let go: another one had them, or the store was lost",
    ("hatchery.cause",),
)
TAKEOVERS = Metric(
    "counter",
    "hatchery.lease.takeovers",
    "{generation}",
    "generations that go on here after another runner: its lease expired, or was handed over",
    ("hatchery.cause",),
)
COMMIT_DURATION = Metric(
    "histogram",
    "hatchery.commit.duration",
    "s",
    "until the store had events: of many generations together, or those that end a step",
    ("hatchery.commit.kind",),
    _LATE,
)
COMMIT_EVENTS = Metric(
    "histogram",
    "hatchery.commit.events",
    "{event}",
    "events that were committed at once",
    ("hatchery.commit.kind",),
    _EVENTS,
)

METRICS = (
    STEP_DURATION,
    UPDATE_GAP,
    TOKEN_RATE,
    FALLBACKS,
    FAILURES,
    ESTIMATE,
    OPERATION,
    FIRST_CHUNK,
    TOKEN_USAGE,
    GENERATION_DURATION,
    GENERATIONS,
    QUEUE_DURATION,
    QUEUE_LENGTH,
    STREAMS,
    STREAMS_ENDED,
    FIRST_EVENT,
    LATENCY,
    WATCHERS,
    WAKEUPS_CONNECTED,
    TAIL_LAG,
    LEASE_LOSSES,
    TAKEOVERS,
    COMMIT_DURATION,
    COMMIT_EVENTS,
)
