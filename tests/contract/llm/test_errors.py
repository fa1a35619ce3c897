"""Every error that llm_service.proto documents is provoked, over a real port."""

import asyncio
import re
from pathlib import Path
from typing import Any

import grpc
import pytest
from hatchery.llm.v1.llm_service_pb2 import (
    Example,
    FieldGuide,
    GenerateRequest,
    ListModelsRequest,
    Message,
    Part,
    ResponseFormat,
    SamplingOptions,
    Scoring,
)
from hatchery.types.v1.image_pb2 import Image

from services.llm.port import Emit, TextWritten, Written
from services.runtime.errors import (
    EngineFailed,
    EngineUnavailable,
    HatcheryError,
    OutputCutOff,
    OutputInvalid,
    OutputLooping,
    PromptTooLong,
    UnknownModel,
)
from services.runtime.status import reason_name
from tests.contract.llm.scripted import (
    ScriptedEngine,
    error_of,
    serving,
    write_forever,
    write_words,
    written,
)
from tests.support.oracle import assert_prefix, assert_story

PROTO = Path(__file__).parents[3] / "protos/hatchery/llm/v1/llm_service.proto"
METHOD = "/hatchery.llm.v1.LlmService/Generate"
SECRET = "s3cret of the engine"  # what no client may see
SCHEMA = '{"type": "object", "properties": {"a": {}}}'

# What a test below provokes; the last test compares it with what is documented.
PROVOKED = {
    "INVALID_FIELD",
    "MALFORMED_MESSAGE",
    "UNKNOWN_MODEL",
    "PROMPT_TOO_LONG",
    "ENGINE_BUSY",
    "ENGINE_UNAVAILABLE",
    "SHUTTING_DOWN",
    "OUTPUT_CUT_OFF",
    "OUTPUT_INVALID",
    "OUTPUT_LOOPING",
    "ENGINE_FAILED",
    "INTERNAL",
}


def said(**fields: Any) -> dict[str, Any]:
    """The fields of a request with one message."""
    return {"messages": [Message(**{"role": Message.ROLE_USER, "content": "hi"} | fields)]}


def formatted(**fields: Any) -> dict[str, Any]:
    """The fields of a request for a document."""
    return {"response_format": ResponseFormat(**{"json_schema": SCHEMA} | fields)}


def guided(**fields: Any) -> dict[str, Any]:
    """The fields of a request with one guide."""
    return formatted(guides=[FieldGuide(**{"field": "/a"} | fields)])


IN_FORMAT = "response_format"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [Message(role=Message.ROLE_USER)] * 257}, "messages"),
        ({"model": "x" * 201}, "model"),
        (said(role=Message.ROLE_UNSPECIFIED), "messages[0].role"),
        (said(role=77), "messages[0].role"),
        (said(content="x" * 100_001), "messages[0].content"),
        (said(images=[Image()] * 5), "messages[0].images"),
        (formatted() | {"prefix": "{"}, "prefix"),
        ({"prefix": "x" * 200_001}, "prefix"),
        ({"sampling": SamplingOptions(temperature=2.1)}, "sampling.temperature"),
        ({"sampling": SamplingOptions(temperature=float("nan"))}, "sampling.temperature"),
        ({"sampling": SamplingOptions(top_k=0)}, "sampling.top_k"),
        ({"sampling": SamplingOptions(top_p=0)}, "sampling.top_p"),
        ({"sampling": SamplingOptions(min_p=1.1)}, "sampling.min_p"),
        ({"sampling": SamplingOptions(repeat_penalty=0.1)}, "sampling.repeat_penalty"),
        ({"sampling": SamplingOptions(max_tokens=-1)}, "sampling.max_tokens"),
        (formatted(json_schema=""), f"{IN_FORMAT}.json_schema"),
        (formatted(json_schema="x" * 65_537), f"{IN_FORMAT}.json_schema"),
        (formatted(examples=[Example(prompt="x")]), f"{IN_FORMAT}.examples[0].document"),
        (guided(field="a"), f"{IN_FORMAT}.guides[0].field"),
        (guided(candidates=9), f"{IN_FORMAT}.guides[0].candidates"),
        (guided(temperature=3), f"{IN_FORMAT}.guides[0].temperature"),
        (guided(max_tokens=5000), f"{IN_FORMAT}.guides[0].max_tokens"),
        (guided(parts=[Part()] * 17), f"{IN_FORMAT}.guides[0].parts"),
        (guided(scoring=Scoring(enough=2)), f"{IN_FORMAT}.guides[0].scoring.enough"),
        (guided(scoring=Scoring(copied=-1)), f"{IN_FORMAT}.guides[0].scoring.copied"),
    ],
)
async def test_a_field_out_of_its_rules_is_named(fields: dict[str, Any], named: str) -> None:
    """INVALID_ARGUMENT with a BadRequest naming the field, before the engine hears of it."""
    engine = ScriptedEngine()
    async with serving(engine) as client:
        code, error = await client.refusal(client.generate(**fields))
    assert (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD") == (code, reason_name(error))
    assert {named} == set(error.fields)
    assert [] == engine.asked


@pytest.mark.parametrize("data", [b"\xff\xff\xff", b"\x0a\x02\xc3\x28"])
async def test_bytes_that_do_not_parse_are_refused(data: bytes) -> None:
    """MALFORMED_MESSAGE for what is no message, and for a string that is not UTF-8."""
    async with serving(ScriptedEngine()) as client:
        call = client.channel.unary_stream(METHOD)(data)
        code, error = await client.refusal(call)
    assert (grpc.StatusCode.INVALID_ARGUMENT, "MALFORMED_MESSAGE") == (code, reason_name(error))


async def test_a_message_over_4_mib_is_refused() -> None:
    """RESOURCE_EXHAUSTED from the transport, before anything reads it."""
    async with serving(ScriptedEngine()) as client:
        call = client.channel.unary_stream(METHOD)(bytes(4 * 1024 * 1024 + 1))
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call.read()
    assert grpc.StatusCode.RESOURCE_EXHAUSTED == refused.value.code()


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (PromptTooLong("shorten it"), grpc.StatusCode.INVALID_ARGUMENT),
        (EngineUnavailable("it starts"), grpc.StatusCode.UNAVAILABLE),
        (EngineFailed("it broke"), grpc.StatusCode.INTERNAL),
        (OutputCutOff("allow more"), grpc.StatusCode.ABORTED),
        (OutputInvalid("try again"), grpc.StatusCode.ABORTED),
        (OutputLooping("try again"), grpc.StatusCode.ABORTED),
    ],
)
async def test_a_failure_of_the_engine_is_the_status_and_no_event(
    failure: HatcheryError, code: grpc.StatusCode
) -> None:
    """What was streamed before stays a true prefix; the failure is told once, as the status."""

    async def fail(_: GenerateRequest, emit: Emit) -> Written:
        emit(TextWritten("", "Once"))
        await asyncio.sleep(0.05)
        raise failure

    async with serving(ScriptedEngine(fail)) as client:
        call = client.generate()
        events = [await call.read()]
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await client.rest(call)
    assert 1 == len(assert_prefix(events))
    error = error_of(refused.value)
    assert (code, type(failure), failure.message) == (
        refused.value.code(),
        type(error),
        error.message,
    )


async def test_a_missing_model_names_the_command_that_brings_it() -> None:
    """UNKNOWN_MODEL repeats the name, says which there are, and how to get this one."""

    async def missing(request: GenerateRequest, _: Emit) -> Written:
        raise UnknownModel(request.model, ["quill"], command="quill pull biro")

    async with serving(ScriptedEngine(missing)) as client:
        code, error = await client.refusal(client.generate(model="biro"))
    assert (grpc.StatusCode.INVALID_ARGUMENT, "UNKNOWN_MODEL") == (code, reason_name(error))
    assert {"model": "biro", "command": "quill pull biro"} == error.metadata
    assert {"model"} == set(error.fields)
    assert "quill" in error.message


async def test_a_busy_engine_says_when_to_come_again() -> None:
    """One text more than the engine writes at once is ENGINE_BUSY with RetryInfo; none queues."""
    go_on = asyncio.Event()

    async def slow(request: GenerateRequest, emit: Emit) -> Written:
        emit(TextWritten("", "Once"))
        await go_on.wait()
        return written(request, "Once")

    engine = ScriptedEngine(slow, concurrency=2)
    async with serving(engine) as client:
        calls = [client.generate(), client.generate()]
        firsts = [await call.read() for call in calls]
        code, error = await client.refusal(client.generate())
        go_on.set()
        for call, first in zip(calls, firsts, strict=True):
            assert_story([first, *await client.rest(call)])
    assert (grpc.StatusCode.RESOURCE_EXHAUSTED, "ENGINE_BUSY") == (code, reason_name(error))
    assert error.retry_after is not None
    assert error.retry_after > 0
    assert 2 == len(engine.asked)


async def test_an_engine_that_is_not_there_yet_lists_no_models() -> None:
    """ListModels says ENGINE_UNAVAILABLE while the engine cannot tell its models."""
    engine = ScriptedEngine(unavailable=EngineUnavailable("it starts"))
    async with serving(engine) as client:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await client.stub.ListModels(ListModelsRequest())
    assert "ENGINE_UNAVAILABLE" == reason_name(error_of(refused.value))


async def test_a_fault_of_ours_tells_nothing_of_itself() -> None:
    """An unexpected exception is INTERNAL with a request id, and without its text."""

    async def fault(_: GenerateRequest, __: Emit) -> Written:
        raise RuntimeError(SECRET)

    async with serving(ScriptedEngine(fault)) as client:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await client.events()
    error = error_of(refused.value)
    assert (grpc.StatusCode.INTERNAL, "INTERNAL") == (refused.value.code(), reason_name(error))
    assert error.metadata["request_id"]
    assert SECRET not in repr(refused.value)


async def test_draining_lets_a_text_finish_in_time() -> None:
    """A text that is done within the grace is delivered, though the server stops."""
    async with serving(ScriptedEngine(write_words), grace=20) as client:
        call = client.generate()
        events = [await call.read()]
        client.stopping.set()
        assert_story(events + await client.rest(call))


async def test_draining_ends_what_takes_too_long() -> None:
    """A text that outlasts the grace ends with SHUTTING_DOWN, and the engine stops."""
    engine = ScriptedEngine(write_forever)
    async with serving(engine, grace=2) as client:
        call = client.generate()
        await call.read()
        client.stopping.set()
        code, error = await client.refusal(call)
        assert engine.stopped.is_set()
    assert (grpc.StatusCode.UNAVAILABLE, "SHUTTING_DOWN") == (code, reason_name(error))


def test_every_documented_reason_is_provoked() -> None:
    """The reasons in the comments of the proto are those that the tests here provoke."""
    words = " ".join(line.strip(" /") for line in PROTO.read_text("utf-8").splitlines())
    sentences = re.findall(r"Errors: (.*?)\. ", words)
    groups = re.findall(r"\(([A-Z_]{3,}[^()]*)\)", " ".join(sentences))
    documented = set(re.findall(r"[A-Z]+_[A-Z_]+|INTERNAL", " ".join(groups)))
    assert documented
    assert PROVOKED == documented
