"""How well length and time of texts are foretold: before they begin, and while they grow."""

import random
import statistics
from collections.abc import Sequence

from hatchery.gateway.v1.artifact_service_pb2 import CreateArtifactRequest
from hatchery.gateway.v1.artifact_service_pb2_grpc import ArtifactServiceStub
from hatchery.progress.v1.progress_pb2 import Progress

from tests.bench.estimates import a_stack, gap, within
from tests.bench.figures import Figure

# Texts before those that count, and how many of these.
LEARNED, MEASURED = 60, 30
_FORMS = (
    "Explain {} in 100 words.",
    "Write a short story about {}.",
    "Write a poem about {}.",
    "Describe {} in three sentences.",
    "Write a paragraph about {}.",
    "What is {}?",
    "Write 300 words about {}.",
    "List five facts about {}.",
)
_TOPICS = (
    "the tides", "a lighthouse", "bread", "winter", "bees", "the moon", "a small train", "moss",
    "an old bridge", "clouds", "a market", "volcanoes",
)  # fmt: skip


def measure() -> list[Figure]:
    """Has the embedded model write what people ask for, in an order that luck has chosen."""
    luck = random.Random(7)
    prompts = [form.format(topic) for form in _FORMS for topic in _TOPICS]
    luck.shuffle(prompts)
    stories: list[Sequence[Progress]] = []
    with a_stack() as channel:
        stub = ArtifactServiceStub(channel)
        for seed, prompt in enumerate(prompts[: LEARNED + MEASURED]):
            request = CreateArtifactRequest(prompt=prompt, seed=seed, max_tokens=1024)
            stories.append(list(stub.CreateArtifact(request)))
    whole = [story for story in stories if _written(story)]
    first, later = whole[:MEASURED], whole[-MEASURED:]
    return [
        Figure("texts that were written whole", 100 * len(whole) / len(stories), "%"),
        *_figures("first runs", first),
        *_figures(f"after {LEARNED} texts", later),
        *_others(whole),
    ]


def _others(stories: Sequence[Sequence[Progress]]) -> list[Figure]:
    """The error of two simpler ways over the same texts, those that count at the end."""
    true = [_written(story) for story in stories]
    read = [_end(story).step_completed.usage.input_tokens for story in stories]
    counted = range(len(stories) - MEASURED, len(stories))
    prompt = [abs(2.5 * read[i] - true[i]) / true[i] for i in counted]
    median = [abs(statistics.median(true[:i]) - true[i]) / true[i] for i in counted]
    when = f"median error, after {LEARNED} texts"
    return [
        Figure(f"the same texts by 2.5 times the prompt, {when}", _middle(prompt), "%"),
        Figure(f"the same texts by the median of those before, {when}", _middle(median), "%"),
    ]


def _middle(errors: Sequence[float]) -> float:
    return 100 * statistics.median(errors)


def _figures(when: str, stories: Sequence[Sequence[Progress]]) -> list[Figure]:
    lengths = [_length(story) for story in stories]
    half = [_at_half(story) for story in stories]
    return [
        Figure(
            f"tokens expected before it begins, median error, {when}",
            _middle([abs(expected - true) / true for expected, _, _, true in lengths]),
            "%",
        ),
        Figure(
            f"the true length lay within the range, {when}",
            100 * statistics.mean(low <= true <= high for _, low, high, true in lengths),
            "%",
        ),
        Figure(f"tokens expected when half is written, median error, {when}", _middle(half), "%"),
        Figure(
            f"seconds expected before it begins, median error, {when}",
            _middle([_time_error(story) for story in stories]),
            "%",
        ),
        Figure(
            f"the true remaining time lay within the range, {when}",
            100 * statistics.mean(map(within, stories)),
            "%",
        ),
        Figure(
            f"mean gap between the bar and the share of time passed, {when}",
            statistics.mean(map(gap, stories)),
            "",
        ),
    ]


def _written(story: Sequence[Progress]) -> int:
    """The tokens that were written; 0 for a text that failed or was cut off."""
    done = [e.step_completed for e in story if e.step == "write" and e.HasField("step_completed")]
    return done[0].usage.output_tokens if done and not done[0].HasField("fallback") else 0


def _began(story: Sequence[Progress]) -> Progress:
    """The beginning of the try that went well."""
    return [e for e in story if e.step == "write" and e.HasField("step_started")][-1]


def _end(story: Sequence[Progress]) -> Progress:
    return next(e for e in story if e.step == "write" and e.HasField("step_completed"))


def _length(story: Sequence[Progress]) -> tuple[float, float, float, float]:
    """What was expected, its range, and the truth, in tokens."""
    told = _began(story).step_started.expected_tokens
    return told.expected, told.low, told.high, _written(story)


def _at_half(story: Sequence[Progress]) -> float:
    """The error of the total that was told when half of it stood there."""
    true = _written(story)
    gauges = [e.token_progress for e in story if e.HasField("token_progress")]
    told = min(gauges, key=lambda gauge: abs(gauge.tokens - true / 2))
    return abs(told.estimated_total - true) / true


def _time_error(story: Sequence[Progress]) -> float:
    began = _began(story)
    took = (_end(story).emit_time.ToNanoseconds() - began.emit_time.ToNanoseconds()) / 1e9
    expected = began.step_started.expected.expected.ToNanoseconds() / 1e9
    return abs(expected - took) / took
