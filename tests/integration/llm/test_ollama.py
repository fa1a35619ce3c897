"""The ollama engine with a real Ollama server and its model."""

import asyncio
from collections.abc import AsyncIterator

import psutil
import pytest

from services.llm.engines.ollama.engine import OllamaEngine
from services.llm.port import EngineEvent
from services.llm.settings import LlmSettings
from services.runtime.errors import OutputCutOff, PromptTooLong, UnknownModel
from tests.integration.llm.asking import document_request, gauges, said, text_request
from tests.support.waiting import until
from tests.tools.ollama_server import OllamaServer


@pytest.fixture
async def ollama(ollama_server: OllamaServer) -> AsyncIterator[OllamaEngine]:
    """The engine of the server."""
    engine = OllamaEngine(LlmSettings(llm_engine="ollama", ollama_url=ollama_server.url))
    yield engine
    await engine.close()


async def test_free_text_is_streamed_with_true_counts(ollama: OllamaEngine) -> None:
    """What was said is the text; the last gauge is the server's count."""
    events: list[EngineEvent] = []
    written = await ollama.write(text_request("Say hi.", max_tokens=300), events.append)
    assert {"": written.text} == said(events)
    assert written.text.strip()
    assert ("smollm2:latest", 1) == (written.model, written.seed)
    assert written.output_tokens == gauges(events)[-1].tokens
    # A chunk is a token, near enough for a gauge.
    assert gauges(events)[-2].tokens == pytest.approx(written.output_tokens, abs=3)
    assert written.generate_seconds > 0


async def test_a_document_keeps_to_its_schema_in_its_order(ollama: OllamaEngine) -> None:
    """The server holds the model to the schema; each field is told as it stands in the end."""
    events: list[EngineEvent] = []
    request = document_request("a hot tomato soup", "title", "kind", "tastes", "vegetarian")
    request.sampling.temperature = 0.0
    written = await ollama.write(request, events.append)
    assert written.document is not None
    assert ["title", "kind", "tastes", "vegetarian"] == list(written.document)
    texts = said(events)
    assert written.document["title"] == texts["/title"]
    assert ", ".join(written.document["tastes"]) == texts["/tastes"]
    assert str(written.document["vegetarian"]).lower() == texts["/vegetarian"]
    assert ["/title", "/kind", "/tastes", "/vegetarian"] == list(texts)


async def test_a_seed_repeats_a_text(ollama: OllamaEngine) -> None:
    """The same again with the same seed."""
    first, again = [
        (
            await ollama.write(
                text_request("Name an animal.", seed=3, max_tokens=400), lambda _: None
            )
        ).text
        for _ in range(2)
    ]
    assert first == again


async def test_a_text_that_reaches_its_limit_is_cut_off(ollama: OllamaEngine) -> None:
    """OUTPUT_CUT_OFF, not half a text."""
    with pytest.raises(OutputCutOff):
        await ollama.write(text_request("Tell me a long story.", max_tokens=5), lambda _: None)


async def test_messages_that_do_not_fit_are_refused(ollama: OllamaEngine) -> None:
    """PROMPT_TOO_LONG, not an answer to the part that did fit."""
    with pytest.raises(PromptTooLong):
        await ollama.write(text_request("Sum this up: " + "a cat " * 2000), lambda _: None)


async def test_a_model_that_was_not_pulled_is_unknown(ollama: OllamaEngine) -> None:
    """With the command that pulls it."""
    request = text_request("hi")
    request.model = "not-there:1b"
    with pytest.raises(UnknownModel) as failed:
        await ollama.write(request, lambda _: None)
    assert "ollama pull not-there:1b" == failed.value.metadata["command"]


async def test_the_model_is_listed(ollama: OllamaEngine) -> None:
    """With its tag, its size and that it cannot see."""
    await ollama.check()
    (model,) = await ollama.models()
    assert ("smollm2:latest", False) == (model.name, model.vision)
    assert "Q4_1" in model.title


async def test_a_cancelled_call_stops_the_server(
    ollama: OllamaEngine, ollama_server: OllamaServer
) -> None:
    """Its processes come to rest, long before the text would have ended."""
    events: list[EngineEvent] = []
    writing = asyncio.Event()

    def listen(event: EngineEvent) -> None:
        events.append(event)
        if len(gauges(events)) == 20:
            writing.set()

    long = text_request("Tell me a very long story.", max_tokens=5000, repeat_penalty=1.3)
    call = asyncio.create_task(ollama.write(long, listen))
    await writing.wait()
    assert await cores_taken(ollama_server) > 0.1
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call

    async def rests() -> bool:
        return await cores_taken(ollama_server) < 0.05

    await until(rests, 20)


async def cores_taken(server: OllamaServer) -> float:
    """How many cores a server and its model take, over half a second."""
    parent = psutil.Process(server.pid)
    processes = [parent, *parent.children(recursive=True)]

    def spent() -> float:
        times = [process.cpu_times() for process in processes]
        return sum(time.user + time.system for time in times)

    before = spent()
    await asyncio.sleep(0.5)
    return (spent() - before) / 0.5
