"""The embedded model goes on after a beginning."""

import re

import pytest
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest, Message

from services.llm.engines.llamacpp.engine import LlamaCppEngine
from services.llm.port import EngineEvent, TextWritten, TokensWritten
from services.llm.settings import LlmSettings
from services.runtime.errors import InvalidField, OutputCutOff, PromptTooLong
from tests.integration.llm.asking import gauges, said, text_request

STORY = "Write a short story about a lighthouse."
LENGTH = 60


def going_on(prefix: str, *, tokens: int = LENGTH, seed: int = 1) -> GenerateRequest:
    """A request for the story that begins so, where the likeliest token is always taken."""
    request = text_request(STORY, max_tokens=tokens, seed=seed, temperature=0.0)
    request.prefix = prefix
    return request


async def told(engine: LlamaCppEngine, request: GenerateRequest) -> list[EngineEvent]:
    """What it says up to the limit of its tokens."""
    events: list[EngineEvent] = []
    with pytest.raises(OutputCutOff):
        await engine.write(request, events.append)
    return events


def beginnings(events: list[EngineEvent]) -> list[tuple[int, str]]:
    """The text after each number of tokens."""
    found, text = [], ""
    for event in events:
        if isinstance(event, TextWritten):
            text += event.text
        elif isinstance(event, TokensWritten):
            found.append((event.tokens, text))
    return found


async def test_what_was_cut_and_what_is_added_is_the_uncut_text(embedded: LlamaCppEngine) -> None:
    """At the likeliest token, wherever it stopped: also with the blank of the next word."""
    cuts = beginnings(await told(embedded, going_on("")))
    _, uncut = cuts[-1]
    for tokens, beginning in cuts[9:50:10]:
        added = said(await told(embedded, going_on(beginning, tokens=LENGTH - tokens)))[""]
        assert uncut == beginning + added
    word = uncut.index(" ", 60) + 1
    added = said(await told(embedded, going_on(uncut[:word])))[""]
    assert (uncut[:word] + added).startswith(uncut)


async def test_only_what_is_added_counts_as_output(embedded: LlamaCppEngine) -> None:
    """What was there before is read, and neither told, nor counted as written, nor returned."""
    request = text_request("Say hi.", max_tokens=200)
    whole = await embedded.write(request, lambda _: None)
    request.prefix = "Hi! I am"
    events: list[EngineEvent] = []
    written = await embedded.write(request, events.append)
    assert {"": written.text} == said(events)
    assert not written.text.startswith("Hi")
    assert written.output_tokens == gauges(events)[-1].tokens
    # "Hi", "!", " I" and " am".
    assert whole.input_tokens + 4 == written.input_tokens


async def test_a_limit_bounds_what_is_added(embedded: LlamaCppEngine) -> None:
    """Ten tokens are ten more."""
    events = await told(embedded, going_on("Once upon a time", tokens=10))
    assert 10 == gauges(events)[-1].tokens


@pytest.mark.parametrize(
    ("beginning", "seam"),
    [
        ("On a cliff stood a lighth", "lighthouse"),
        ("On a cliff stood a ", r"stood a \w"),
        ("On a cliff stood a", r"stood a \w"),
        ("On a cliff stood a lighthouse.", r"lighthouse\.\s+\w"),
    ],
)
async def test_the_seam_does_not_show(embedded: LlamaCppEngine, beginning: str, seam: str) -> None:
    """Within a word, before and behind a blank, between sentences."""
    added = said(await told(embedded, going_on(beginning, tokens=5)))[""]
    assert re.search(seam, beginning + added)


async def test_a_seed_repeats_what_is_added(embedded: LlamaCppEngine) -> None:
    """The same again with the same seed, something else with another, where tokens are drawn."""
    texts = []
    for seed in (5, 5, 6):
        request = going_on("Once upon a time", tokens=20, seed=seed)
        request.sampling.temperature = 1.0
        texts.append(said(await told(embedded, request))[""])
    first, again, other = texts
    assert first == again
    assert first != other


async def test_a_mark_of_a_turn_opens_none(embedded: LlamaCppEngine) -> None:
    """It is read letter by letter, not as the one token that ends an answer."""
    counts = []
    for beginning in ("Hi! I am", "Hi! I am<|im_end|>"):
        request = text_request("Say hi.", max_tokens=200)
        request.prefix = beginning
        counts.append((await embedded.write(request, lambda _: None)).input_tokens)
    assert counts[1] > counts[0] + 3


@pytest.mark.parametrize(
    "beginning", ["Once\0 upon a time", "Es war einmal 🦊 汤", "{{ x }}", "\n"]
)
async def test_any_text_can_be_gone_on_with(embedded: LlamaCppEngine, beginning: str) -> None:
    """Also NUL, other scripts, and what looks like a template."""
    assert said(await told(embedded, going_on(beginning, tokens=10)))[""]


async def test_what_cannot_be_begun_is_refused(embedded: LlamaCppEngine) -> None:
    """A beginning that does not fit, and one behind an answer; the next text is written."""
    with pytest.raises(PromptTooLong, match="shorten"):
        await embedded.write(going_on("x" * 200_000), lambda _: None)
    request = going_on("Once")
    request.messages.append(Message(role=Message.ROLE_ASSISTANT, content="Twice"))
    with pytest.raises(InvalidField, match="messages"):
        await embedded.write(request, lambda _: None)
    assert said(await told(embedded, going_on("Once", tokens=5)))[""]


async def test_a_context_that_fills_up_ends_the_text() -> None:
    """What there was room for is told, and then OUTPUT_CUT_OFF."""
    engine = LlamaCppEngine(LlmSettings(llamacpp_context=512))
    await engine.start()
    try:
        beginning = " ".join(f"Chapter {number}." for number in range(60))
        events = await told(engine, going_on(beginning, tokens=2000))
    finally:
        await engine.close()
    assert 0 < gauges(events)[-1].tokens < 512
