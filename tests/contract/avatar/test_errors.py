"""Every error that avatar_service.proto documents is provoked, over a real port."""

import asyncio
import re
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from hatchery.avatar.v1.avatar_service_pb2 import (
    GenerateRequest,
    ListModelsRequest,
    PreviewOptions,
)

from services.avatar.port import Emit, Portrait, PortraitRequest, StepDone
from services.runtime.errors import EngineFailed, EngineUnavailable, UnknownModel
from services.runtime.status import reason_name
from tests.contract.avatar.scripted import (
    ScriptedEngine,
    draw_steps,
    error_of,
    portrait,
    serving,
)
from tests.support.oracle import assert_prefix, assert_story

PROTO = Path(__file__).parents[3] / "protos/hatchery/avatar/v1/avatar_service.proto"
METHOD = "/hatchery.avatar.v1.AvatarService/Generate"
SECRET = "s3cret of the engine"  # what no client may see

# What a test below provokes; the last test compares it with what is documented.
PROVOKED = {
    "INVALID_FIELD",
    "MALFORMED_MESSAGE",
    "UNKNOWN_MODEL",
    "ENGINE_BUSY",
    "ENGINE_UNAVAILABLE",
    "SHUTTING_DOWN",
    "ENGINE_FAILED",
    "INTERNAL",
}


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"prompt": ""}, {"prompt"}),
        ({"prompt": "x" * 10_001}, {"prompt"}),
        ({"prompt": "a\0b"}, {"prompt"}),
        ({"species": "x" * 201}, {"species"}),
        ({"style": "x" * 1001}, {"style"}),
        ({"palette": ["#1f7f80", "red"]}, {"palette[1]"}),
        ({"palette": ["#000000"] * 9}, {"palette"}),
        ({"width": 100}, {"width"}),
        ({"width": -16, "height": 4096}, {"width", "height"}),
        ({"width": 64, "height": 1040}, {"width", "height"}),
        ({"model": "ink", "width": 512}, {"width"}),
        ({"steps": -1}, {"steps"}),
        ({"steps": 101}, {"steps"}),
        ({"steps": 21}, {"steps"}),
        ({"model": "x" * 401}, {"model"}),
        (
            {"preview": PreviewOptions(min_interval=Duration(seconds=-1))},
            {"preview.min_interval"},
        ),
    ],
)
async def test_a_field_out_of_its_rules_is_named(fields: dict[str, Any], named: set[str]) -> None:
    """INVALID_ARGUMENT with a BadRequest naming each field, before the engine hears of it."""
    engine = ScriptedEngine()
    async with serving(engine) as client:
        code, error = await client.refusal(client.generate(**fields))
    assert (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD") == (code, reason_name(error))
    assert named == set(error.fields)
    assert [] == engine.asked


@pytest.mark.parametrize("data", [b"\xff\xff\xff", b"\x12\x02\xc3\x28"])
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


async def test_an_unknown_model_names_the_known() -> None:
    """UNKNOWN_MODEL repeats the name and says which there are."""
    async with serving(ScriptedEngine()) as client:
        code, error = await client.refusal(client.generate(model="oil"))
    assert (grpc.StatusCode.INVALID_ARGUMENT, "UNKNOWN_MODEL") == (code, reason_name(error))
    assert "oil" == error.metadata["model"]
    assert {"model"} == set(error.fields)
    assert "crayon, ink" in error.message


async def test_missing_weights_name_the_command_that_brings_them() -> None:
    """An engine that lacks a model's weights tells how to get them."""

    async def missing(request: PortraitRequest, _: Emit) -> Portrait:
        raise UnknownModel(request.model, command="hf download acme/crayon")

    async with serving(ScriptedEngine(missing)) as client:
        _, error = await client.refusal(client.generate())
    assert ("UNKNOWN_MODEL", "hf download acme/crayon") == (
        reason_name(error),
        error.metadata["command"],
    )


async def test_a_busy_engine_says_when_to_come_again() -> None:
    """One portrait more than the engine draws at once is ENGINE_BUSY with RetryInfo."""
    go_on = asyncio.Event()

    async def slow(request: PortraitRequest, emit: Emit) -> Portrait:
        emit(StepDone(1, 2, "strokes", 0.1))
        await go_on.wait()
        return portrait(request)

    async with serving(ScriptedEngine(slow)) as client:
        first = client.generate()
        events = [await first.read()]
        code, error = await client.refusal(client.generate())
        go_on.set()
        events += await client.rest(first)
        assert_story(events)
    assert (grpc.StatusCode.RESOURCE_EXHAUSTED, "ENGINE_BUSY") == (code, reason_name(error))
    assert error.retry_after is not None
    assert error.retry_after > 0


@pytest.mark.parametrize("failure", [EngineUnavailable("it starts"), EngineFailed("it broke")])
async def test_a_failure_of_the_engine_is_the_status_and_no_event(failure: Any) -> None:
    """What was streamed before stays a true prefix; the failure is told once, as the status."""

    async def fail(_: PortraitRequest, emit: Emit) -> Portrait:
        emit(StepDone(1, 4, "strokes", 0.1))
        await asyncio.sleep(0.05)
        raise failure

    async with serving(ScriptedEngine(fail)) as client:
        call = client.generate()
        events = [await call.read()]
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await client.rest(call)
    assert 1 == len(assert_prefix(events))
    error = error_of(refused.value)
    assert (type(failure), failure.message) == (type(error), error.message)


async def test_an_engine_that_is_not_there_yet_is_unavailable() -> None:
    """Both RPCs say ENGINE_UNAVAILABLE while the engine cannot tell its models."""
    engine = ScriptedEngine(unavailable=EngineUnavailable("it starts", retry_after=1.0))
    async with serving(engine) as client:
        code, error = await client.refusal(client.generate())
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await client.stub.ListModels(ListModelsRequest())
    assert (grpc.StatusCode.UNAVAILABLE, "ENGINE_UNAVAILABLE") == (code, reason_name(error))
    assert "ENGINE_UNAVAILABLE" == reason_name(error_of(refused.value))


async def test_a_fault_of_ours_tells_nothing_of_itself() -> None:
    """An unexpected exception is INTERNAL with a request id, and without its text."""

    async def fault(_: PortraitRequest, __: Emit) -> Portrait:
        raise RuntimeError(SECRET)

    async with serving(ScriptedEngine(fault)) as client:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await client.events()
    error = error_of(refused.value)
    assert (grpc.StatusCode.INTERNAL, "INTERNAL") == (refused.value.code(), reason_name(error))
    assert error.metadata["request_id"]
    assert SECRET not in repr(refused.value)


async def test_a_picture_too_large_for_a_message_is_a_typed_failure() -> None:
    """More bytes than a message can carry is ENGINE_FAILED, not a broken transport."""

    async def huge(request: PortraitRequest, _: Emit) -> Portrait:
        return portrait(request, bytes(3_900_001))

    async with serving(ScriptedEngine(huge)) as client:
        _, error = await client.refusal(client.generate())
    assert "ENGINE_FAILED" == reason_name(error)
    assert "smaller" in error.message


async def test_the_largest_picture_that_is_allowed_arrives() -> None:
    """Just below the limit the whole message fits."""

    async def large(request: PortraitRequest, _: Emit) -> Portrait:
        return portrait(request, bytes(3_900_000))

    async with serving(ScriptedEngine(large)) as client:
        events = assert_story(await client.events())
    assert 3_900_000 == len(events[-2].step_completed.image.data)


async def test_draining_lets_a_portrait_finish_in_time() -> None:
    """A portrait that is done within the grace is delivered, though the server stops."""
    async with serving(ScriptedEngine(draw_steps), grace=20) as client:
        call = client.generate(steps=10)
        events = [await call.read()]
        client.stopping.set()
        events += await client.rest(call)
        assert_story(events)


async def test_draining_ends_what_takes_too_long() -> None:
    """A portrait that outlasts the grace ends with SHUTTING_DOWN, and the engine stops."""

    async def forever(_: PortraitRequest, emit: Emit) -> Portrait:
        emit(StepDone(1, 4, "strokes", 0.1))
        await asyncio.Event().wait()
        raise AssertionError

    engine = ScriptedEngine(forever)
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


def test_requests_have_the_fields_that_the_tests_vary() -> None:
    """A field added to the request needs a line in the table above, or a reason for none."""
    fields = {field.name for field in GenerateRequest.DESCRIPTOR.fields}
    assert {
        "model",
        "prompt",
        "species",
        "appearance",
        "width",
        "height",
        "steps",
        "seed",
        "preview",
        "style",
        "palette",
    } == fields
