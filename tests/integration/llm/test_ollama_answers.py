"""What the ollama engine makes of a server's good days, over real HTTP."""

import asyncio
import json

import pytest
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest, Message
from hatchery.types.v1.image_pb2 import Image

from services.llm.port import EngineEvent, ModelLoading, TokensWritten
from services.runtime.errors import EngineUnavailable, InvalidField
from services.runtime.observing import traces
from tests.integration.llm.asking import gauges, said, text_request
from tests.integration.llm.ollama_double import TITLE, end, engine_of, ollama_double, piece, talking
from tests.support.collector import collecting


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


async def test_what_a_server_does_is_a_span() -> None:
    """With its model and its own counts, and none of the words."""
    async with collecting() as collector:
        async with (
            traces(collector.endpoint, 1.0, "test") as tracing,
            talking(lines=[piece("Hel"), piece("lo"), end()]) as (_, ollama),
        ):
            with tracing.span("a call", "server", {}, {}):
                await ollama.write(text_request("a private wish"), lambda _: None)
        span = collector.one("chat quill:latest")
        assert ["a call"] == list(collector.lineage(span))
        assert {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "ollama",
            "gen_ai.request.model": "quill:latest",
            "gen_ai.response.model": "quill:latest",
            "gen_ai.usage.input_tokens": 20,
            "gen_ai.usage.output_tokens": 10,
        } == span.attributes
        assert "private" not in str(collector.requests)


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


async def test_half_a_character_becomes_a_mark() -> None:
    """JSON can carry one, UTF-8 cannot: the text says that something was there."""
    async with talking(lines=[piece("so \ud83d"), piece(" it is"), end()]) as (_, ollama):
        events: list[EngineEvent] = []
        written = await ollama.write(text_request("hi"), events.append)
    assert "so \ufffd it is" == written.text
    assert {"": written.text} == said(events)


async def test_models_say_what_they_can() -> None:
    """The default first, those that cannot write left out; each is asked once."""
    names = ("a:latest", "b:7b", "quill:latest")
    async with ollama_double(
        models=names, loaded=["b:7b"], capabilities=["completion", "vision"]
    ) as double:
        async with engine_of(double.url, ollama_model="quill") as ollama:
            models = await ollama.models()
            await ollama.models()
        assert sorted(names) == sorted(double.shown)
        double.capabilities = ["embedding"]
        async with engine_of(double.url) as ollama:
            assert [] == await ollama.models()
        double.capabilities = None
        async with engine_of(double.url) as ollama:
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
        async with engine_of(double.url) as ollama:
            await ollama.check()
        async with engine_of(double.url, ollama_model="biro") as ollama:
            with pytest.raises(EngineUnavailable, match="ollama pull biro"):
                await ollama.check()
