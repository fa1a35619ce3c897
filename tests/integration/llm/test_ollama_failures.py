"""What the ollama engine makes of a server's bad days, over real HTTP."""

import asyncio
from typing import Any

import pytest
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest

from services.runtime.errors import (
    EngineBusy,
    EngineFailed,
    EngineUnavailable,
    HatcheryError,
    OutputCutOff,
    OutputInvalid,
    OutputLooping,
    PromptTooLong,
    UnknownModel,
)
from tests.integration.llm.asking import text_request
from tests.integration.llm.ollama_double import (
    SECRET,
    TITLE,
    end,
    engine_of,
    ollama_double,
    piece,
    talking,
)
from tests.support.ports import free_port

LOOP = [piece("and then she went to the sea ") for _ in range(60)]


@pytest.mark.parametrize(
    ("behaviour", "kind", "request_"),
    [
        ({"refusal": (503, f"server busy {SECRET}")}, EngineBusy, TITLE),
        ({"refusal": (404, f"model not found {SECRET}")}, UnknownModel, TITLE),
        ({"refusal": (500, SECRET)}, EngineFailed, TITLE),
        ({"refusal": (401, SECRET)}, EngineFailed, TITLE),
        (
            {"refusal": (400, f"the input length exceeds the context length {SECRET}")},
            PromptTooLong,
            TITLE,
        ),
        (
            {"refusal": (500, f"context deadline exceeded (Client.Timeout exceeded {SECRET})")},
            EngineFailed,
            TITLE,
        ),
        ({"lines": [piece("x"), {"error": SECRET}]}, EngineFailed, text_request("hi")),
        ({"lines": [piece("x")]}, EngineFailed, text_request("hi")),
        ({"lines": [piece("x")], "whole": False}, EngineFailed, text_request("hi")),
        ({"lines": [piece("x"), SECRET]}, EngineFailed, text_request("hi")),
        ({"lines": [piece("x"), {"done": SECRET}]}, EngineFailed, text_request("hi")),
        ({"lines": [piece('{"title": "x'), end("length")]}, OutputCutOff, TITLE),
        ({"lines": [piece("x"), end("length")]}, OutputCutOff, text_request("hi")),
        ({"lines": [*LOOP, end()]}, OutputLooping, text_request("hi")),
        ({"lines": [piece("\n" * 300), end("length")]}, OutputLooping, TITLE),
        ({"lines": [piece(SECRET), end()]}, OutputInvalid, TITLE),
        ({"lines": [piece('{"title": 3}'), end()]}, OutputInvalid, TITLE),
        ({"lines": [piece("{}"), end()]}, OutputInvalid, TITLE),
        ({"lines": [end()]}, OutputInvalid, TITLE),
        ({"lines": [piece(r'{"title": "half \ud83d"}'), end()]}, OutputInvalid, TITLE),
        ({"models": ()}, EngineUnavailable, TITLE),
    ],
)
async def test_each_failure_has_its_own_error(
    behaviour: dict[str, Any], kind: type[HatcheryError], request_: GenerateRequest
) -> None:
    """Typed, and with no word of the server's."""
    async with talking(**behaviour) as (_, ollama):
        with pytest.raises(kind) as failed:
            await ollama.write(request_, lambda _: None)
    assert SECRET not in failed.value.message


async def test_a_busy_server_says_when_to_come_again() -> None:
    """RetryInfo comes with it."""
    async with talking(refusal=(503, "server busy")) as (_, ollama):
        with pytest.raises(EngineBusy) as failed:
            await ollama.write(TITLE, lambda _: None)
    assert failed.value.retry_after


async def test_a_missing_model_names_the_command_that_pulls_it() -> None:
    """And the models that there are; the server is not even asked to chat."""
    async with talking() as (double, ollama):
        with pytest.raises(UnknownModel) as failed:
            await ollama.write(
                GenerateRequest(model="biro", messages=TITLE.messages), lambda _: None
            )
        assert [] == double.asked
    assert "ollama pull biro" == failed.value.metadata["command"]
    assert "quill:latest" in failed.value.message


async def test_a_server_that_is_not_there_names_the_command_that_starts_it() -> None:
    """For a text, for the models and for readiness alike."""
    url = f"http://127.0.0.1:{free_port()}"
    async with engine_of(url) as ollama:
        for call in (
            ollama.write(TITLE, lambda _: None),
            ollama.models(),
            ollama.check(),
        ):
            with pytest.raises(EngineUnavailable, match="ollama serve") as failed:
                await call
            assert url in failed.value.message


async def test_a_server_that_falls_silent_has_failed() -> None:
    """After the time that the settings allow."""

    async def never(_: int) -> None:
        await asyncio.Event().wait()

    async with (
        ollama_double(lines=[piece("x"), end()], pause=never) as double,
        engine_of(double.url, ollama_silence_timeout=0.2) as ollama,
    ):
        with pytest.raises(EngineFailed, match="silent"):
            await ollama.write(text_request("hi"), lambda _: None)


async def test_a_cancelled_call_hangs_up() -> None:
    """The server sees the connection close at once, by which a real one stops."""
    heard = asyncio.Event()

    async def wait(index: int) -> None:
        if index == 1:
            heard.set()
            await asyncio.Event().wait()

    lines = [piece("Hi"), piece("there"), end()]
    async with talking(lines=lines, pause=wait) as (double, ollama):
        call = asyncio.create_task(ollama.write(text_request("hi"), lambda _: None))
        await heard.wait()
        assert not double.gone.is_set()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        async with asyncio.timeout(10):
            await double.gone.wait()


async def test_a_loop_hangs_up() -> None:
    """A model that repeats itself is stopped, not only given up on."""

    async def wait(index: int) -> None:
        if index == len(LOOP):
            await asyncio.Event().wait()

    async with talking(lines=[*LOOP, end()], pause=wait) as (double, ollama):
        with pytest.raises(OutputLooping):
            await ollama.write(text_request("hi"), lambda _: None)
        async with asyncio.timeout(10):
            await double.gone.wait()
