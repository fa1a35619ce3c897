"""What the ollama engine makes of a server's good and bad days, over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest, Message
from hatchery.types.v1.image_pb2 import Image

from services.llm.engines.ollama.engine import OllamaEngine
from services.llm.port import EngineEvent, ModelLoading, TokensWritten
from services.llm.settings import LlmSettings
from services.runtime.errors import (
    EngineBusy,
    EngineFailed,
    EngineUnavailable,
    HatcheryError,
    InvalidField,
    OutputCutOff,
    OutputInvalid,
    OutputLooping,
    PromptTooLong,
    UnknownModel,
)
from tests.integration.llm.asking import document_request, gauges, said, text_request
from tests.integration.llm.ollama_double import OllamaDouble, end, ollama_double, piece
from tests.support.ports import free_port

SECRET = "s3cret of the server"  # what no client may see
TITLE = document_request("a soup", "title")


@asynccontextmanager
async def engine(url: str, **settings: Any) -> AsyncIterator[OllamaEngine]:
    """An engine of a server."""
    made = OllamaEngine(LlmSettings(llm_engine="ollama", ollama_url=url, **settings))
    try:
        yield made
    finally:
        await made.close()


@asynccontextmanager
async def talking(**behaviour: Any) -> AsyncIterator[tuple[OllamaDouble, OllamaEngine]]:
    """A double and an engine that talks to it."""
    async with ollama_double(**behaviour) as double, engine(double.url) as made:
        yield double, made


async def test_counts_are_the_servers_own() -> None:
    """Nanoseconds become seconds; the last gauge has the true count and rate."""
    events: list[EngineEvent] = []
    async with talking(lines=[piece("Hel"), piece("lo"), end()]) as (_, ollama):
        written = await ollama.write(text_request("hi"), events.append)
    assert ("Hello", None, "quill:latest", 20, 10) == (
        written.text,
        written.document,
        written.model,
        written.input_tokens,
        written.output_tokens,
    )
    assert (0.5, 0.25, 2.0) == (
        written.load_seconds,
        written.prompt_seconds,
        written.generate_seconds,
    )
    assert [1, 2, 10] == [gauge.tokens for gauge in gauges(events)]
    assert [True, True, False] == [gauge.estimated for gauge in gauges(events)]
    assert 5.0 == gauges(events)[-1].tokens_per_second


async def test_a_document_is_asked_for_by_schema_and_told_by_field() -> None:
    """The schema goes along as it stands, with the examples; the pieces come as field deltas."""
    lines = [piece('{"title": "Hot'), piece(" Soup"), piece('"}'), end()]
    events: list[EngineEvent] = []
    async with talking(lines=lines) as (double, ollama):
        written = await ollama.write(TITLE, events.append)
    assert {"title": "Hot Soup"} == written.document
    assert {"/title": "Hot Soup"} == said(events)
    (asked,) = double.asked
    assert json.loads(TITLE.response_format.json_schema) == asked["format"]
    assert ["user", "assistant", "user"] == [turn["role"] for turn in asked["messages"]]
    assert ("quill:latest", False) == (asked["model"], asked["think"])
    assert {"seed": 1, "num_predict": 2048} == asked["options"]
    # The example has nine tokens or so: from the first one on there is an estimate.
    assert gauges(events)[0].estimated_total > 1


async def test_thoughts_are_counted_and_not_told() -> None:
    """A model that thinks first shows a moving gauge and no text."""
    events: list[EngineEvent] = []
    lines = [piece(thinking="Hm"), piece(thinking=" well"), piece("Yes"), end()]
    async with talking(lines=lines) as (_, ollama):
        written = await ollama.write(text_request("hi"), events.append)
    assert "Yes" == written.text
    assert {"": "Yes"} == said(events)
    assert [TokensWritten] * 3 == [type(event) for event in events[:3]]


async def test_loading_is_told_until_the_first_word() -> None:
    """At once and every second where the model is not in memory; not at all where it is."""

    async def load(index: int) -> None:
        if index == 0:
            await asyncio.sleep(1.2)

    told = []
    for loaded in ((), ("quill:latest",)):
        events: list[EngineEvent] = []
        async with talking(loaded=loaded, lines=[piece("Hi"), end()], pause=load) as (_, ollama):
            await ollama.write(text_request("hi"), events.append)
        told.append([event for event in events if isinstance(event, ModelLoading)])
    cold, warm = told
    assert [("quill:latest", 0), ("quill:latest", 1)] == [
        (event.model, int(event.elapsed)) for event in cold
    ]
    assert [] == warm


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


async def test_half_a_character_becomes_a_mark() -> None:
    """JSON can carry one, UTF-8 cannot: the text says that something was there."""
    async with talking(lines=[piece("so \ud83d"), piece(" it is"), end()]) as (_, ollama):
        events: list[EngineEvent] = []
        written = await ollama.write(text_request("hi"), events.append)
    assert "so \ufffd it is" == written.text
    assert {"": written.text} == said(events)


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
    async with engine(url) as ollama:
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
        engine(double.url, ollama_silence_timeout=0.2) as ollama,
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
        async with asyncio.timeout(1):
            await double.gone.wait()


async def test_a_loop_hangs_up() -> None:
    """A model that repeats itself is stopped, not only given up on."""

    async def wait(index: int) -> None:
        if index == len(LOOP):
            await asyncio.Event().wait()

    async with talking(lines=[*LOOP, end()], pause=wait) as (double, ollama):
        with pytest.raises(OutputLooping):
            await ollama.write(text_request("hi"), lambda _: None)
        async with asyncio.timeout(1):
            await double.gone.wait()


async def test_models_say_what_they_can() -> None:
    """The default first, those that cannot write left out; each is asked once."""
    names = ("a:latest", "b:7b", "quill:latest")
    async with ollama_double(
        models=names, loaded=["b:7b"], capabilities=["completion", "vision"]
    ) as double:
        async with engine(double.url, ollama_model="quill") as ollama:
            models = await ollama.models()
            await ollama.models()
        assert sorted(names) == sorted(double.shown)
        double.capabilities = ["embedding"]
        async with engine(double.url) as ollama:
            assert [] == await ollama.models()
        double.capabilities = None
        async with engine(double.url) as ollama:
            assert list(names) == [model.name for model in await ollama.models()]
    assert ["quill:latest", "a:latest", "b:7b"] == [model.name for model in models]
    assert [False, False, True] == [model.loaded for model in models]
    assert [["quill"], ["a"], []] == [list(model.aliases) for model in models]
    assert all(model.vision for model in models)


@pytest.mark.parametrize("vision", [True, False])
async def test_pictures_go_to_models_that_see(vision: bool) -> None:
    """As base64 with their message; any other model refuses them by name of the field."""
    message = Message(role=Message.ROLE_USER, content="what is it?", images=[Image(data=b"png!")])
    request = GenerateRequest(messages=[message])
    abilities = ["completion", "vision"] if vision else ["completion"]
    async with talking(capabilities=abilities, lines=[piece("a hen"), end()]) as (double, ollama):
        if vision:
            assert "a hen" == (await ollama.write(request, lambda _: None)).text
            assert ["cG5nIQ=="] == double.asked[0]["messages"][0]["images"]
        else:
            with pytest.raises(InvalidField) as refused:
                await ollama.write(request, lambda _: None)
            assert {"messages[0].images"} == set(refused.value.fields)


async def test_readiness_follows_the_default_model() -> None:
    """A server without it is not ready, and says which command helps."""
    async with ollama_double() as double:
        async with engine(double.url) as ollama:
            await ollama.check()
        async with engine(double.url, ollama_model="biro") as ollama:
            with pytest.raises(EngineUnavailable, match="ollama pull biro"):
                await ollama.check()
