"""`python -m services.llm` as a process: ready, writing, busy, stopped without a trace."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from hatchery.llm.v1.llm_service_pb2 import (
    FieldGuide,
    GenerateRequest,
    ListModelsRequest,
    Message,
)
from hatchery.llm.v1.llm_service_pb2_grpc import LlmServiceStub

from services.runtime.status import reason_name
from tests.contract.llm.scripted import error_of
from tests.integration.llm.asking import document_request, text_request
from tests.support.logged import SAID, discreet, told_until_its_end
from tests.support.oracle import assert_story, kinds
from tests.support.ports import free_port
from tests.support.waiting import until

NAME = "hatchery.llm.v1.LlmService"
LONG = text_request("Tell me a very long story.", max_tokens=2000, repeat_penalty=1.3)


async def start(**variables: str) -> asyncio.subprocess.Process:
    """The service as a process of its own."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.llm",
        env={"HATCHERY_LISTEN": "127.0.0.1:0", "HATCHERY_STOP_GRACE": "2"} | variables,
        stderr=asyncio.subprocess.PIPE,
    )


@asynccontextmanager
async def service(**variables: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, Any]]:
    """A running service and a channel to it."""
    process = await start(**variables)
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{await _port(process)}") as channel:
            yield process, channel
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _port(process: asyncio.subprocess.Process) -> int:
    assert process.stderr is not None
    async for line in process.stderr:
        if found := re.search(rb'"port": (\d+).*"listening"|"listening".*"port": (\d+)', line):
            return int(found[1] or found[2])
    raise AssertionError("the service did not start")


async def health(channel: grpc.aio.Channel, wanted: int) -> None:
    """Waits until the service has a state of health."""
    stub: Any = health_pb2_grpc.HealthStub(channel)
    async for answer in stub.Watch(health_pb2.HealthCheckRequest(service=NAME)):
        if answer.status == wanted:
            return


async def is_free(stub: Any) -> None:
    """Returns once the engine has written a short text as a story; until then it may be busy."""

    async def written() -> bool:
        try:
            assert_story([event async for event in stub.Generate(text_request("Say hi."))])
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED:
                return False
            raise
        return True

    await until(written, 10)


async def test_the_embedded_default_serves_stories_and_stops_cleanly() -> None:
    """Ready after loading; a document and a model list over gRPC; SIGTERM ends it with 0."""
    async with service() as (process, channel):
        await health(channel, health_pb2.HealthCheckResponse.SERVING)
        stub: Any = LlmServiceStub(channel)
        (model,) = (await stub.ListModels(ListModelsRequest())).models
        assert ("smollm2", "llamacpp", True, True) == (
            model.name,
            model.engine,
            model.default,
            model.loaded,
        )
        events = assert_story(
            [event async for event in stub.Generate(document_request("a soup", "title", "kind"))]
        )
        assert {"prompt_progress", "text_delta", "token_progress"} <= set(kinds(events))
        assert ["step_completed", "completed"] == kinds(events)[-2:]
        usage = events[-2].step_completed.usage
        assert ("llamacpp", "smollm2", 1) == (usage.engine, usage.model, usage.seed)
        assert usage.output_tokens == max(event.token_progress.tokens for event in events)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            assert 0 == await process.wait()


async def test_sigterm_while_the_model_loads_ends_it_cleanly(tmp_path: Path) -> None:
    """The signal is heard before it is ready, and the exit status is 0."""
    (tmp_path / "slow.gguf").touch()
    (tmp_path / "xllamacpp.py").write_text("import time; time.sleep(2)")
    model = {"HATCHERY_LLAMACPP_MODEL": str(tmp_path / "slow.gguf"), "PYTHONPATH": str(tmp_path)}
    async with service(**model) as (process, _):
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        async with asyncio.timeout(10):
            told = (await process.stderr.read()).decode()
            assert 0 == await process.wait()
    assert '"ready"' not in told
    assert "Traceback" not in told


async def test_its_log_has_no_words() -> None:
    """Neither of what it writes nor of what it refuses, whoever finds the fault."""
    asked = [
        text_request(SAID, max_tokens=16),
        text_request(SAID * 1000),
        document_request(SAID, "title"),
        document_request(SAID, "title", guides=[FieldGuide(field="/none", choices=[SAID])]),
        GenerateRequest(messages=[Message(role=Message.ROLE_USER, content=SAID)], model="x" + SAID),
    ]
    written, refused = [], set[grpc.StatusCode]()
    async with service() as (process, channel):
        await health(channel, health_pb2.HealthCheckResponse.SERVING)
        stub: Any = LlmServiceStub(channel)
        for request in asked:
            try:
                events = [event async for event in stub.Generate(request)]
            except grpc.aio.AioRpcError as error:
                refused.add(error.code())
            else:
                written.append(str(events[-2].step_completed.text))
        told = await told_until_its_end(process)
    assert grpc.StatusCode.INVALID_ARGUMENT in refused
    lines = discreet(told, "llm", *filter(None, written))
    assert {"ready", "call refused", "stopped"} <= {line["event"] for line in lines}


async def test_a_busy_engine_refuses_and_a_cancelled_call_frees_it() -> None:
    """ENGINE_BUSY with RetryInfo while it writes; free at once when that call is cancelled."""
    async with service() as (_, channel):
        await health(channel, health_pb2.HealthCheckResponse.SERVING)
        stub: Any = LlmServiceStub(channel)
        call = stub.Generate(LONG)
        while not (await call.read()).HasField("token_progress"):
            pass
        with pytest.raises(grpc.aio.AioRpcError) as busy:
            await stub.Generate(text_request("hi")).read()
        error = error_of(busy.value)
        assert (grpc.StatusCode.RESOURCE_EXHAUSTED, "ENGINE_BUSY") == (
            busy.value.code(),
            reason_name(error),
        )
        assert error.retry_after
        call.cancel()
        await is_free(stub)


async def test_a_deadline_stops_the_engine() -> None:
    """The call ends with DEADLINE_EXCEEDED, and the engine is free for the next one."""
    async with service() as (_, channel):
        await health(channel, health_pb2.HealthCheckResponse.SERVING)
        stub: Any = LlmServiceStub(channel)
        with pytest.raises(grpc.aio.AioRpcError) as expired:
            async for _ in stub.Generate(LONG, timeout=1.0):
                pass
        assert grpc.StatusCode.DEADLINE_EXCEEDED == expired.value.code()
        await is_free(stub)


async def test_a_service_whose_ollama_is_not_there_says_so_and_waits() -> None:
    """It runs and is not ready; calls get ENGINE_UNAVAILABLE with what to do."""
    url = f"http://127.0.0.1:{free_port()}"
    async with service(HATCHERY_LLM_ENGINE="ollama", HATCHERY_OLLAMA_URL=url) as (_, channel):
        await health(channel, health_pb2.HealthCheckResponse.NOT_SERVING)
        stub: Any = LlmServiceStub(channel)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await stub.Generate(text_request("hi")).read()
    error = error_of(refused.value)
    assert (grpc.StatusCode.UNAVAILABLE, "ENGINE_UNAVAILABLE") == (
        refused.value.code(),
        reason_name(error),
    )
    assert "ollama serve" in error.message


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"HATCHERY_LLAMACPP_MODEL": "{tmp}/none.gguf"}, "HATCHERY_LLAMACPP_MODEL"),
        ({"HATCHERY_LLAMACPP_MODEL": "{tmp}/bad.gguf"}, "cannot be loaded: bad.gguf"),
        ({"HATCHERY_LLM_ENGINE": "scripted"}, "HATCHERY_LLM_ENGINE"),
        ({"HATCHERY_LLM_CONCURRENCY": "0"}, "HATCHERY_LLM_CONCURRENCY"),
    ],
)
async def test_what_cannot_start_says_why_and_ends(
    tmp_path: Path, variables: dict[str, str], words: str
) -> None:
    """Exit status 2 and a line that names what to put right."""
    (tmp_path / "bad.gguf").write_bytes(b"GGUF or not")
    process = await start(
        **{name: value.replace("{tmp}", str(tmp_path)) for name, value in variables.items()}
    )
    async with asyncio.timeout(20):
        _, told = await process.communicate()
    assert 2 == process.returncode
    assert words in told.decode()
    assert "Traceback" not in told.decode()
