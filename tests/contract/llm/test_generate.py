"""What LlmService.Generate streams, and how it ends, over a real port."""

import asyncio
import time

import grpc
import pytest
from google.protobuf.json_format import MessageToDict
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest, ListModelsRequest, ResponseFormat
from hatchery.types.v1.model_pb2 import Model as WireModel

from services.llm.port import Emit, ModelLoading, PromptRead, TextWritten, TokensWritten, Written
from tests.contract.llm.scripted import WORDS, ScriptedEngine, serving, write_forever, written
from tests.support.in_step import read_in_step
from tests.support.oracle import assert_prefix, assert_story, kinds


async def test_free_text_reads_as_a_story() -> None:
    """Words and gauges, then the text with its usage, then completed; sequences without a gap."""
    heard = asyncio.Semaphore(0)

    async def write(request: GenerateRequest, emit: Emit) -> Written:
        for count, word in enumerate(WORDS, 1):
            emit(TextWritten("", word))
            emit(TokensWritten(count, 10.0, len(WORDS), count / 10))
            await heard.acquire()
        return written(request, "".join(WORDS))

    async with serving(ScriptedEngine(write)) as client:
        began = time.monotonic()
        read = await read_in_step(client.generate(seed=7), heard, "text_delta")
        lasted = time.monotonic() - began
    events = assert_story(read)
    told = kinds(events)
    assert ["text_delta", "token_progress"] == told[:2]
    assert ["token_progress", "step_completed", "completed"] == told[-3:]
    assert 4 == told.count("text_delta")
    # The gauge goes out ten times a second at most, and its last value always.
    gauges = [e.token_progress.tokens for e in events if e.HasField("token_progress")]
    assert (1, 4) == (gauges[0], gauges[-1])
    assert sorted(set(gauges)) == gauges
    assert len(gauges) <= 2 + lasted / 0.1
    text = "Once upon a time"
    assert text == "".join(e.text_delta.text for e in events if e.HasField("text_delta"))
    done = events[-2].step_completed
    assert ("text", text) == (done.WhichOneof("output"), done.text)
    usage = done.usage
    assert ("scripted", "quill", 7) == (usage.engine, usage.model, usage.seed)
    assert (5, 4) == (usage.input_tokens, usage.output_tokens)
    assert [500, 250, 1000, 1750] == [
        duration.ToMilliseconds()
        for duration in (
            usage.load_duration,
            usage.prompt_duration,
            usage.generate_duration,
            usage.total_duration,
        )
    ]


async def test_a_document_is_told_field_by_field_and_whole() -> None:
    """Deltas carry JSON pointers, and the end has the document."""
    heard = asyncio.Semaphore(0)

    async def write(request: GenerateRequest, emit: Emit) -> Written:
        for field, text in (("/name", "Mi"), ("/name", "lo"), ("/traits", "shy, kind")):
            emit(TextWritten(field, text))
            await heard.acquire()
        return written(request, document={"name": "Milo", "traits": ["shy", "kind"]})

    wanted = ResponseFormat(json_schema='{"type": "object", "properties": {"name": {}}}')
    async with serving(ScriptedEngine(write)) as client:
        call = client.generate(response_format=wanted)
        events = assert_story(await read_in_step(call, heard))
    deltas = [(e.text_delta.field, e.text_delta.text) for e in events if e.HasField("text_delta")]
    assert [("/name", "Mi"), ("/name", "lo"), ("/traits", "shy, kind")] == deltas
    document = MessageToDict(events[-2].step_completed.document)
    assert {"name": "Milo", "traits": ["shy", "kind"]} == document


async def test_what_waits_is_folded_and_nothing_is_lost() -> None:
    """A burst is few messages: text merges, the gauge keeps its last value, order stays."""

    async def burst(request: GenerateRequest, emit: Emit) -> Written:
        for count in range(1, 1001):
            emit(TextWritten("/a" if count <= 500 else "/b", "x"))
            emit(TokensWritten(count, 10.0, 1000, count / 10))
        return written(request)

    async with serving(ScriptedEngine(burst)) as client:
        events = assert_story(await client.events())
    assert len(events) < 20
    texts: dict[str, int] = {}
    for event in events:
        if event.HasField("text_delta"):
            field = event.text_delta.field
            texts[field] = texts.get(field, 0) + len(event.text_delta.text)
    assert {"/a": 500, "/b": 500} == texts
    assert 1000 == [e.token_progress.tokens for e in events if e.HasField("token_progress")][-1]


async def test_loading_and_reading_are_told_and_the_fraction_only_rises() -> None:
    """model_loading, prompt_progress and tokens in their order; below 1 until the end."""
    heard = asyncio.Semaphore(0)

    async def write(request: GenerateRequest, emit: Emit) -> Written:
        for event in (
            ModelLoading("quill", 0.0),
            PromptRead(50, 100),
            PromptRead(100, 100),
            TokensWritten(10, 5.0, 20, 2.0),
            TokensWritten(30, 5.0, 20, 6.0),
            TokensWritten(31, 5.0, 40, 6.2),
        ):
            emit(event)
            await heard.acquire()
            await asyncio.sleep(0.11)  # a gauge may follow another
        return written(request)

    async with serving(ScriptedEngine(write)) as client:
        events = assert_story(await read_in_step(client.generate(), heard))
    assert [
        "model_loading",
        *["prompt_progress"] * 2,
        *["token_progress"] * 3,
        "step_completed",
        "completed",
    ] == kinds(events)
    assert ("scripted", "quill") == (events[0].model_loading.engine, events[0].model_loading.model)
    assert [0.0, 0.05, 0.1, 0.55, 0.99, 0.99, 1.0, 1.0] == pytest.approx(
        [e.fraction for e in events]
    )
    assert 2.0 == events[3].remaining.expected.ToTimedelta().total_seconds()
    assert events[3].remaining.BASIS_RATE == events[3].remaining.basis


async def test_without_an_estimate_nothing_is_guessed() -> None:
    """A text of unknown length has no remaining time, and its fraction stays where it is."""

    async def write(request: GenerateRequest, emit: Emit) -> Written:
        emit(TokensWritten(100, 5.0, 0, 20.0))
        return written(request)

    async with serving(ScriptedEngine(write)) as client:
        events = assert_story(await client.events())
    assert (0.0, False) == (events[0].fraction, events[0].HasField("remaining"))


async def test_a_seed_is_drawn_where_none_is_given_and_told() -> None:
    """Each call without a seed has another one; one that is given is kept, 0 included."""
    engine = ScriptedEngine()
    async with serving(engine) as client:
        drawn = [(await client.events())[-2].step_completed.usage.seed for _ in range(2)]
        zero = (await client.events(seed=0))[-2].step_completed.usage.seed
    assert [*drawn, zero] == [request.seed for request in engine.asked]
    assert drawn[0] != drawn[1]
    assert 0 == zero


async def test_a_silent_engine_still_shows_that_the_stream_lives() -> None:
    """Heartbeats come while nothing happens; they have no number."""
    async with serving(ScriptedEngine(write_forever), heartbeat=0.05) as client:
        call = client.generate()
        events = [await call.read() for _ in range(3)]
        call.cancel()
    assert ["text_delta", "heartbeat", "heartbeat"] == [e.WhichOneof("event") for e in events]
    assert_prefix(events)


async def test_cancelling_the_call_stops_the_engine() -> None:
    """A cancelled call cancels the writing, and its slot is free for the next one."""
    engine = ScriptedEngine(write_forever)
    async with serving(engine) as client:
        call = client.generate()
        await call.read()
        call.cancel()
        async with asyncio.timeout(5):
            await engine.stopped.wait()
        engine.script = ScriptedEngine().script
        assert_story(await _until_free(client))


async def test_an_expired_deadline_stops_the_engine() -> None:
    """The caller gets DEADLINE_EXCEEDED, and the engine is cancelled."""
    engine = ScriptedEngine(write_forever)
    async with serving(engine) as client:
        with pytest.raises(grpc.aio.AioRpcError) as expired:
            await client.rest(client.generate(timeout=0.3))
        async with asyncio.timeout(5):
            await engine.stopped.wait()
    assert grpc.StatusCode.DEADLINE_EXCEEDED == expired.value.code()


async def test_models_are_listed_with_the_default_first() -> None:
    """Each says its engine and what it can; and what brings another is told."""
    async with serving(ScriptedEngine()) as client:
        listed = await client.stub.ListModels(ListModelsRequest())
    assert "quill pull" == listed.pull_command
    first, second = listed.models
    assert [[], ["keys"]] == [list(model.aliases) for model in listed.models]
    assert ("quill", "Quill", "scripted", WireModel.KIND_TEXT, True, True, "scratchy", False) == (
        first.name,
        first.title,
        first.engine,
        first.kind,
        first.default,
        first.loaded,
        first.note,
        first.vision,
    )
    assert ("typewriter", False, False, True) == (
        second.name,
        second.default,
        second.loaded,
        second.vision,
    )


async def _until_free(client: object) -> list:
    """The whole stream of a call, tried until the slot of the one before is free."""
    async with asyncio.timeout(5):
        while True:
            try:
                return await client.events()
            except grpc.aio.AioRpcError as error:
                if error.code() is not grpc.StatusCode.RESOURCE_EXHAUSTED:
                    raise
                await asyncio.sleep(0.01)
