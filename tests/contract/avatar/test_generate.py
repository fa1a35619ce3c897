"""What AvatarService.Generate streams, and how it ends, over a real port."""

import asyncio
import itertools
import time
from functools import partial

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from hatchery.avatar.v1.avatar_service_pb2 import ListModelsRequest, PreviewOptions
from hatchery.progress.v1.progress_pb2 import Progress
from hatchery.types.v1.model_pb2 import Model as WireModel
from hatchery.types.v1.persona_pb2 import Appearance

from services.avatar.port import (
    Emit,
    ModelLoading,
    Portrait,
    PortraitRequest,
    PreviewReady,
    StepDone,
)
from tests.contract.avatar.scripted import MODEL, ScriptedEngine, draw_steps, portrait, serving
from tests.support.in_step import read_in_step
from tests.support.oracle import assert_story, kinds
from tests.support.scripted import PNG
from tests.support.waiting import turns, until


async def forever(_: PortraitRequest, emit: Emit) -> Portrait:
    """Makes one step and then no more."""
    emit(StepDone(1, 4, "strokes", 0.1))
    await asyncio.Event().wait()
    raise AssertionError


async def test_a_call_reads_as_a_story() -> None:
    """Steps 1 of N …, then the picture with its usage, then completed; sequences without a gap."""
    heard = asyncio.Semaphore(0)
    async with serving(ScriptedEngine(partial(draw_steps, heard=heard))) as client:
        call = client.generate(seed=7, steps=3, width=256, height=128)
        events = assert_story(await read_in_step(call, heard))
    assert ["step_progress"] * 3 + ["step_completed", "completed"] == kinds(events)
    assert [(1, 3), (2, 3), (3, 3)] == [
        (e.step_progress.done, e.step_progress.total) for e in events[:3]
    ]
    assert [0.25, 0.5, 0.75, 1.0, 1.0] == [e.fraction for e in events]
    done = events[3].step_completed
    assert (PNG, "image/png", 256, 128) == (
        done.image.data,
        done.image.media_type,
        done.image.width,
        done.image.height,
    )
    usage = done.usage
    assert ("scripted", "crayon", 3, 7) == (usage.engine, usage.model, usage.steps, usage.seed)
    assert (500, 1500, 2000) == (
        usage.load_duration.ToMilliseconds(),
        usage.generate_duration.ToMilliseconds(),
        usage.total_duration.ToMilliseconds(),
    )


async def test_the_engine_is_asked_for_what_the_request_says() -> None:
    """Every field reaches the engine, and what is left out has the model's defaults."""
    engine = ScriptedEngine()
    look = Appearance(coat="red", eyes="big", mood="shy", colors=["red"], features=["wings"])
    async with serving(engine) as client:
        await client.events(species="hen", appearance=look)
        await client.events(model="ink")
    asked, small = engine.asked
    assert ("a hen", "hen", "red", "shy", ("wings",)) == (
        asked.prompt,
        asked.appearance.species,
        asked.appearance.coat,
        asked.appearance.mood,
        asked.appearance.features,
    )
    assert ("crayon", 512, 512, 4, False) == (
        asked.model,
        asked.width,
        asked.height,
        asked.steps,
        asked.previews,
    )
    assert ("ink", 256, 256, 2) == (small.model, small.width, small.height, small.steps)
    assert asked.seed != small.seed  # drawn by lot, and told in the usage


async def test_previews_come_when_asked_for_and_no_faster() -> None:
    """All of them at an interval of zero, the first alone at a long one, none unasked."""
    engine, heard = ScriptedEngine(), asyncio.Semaphore(0)
    async with serving(engine) as client:
        unasked = await client.events(steps=5)
        first = await client.events(
            steps=5, preview=PreviewOptions(min_interval=Duration(seconds=60))
        )
        never = await client.events(
            steps=5, preview=PreviewOptions(min_interval=Duration(seconds=2**63 - 1))
        )
        engine.script = partial(draw_steps, heard=heard)
        call = client.generate(steps=5, preview=PreviewOptions(min_interval=Duration()))
        every = await read_in_step(call, heard)
    cases = ((unasked, []), (every, [1, 2, 3, 4, 5]), (first, [1]), (never, [1]))
    for events, expected in cases:
        assert_story(events)
        assert expected == [e.preview.index for e in events if e.HasField("preview")]
    assert [0] * 5 == [e.sequence for e in every if e.HasField("preview")]


async def test_loading_is_told() -> None:
    """A model being loaded shows as model_loading, with the engine, the model and the time."""
    heard = asyncio.Semaphore(0)

    async def load(request: PortraitRequest, emit: Emit) -> Portrait:
        emit(ModelLoading("crayon", 0.0))
        await heard.acquire()
        emit(ModelLoading("crayon", 1.0))
        return await draw_steps(request, emit)

    async with serving(ScriptedEngine(load)) as client:
        events = assert_story(await read_in_step(client.generate(), heard))
    loading = [e.model_loading for e in events if e.HasField("model_loading")]
    assert [("scripted", "crayon", 0), ("scripted", "crayon", 1)] == [
        (e.engine, e.model, e.elapsed.seconds) for e in loading
    ]


async def test_remaining_time_rests_on_the_rate_of_this_run() -> None:
    """From the second step on an estimate says how long the rest takes, and what it rests on."""
    heard = asyncio.Semaphore(0)
    async with serving(ScriptedEngine(partial(draw_steps, heard=heard))) as client:
        events = assert_story(await read_in_step(client.generate(steps=4), heard))
    steps = [e for e in events if e.HasField("step_progress")]
    assert [False, True, True, False] == [e.HasField("remaining") for e in steps]
    assert 0.2 == pytest.approx(steps[1].remaining.expected.ToMilliseconds() / 1000)
    assert steps[1].remaining.BASIS_RATE == steps[1].remaining.basis


async def test_cancelling_the_call_stops_the_engine() -> None:
    """A cancelled call cancels the drawing, and its slot is free for the next one."""
    engine = ScriptedEngine(forever)
    async with serving(engine) as client:
        call = client.generate()
        await call.read()
        call.cancel()
        async with asyncio.timeout(2):
            await engine.stopped.wait()
        engine.script = draw_steps
        assert_story(await client.events())


async def test_a_slot_is_taken_until_the_engine_has_stopped() -> None:
    """Also where the call ends while the picture on its way to a slow reader is not taken yet."""
    stopping, stopped = asyncio.Event(), asyncio.Event()

    async def cling(_: PortraitRequest, emit: Emit) -> Portrait:
        try:
            for index in itertools.count(1):
                emit(PreviewReady(bytes(900_000), "image/png", 64, 64, index))
                await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            stopping.set()
            await stopped.wait()
            raise
        raise AssertionError

    async with serving(ScriptedEngine(cling)) as client:
        call = client.generate(preview=PreviewOptions(min_interval=Duration()))
        await call.read()
        await turns(4)
        call.cancel()
        async with asyncio.timeout(5):
            await stopping.wait()
        await turns(4)
        assert 1 == client.capacity.taken
        stopped.set()

        async def is_free() -> bool:
            return client.capacity.taken == 0

        await until(is_free, 5)


async def test_the_deadline_stops_the_engine() -> None:
    """A call whose deadline passes cancels the drawing, and its slot is free for the next one."""
    engine = ScriptedEngine(forever)
    async with serving(engine) as client:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await client.events(timeout=0.3)
        assert grpc.StatusCode.DEADLINE_EXCEEDED == refused.value.code()
        async with asyncio.timeout(2):
            await engine.stopped.wait()
        engine.script = draw_steps
        assert_story(await client.events())


async def test_a_slow_reader_slows_no_engine() -> None:
    """The engine goes on at its pace; what waits folds into the latest, and the story holds."""
    finished = asyncio.Event()

    async def fast(request: PortraitRequest, emit: Emit) -> Portrait:
        for done in range(1, 20_001):
            emit(StepDone(done, 20_000, "strokes", done * 0.001))
            if done % 100 == 0:
                await asyncio.sleep(0)
        finished.set()
        return portrait(request, PNG + bytes(2_000_000))

    async with serving(ScriptedEngine(fast)) as client:
        call = client.generate()
        events = [await call.read()]
        async with asyncio.timeout(10):
            await finished.wait()
        await asyncio.sleep(0.5)
        events += await client.rest(call)
    assert_story(events)
    assert len(events) < 5_000
    assert 20_000 == events[-3].step_progress.done


async def test_silence_is_filled_with_heartbeats() -> None:
    """An engine that says nothing for a while makes no silent stream, and no crowded one."""
    heard, events = asyncio.Event(), list[Progress]()

    async def quiet(request: PortraitRequest, _: Emit) -> Portrait:
        await heard.wait()
        return portrait(request)

    async with serving(ScriptedEngine(quiet), heartbeat=0.1) as client:
        began = time.monotonic()
        async for event in client.generate():
            events.append(event)
            if 5 <= sum(e.HasField("heartbeat") for e in events):
                heard.set()
        lasted = time.monotonic() - began
    assert_story(events)
    assert 5 <= sum(event.HasField("heartbeat") for event in events) <= lasted / 0.1 + 1


async def test_models_are_listed_with_their_limits() -> None:
    """ListModels gives the default first, marked, with all that a request may ask for."""
    async with serving(ScriptedEngine()) as client:
        models = (await client.stub.ListModels(ListModelsRequest())).models
    assert [("crayon", True, True), ("ink", False, False)] == [
        (m.name, m.default, m.loaded) for m in models
    ]
    first = models[0]
    assert (MODEL.title, "scripted", WireModel.KIND_IMAGE, "blunt") == (
        first.title,
        first.engine,
        first.kind,
        first.note,
    )
    limits = first.image
    assert ("strokes", 4, 20, 128, 1024) == (
        limits.unit,
        limits.default_steps,
        limits.max_steps,
        limits.min_size,
        limits.max_size,
    )
