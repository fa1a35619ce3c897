"""The ollama engine goes on after a beginning, whatever a model's template makes of it."""

from collections.abc import AsyncIterator, Sequence

import ollama
import pytest
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest, Message
from hatchery.types.v1.image_pb2 import Image

from services.llm.engines.ollama.engine import OllamaEngine
from services.llm.port import EngineEvent, ModelLoading, TextWritten
from services.llm.settings import LlmSettings
from services.runtime.errors import (
    InvalidField,
    OutputCutOff,
    OutputLooping,
    PromptTooLong,
    UnknownModel,
)
from tests.integration.llm.asking import gauges, said, text_request
from tests.integration.llm.ollama_double import Line, answer, end, talking
from tests.tools.ollama_server import MODEL, OllamaServer

STORY = "Write a short story about a lighthouse."
LENGTH = 40

# As most of the templates of Ollama's own library have it: an answer at the end is left open.
OPEN_TEMPLATE = """{{- range $i, $_ := .Messages }}
{{- $last := eq (len (slice $.Messages $i)) 1 }}<|im_start|>{{ .Role }}
{{ .Content }}{{ if not (and $last (eq .Role "assistant")) }}<|im_end|>
{{ end }}
{{- if and $last (ne .Role "assistant") }}<|im_start|>assistant
{{ end }}
{{- end }}"""


@pytest.fixture(params=["closing", "open"])
async def engine(
    request: pytest.FixtureRequest, ollama_server: OllamaServer
) -> AsyncIterator[OllamaEngine]:
    """The engine with a model whose template closes every turn, and one that leaves it open."""
    client = ollama.AsyncClient(ollama_server.url, trust_env=False)
    model = MODEL
    if request.param == "open":
        model = "left-open"
        await client.create(model=model, from_=MODEL, template=OPEN_TEMPLATE)
    made = OllamaEngine(
        LlmSettings(llm_engine="ollama", ollama_url=ollama_server.url, ollama_model=model)
    )
    yield made
    await made.close()
    if model != MODEL:
        await client.delete(model)
    await client.close()  # type: ignore[no-untyped-call]


def going_on(prefix: str, *, tokens: int = LENGTH) -> GenerateRequest:
    """A request for the story that begins so, where the likeliest token is always taken."""
    request = text_request(STORY, max_tokens=tokens, temperature=0.0, repeat_penalty=1.0)
    request.prefix = prefix
    return request


async def told(engine: OllamaEngine, request: GenerateRequest) -> list[EngineEvent]:
    """What it says up to the limit of its tokens."""
    events: list[EngineEvent] = []
    with pytest.raises(OutputCutOff):
        await engine.write(request, events.append)
    return events


async def test_what_was_cut_and_what_is_added_is_the_uncut_text(engine: OllamaEngine) -> None:
    """At the likeliest token, wherever it stopped; what is added is what is counted."""
    events = await told(engine, going_on(""))
    pieces = [event.text for event in events if isinstance(event, TextWritten)]
    uncut = "".join(pieces)
    assert LENGTH == gauges(events)[-1].tokens == len(pieces)
    for cut in (10, 20, 30):
        beginning = "".join(pieces[:cut])
        added = await told(engine, going_on(beginning, tokens=LENGTH - cut))
        assert uncut == beginning + said(added)[""]
        assert LENGTH - cut == gauges(added)[-1].tokens
    word = uncut.index(" ", 60) + 1
    added = await told(engine, going_on(uncut[:word]))
    assert (uncut[:word] + said(added)[""]).startswith(uncut)


async def test_what_was_there_before_is_read(engine: OllamaEngine) -> None:
    """The prompt is that much longer, and no template stands between: not a token more."""
    request = text_request("Say hi.", max_tokens=300, temperature=0.0)
    whole = await engine.write(request, lambda _: None)
    request.prefix = "Hi! I am"
    events: list[EngineEvent] = []
    written = await engine.write(request, events.append)
    assert {"": written.text} == said(events)
    assert whole.input_tokens + 4 == written.input_tokens
    assert written.output_tokens == gauges(events)[-1].tokens


async def test_a_mark_of_a_turn_opens_none(engine: OllamaEngine) -> None:
    """It is read letter by letter, not as the one token that ends an answer."""
    counts = []
    for beginning in ("Hi! I am", "Hi! I am<|im_end|>"):
        request = text_request("Say hi.", max_tokens=300, temperature=0.0)
        request.prefix = beginning
        counts.append((await engine.write(request, lambda _: None)).input_tokens)
    assert counts[1] > counts[0] + 3


async def test_what_cannot_be_begun_is_refused(engine: OllamaEngine) -> None:
    """A beginning that does not fit and one behind an answer, each with its own error."""
    with pytest.raises(PromptTooLong, match="shorten"):
        await engine.write(going_on("a cat " * 30_000), lambda _: None)
    request = going_on("Once")
    request.messages.append(Message(role=Message.ROLE_ASSISTANT, content="Twice"))
    with pytest.raises(InvalidField, match="messages"):
        await engine.write(request, lambda _: None)
    assert said(await told(engine, going_on("Once\0 upon a time", tokens=5)))[""]


def closing(turns: Sequence[Line]) -> str:
    """A template that closes every turn and opens the next."""
    return "".join(f"[{turn['role']}]{turn['content']}[end]" for turn in turns) + "[assistant]"


def leaving_open(turns: Sequence[Line]) -> str:
    """A template that leaves an answer open."""
    last = turns[-1]
    if last["role"] != "assistant":
        return closing(turns)
    return f"{closing(turns[:-1])}{last['content']}"


@pytest.mark.parametrize("rendering", [closing, leaving_open])
async def test_the_prompt_ends_with_the_beginning(rendering: object) -> None:
    """It is completed as it stands, by the same options, without thoughts, with the pictures."""
    request = text_request("hi", temperature=0.5)
    request.messages[0].images.append(Image(data=b"png!"))
    request.prefix = "Once upon "
    lines = [answer(" a"), answer(" time"), end()]
    events: list[EngineEvent] = []
    async with talking(lines=lines, rendering=rendering, capabilities=["completion", "vision"]) as (
        double,
        engine,
    ):
        written = await engine.write(request, events.append)
    (asked,) = double.asked
    assert "[user]hi[end][assistant]Once upon" == asked["prompt"]
    assert (True, False, False, False, ["cG5nIQ=="]) == (
        asked["raw"],
        asked["think"],
        asked["truncate"],
        asked["shift"],
        asked["images"],
    )
    assert {"temperature": 0.5, "seed": 1, "num_predict": 60} == asked["options"]
    assert all(["cG5nIQ=="] == one["messages"][0]["images"] for one in double.rendered)
    assert ("a time", {"": "a time"}) == (written.text, said(events))
    assert (20, 10) == (written.input_tokens, written.output_tokens)


async def test_a_server_that_cannot_show_its_prompts_is_named() -> None:
    """An older one: the beginning is refused, rather than written anew and told as its end."""
    async with talking(lines=[answer("Once"), end()]) as (double, engine):
        with pytest.raises(InvalidField, match="update") as refused:
            await engine.write(going_on("Once"), lambda _: None)
    assert {"prefix"} == set(refused.value.fields)
    assert [] == double.asked
    assert [1] == [one["options"]["num_predict"] for one in double.rendered]


async def test_a_model_is_said_to_load_before_it_goes_on() -> None:
    """Also while the prompt is rendered, for which it is loaded."""
    events: list[EngineEvent] = []
    async with talking(loaded=(), lines=[answer(" a"), end()], rendering=closing) as (_, engine):
        await engine.write(going_on("Once"), events.append)
    assert isinstance(events[0], ModelLoading)


async def test_a_loop_that_began_before_is_noticed() -> None:
    """A beginning that repeats itself counts, while it streams and at the limit."""
    looped = [answer("ha "), *[answer("ha ha ha ha ha ")] * 3, end()]
    short = [answer("ha ha "), end("length")]
    for lines in (looped, short):
        async with talking(lines=lines, rendering=closing) as (_, engine):
            with pytest.raises(OutputLooping):
                await engine.write(going_on("ha " * 100), lambda _: None)


async def test_a_model_that_vanished_is_unknown() -> None:
    """Between the list and the call: its refusal is told like that of a chat."""
    async with talking(refusal=(404, "model 'quill' not found"), rendering=closing) as (_, engine):
        with pytest.raises(UnknownModel):
            await engine.write(going_on("Once"), lambda _: None)
