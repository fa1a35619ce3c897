"""A text that was interrupted goes on after what is written: a pause, a stop, a lost runner."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration
from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.gateway.v1.artifact_service_pb2 import CreateArtifactRequest
from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.gateway.reducer.snapshot import fold
from services.runtime.errors import EngineFailed, EngineUnavailable, InvalidField
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story, kinds
from tests.support.scripted import TEXT, WORDS, Engines, write_text
from tests.support.waiting import turns, until


class Slowly:
    """A text engine that stops after some words until it is asked again; counts what it says."""

    def __init__(self, engines: Engines, words: int = 4) -> None:
        self.waits = asyncio.Event()
        self._words = words
        engines.text = self.write

    async def write(self, request: Any, emit: Any) -> StepCompleted:
        """Writes a few words and waits; with a beginning to go on after, all the rest."""
        if request.prefix:
            return await write_text(request, emit)
        for done, word in enumerate(WORDS[: self._words], 1):
            text = word if done == 1 else f" {word}"
            emit(Progress(text_delta=progress.TextDelta(text=text)))
            gauge = progress.TokenProgress(tokens=done, tokens_per_second=50)
            gauge.elapsed.FromSeconds(done)
            emit(Progress(token_progress=gauge))
        self.waits.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def is_kept(self, client: Client, name: str) -> None:
        """Waits until all that was said is in the log."""
        await client.watch(name, until=lambda event: event.token_progress.tokens == self._words)


async def _written(client: Client, name: str) -> str:
    return "".join(text.text for text in (await client.get(name)).texts)


def _is_one_text(story: Sequence[Progress]) -> StepCompleted:
    """One attempt whose deltas are the text, and whose gauge never falls; returns its end."""
    started = [e for e in story if e.step == "write" and e.HasField("step_started")]
    assert [(1, False), (1, True)] == [(e.attempt, e.step_started.continues) for e in started]
    assert TEXT == "".join(e.text_delta.text for e in story)
    tokens = [e.token_progress.tokens for e in story if e.HasField("token_progress")]
    assert sorted(tokens) == tokens
    assert len(WORDS) == tokens[-1]
    (ended,) = [
        e.step_completed for e in story if e.step == "write" and e.HasField("step_completed")
    ]
    assert TEXT == ended.text
    assert (len(WORDS), 4, 7) == (
        ended.usage.output_tokens,
        ended.usage.kept_tokens,
        ended.usage.input_tokens,
    )
    return ended


async def test_a_pause_keeps_what_was_written(client: Client, engines: Engines) -> None:
    """The snapshot has it meanwhile, the engine is given it and asked for the rest alone."""
    slowly = Slowly(engines)
    name = await client.begin_writing(max_tokens=100)
    await slowly.is_kept(client, name)
    await client.pause(name)
    halted = await client.get(name)
    assert pb.Generation.STATE_PAUSED == halted.state or await _halts(client, name)
    kept = " ".join(WORDS[:4])
    assert kept == await _written(client, name)
    await client.resume(name)
    story = assert_story(await client.watch(name))
    _is_one_text(story)
    assert ["", kept] == [call.prefix for call in engines.text_calls]
    assert [100, 96] == [call.sampling.max_tokens for call in engines.text_calls]
    fractions = [e.fraction for e in story]
    assert sorted(fractions) == fractions


async def _halts(client: Client, name: str) -> bool:
    async def paused() -> bool:
        return (await client.get(name)).state == pb.Generation.STATE_PAUSED

    await until(paused)
    return True


async def test_a_stopped_gateway_hands_the_text_over(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Whoever is next goes on after the last word that was said."""
    slowly = Slowly(engines)
    async with gateway(database_url, engines, tmp_path, lease=60.0, text_pause=60.0) as first:
        name = await first.begin_writing()
        await slowly.waits.wait()
        await turns()  # until that is heard, which nothing tells
    async with gateway(database_url, engines, tmp_path, lease=60.0) as second:
        story = assert_story(await second.watch(name))
    assert "recovered" in kinds(story)
    _is_one_text(story)


@pytest.mark.parametrize(("sign", "attempt"), [("step_retrying", 1), ("step_started", 2)])
async def test_what_failed_begins_anew(
    client: Client, engines: Engines, sign: str, attempt: int
) -> None:
    """A try that failed is void: a pause behind it, or in the next one, keeps nothing of it."""
    resumed = asyncio.Event()

    async def fail(request: Any, emit: Any) -> StepCompleted:
        if len(engines.text_calls) == 1:
            emit(Progress(text_delta=progress.TextDelta(text="Once")))
            raise EngineFailed("no ink")
        await resumed.wait()
        return await write_text(request, emit)

    engines.text = fail
    name = await client.begin_writing()
    await client.watch(name, until=lambda e: (e.attempt, e.WhichOneof("event")) == (attempt, sign))
    await client.pause(name)
    await _halts(client, name)
    resumed.set()
    await client.resume(name)
    story = assert_story(await client.watch(name))
    assert {""} == {call.prefix for call in engines.text_calls}
    started = [e for e in story if e.step == "write" and e.HasField("step_started")]
    assert not any(event.step_started.continues for event in started)
    last = started[-1].attempt
    assert TEXT == "".join(event.text_delta.text for event in story if event.attempt == last)


async def test_the_work_of_a_generation_is_limited(client: Client, engines: Engines) -> None:
    """Its steps may work so long in all; then it fails for that reason, and is tried no more."""
    slowly = Slowly(engines)
    request = CreateArtifactRequest(prompt="x", time_limit=Duration(nanos=300_000_000))
    story = assert_story([e async for e in client.artifacts.CreateArtifact(request)])
    assert slowly.waits.is_set()
    assert 1 == len(engines.text_calls)

    async def stopped() -> bool:
        return 1 == engines.stopped

    await until(stopped)
    told = story[-1].failed.error
    assert "0.3 s" in told.message
    worked = (await client.get(story[0].generation)).active_duration.ToNanoseconds() / 1e9
    (began,) = _times(story, "step_started")
    assert 0.25 < worked <= _times(story, "failed")[0] - began + 0.01


def _times(story: Sequence[Progress], kind: str) -> list[float]:
    """When events of a kind were told, in seconds."""
    return [e.emit_time.ToNanoseconds() / 1e9 for e in story if e.WhichOneof("event") == kind]


async def test_a_pause_is_no_work_and_what_was_worked_before_it_counts(
    client: Client, engines: Engines
) -> None:
    """The limit is that of all stretches together, and engines are told what is left of it."""

    async def work(_: Any, emit: Any) -> StepCompleted:
        emit(Progress(text_delta=progress.TextDelta(text="so ")))
        await asyncio.Event().wait()
        raise AssertionError

    async def asked(times: int) -> bool:
        return times == len(engines.text_calls)

    engines.text = work
    name = await client.begin_writing(time_limit=Duration(seconds=5))
    for number in range(1, 3):
        await until(partial(asked, number))
        await asyncio.sleep(0.6)
        await client.pause(name)
        await _halts(client, name)
        await asyncio.sleep(0.5)
        await client.resume(name)
    story = assert_story(await client.watch(name))
    assert "5 s" in story[-1].failed.error.message
    began, paused, resumed = (_times(story, k) for k in ("step_started", "paused", "resumed"))
    before = sum(paused) - sum(began[:2])
    (*_, left) = engines.deadlines
    # They have a second more, so that it is we who say that it is over.
    assert left is not None
    assert left <= 5 - before + 1.1
    worked = (await client.get(name)).active_duration.ToNanoseconds() / 1e9
    whole, halted = _times(story, "failed")[0] - began[0], sum(resumed) - sum(paused)
    assert 4.9 < worked <= whole - halted + 0.1
    assert 3 == len(began) == len(engines.text_calls)


async def test_the_gateways_own_limit_holds_for_everything(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """A request may ask for less and not for more; a companion has one, too."""
    Slowly(engines)
    async with gateway(database_url, engines, tmp_path, time_limit=0.3) as client:
        stories = await asyncio.gather(
            client.write(time_limit=Duration(seconds=60)), client.hatch("a dragon")
        )
    for story in stories:
        assert "0.3 s" in assert_story(story)[-1].failed.error.message
    # Engines are told of it, and give up by themselves were we gone.
    assert engines.deadlines
    assert [] == [left for left in engines.deadlines if left is None or left > 2.0]


async def test_polling_reads_what_watching_does(client: Client, engines: Engines) -> None:
    """Each snapshot that is read while it is written is the fold of the log up to there."""
    engines.text = partial(write_text, pause=0.1)
    name = await client.begin_writing()
    polled = list[pb.Generation]()
    while not polled or polled[-1].state != pb.Generation.STATE_COMPLETED:
        polled.append(await client.get(name))
        await asyncio.sleep(0.01)
    log = assert_story(await client.watch(name))
    seen = {one.last_sequence for one in polled}
    assert len(seen) > 5
    for one in polled:
        folded = pb.Generation()
        fold(folded, *log[: one.last_sequence])
        for field in ("texts", "steps", "state", "latest", "active_duration"):
            assert getattr(folded, field) == getattr(one, field)


async def test_a_service_that_is_not_back_yet_costs_no_text(
    client: Client, engines: Engines
) -> None:
    """A pause, and then a service that is away for a moment: it is waited for, and goes on."""
    slowly = Slowly(engines)
    name = await client.begin_writing()
    await slowly.is_kept(client, name)
    await client.pause(name)
    await _halts(client, name)
    away = [EngineUnavailable("starting"), EngineUnavailable("starting")]

    async def back(request: Any, emit: Any) -> StepCompleted:
        if away:
            raise away.pop()
        return await write_text(request, emit)

    engines.text = back
    await client.resume(name)
    _is_one_text(assert_story(await client.watch(name)))


async def test_an_engine_that_cannot_go_on_begins_anew(client: Client, engines: Engines) -> None:
    """What it refuses to go on after is void, and no failure of the whole."""
    slowly = Slowly(engines)
    name = await client.begin_writing()
    await slowly.is_kept(client, name)
    await client.pause(name)
    await _halts(client, name)

    async def refuse(request: Any, emit: Any) -> StepCompleted:
        if request.prefix:
            raise InvalidField({"prefix": "cannot be gone on after"})
        return await write_text(request, emit)

    engines.text = refuse
    await client.resume(name)
    story = assert_story(await client.watch(name))
    assert TEXT == "".join(e.text_delta.text for e in story if e.attempt == 2)
    assert "completed" == kinds(story)[-1]
