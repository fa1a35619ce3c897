"""Texts and apps: written as one watches, kept, listed and deleted."""

import asyncio
from typing import Any

import pytest
from hatchery.gateway.v1 import artifact_service_pb2 as pb
from hatchery.gateway.v1.artifact_service_pb2 import Artifact
from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted
from hatchery.types.v1.estimate_pb2 import Estimate

from services.runtime.errors import OutputCutOff, OutputInvalid
from services.runtime.status import from_status
from tests.contract.gateway.requests import refusal_of
from tests.support.gateway import Client
from tests.support.oracle import assert_story, kinds
from tests.support.scripted import TEXT, WORDS, Engines, write_text

APP = """<!DOCTYPE html>
<html lang="en">
<head><title>Counter</title><style>button { color: green }</style></head>
<body><button onclick="add()">0</button>
<script>let n = 0; function add() { document.querySelector("button").textContent = ++n; }</script>
</body>
</html>"""


def saying(text: str) -> Any:
    """A text engine that says just this."""

    async def script(_: Any, emit: Any) -> StepCompleted:
        emit(Progress(text_delta=progress.TextDelta(text=text)))
        await asyncio.sleep(0)
        return StepCompleted(text=text)

    return script


async def test_one_call_tells_the_whole_story(client: Client) -> None:
    """The text as it is written, tokens, rate, how far, and in the end input, output and total."""
    story = assert_story(await client.write())
    assert ["queued", "started", "step_started"] == kinds(story)[:3]
    assert "completed" == kinds(story)[-1]
    assert ["write", "save"] == [step.step for step in story[1].started.steps]
    assert TEXT == "".join(e.text_delta.text for e in story)
    (gauge,) = [e for e in story if e.HasField("token_progress")][-1:]
    assert (len(WORDS), 50.0) == (
        gauge.token_progress.tokens,
        gauge.token_progress.tokens_per_second,
    )
    assert len(WORDS) <= gauge.token_progress.estimated_total <= 2048
    assert gauge.HasField("remaining")
    fractions = [e.fraction for e in story]
    assert sorted(fractions) == fractions
    (written,) = [
        e.step_completed for e in story if e.step == "write" and e.HasField("step_completed")
    ]
    assert (TEXT, 7, len(WORDS)) == (
        written.text,
        written.usage.input_tokens,
        written.usage.output_tokens,
    )
    assert not written.HasField("cost")


async def test_what_it_is_expected_to_take_is_told_before_it_begins(client: Client) -> None:
    """As a length in tokens, which the prompt moves, and as a time; with what both rest on."""
    told = []
    for prompt in ("write 1000 words about tides", "tell me of tides"):
        story = await client.write(prompt)
        told += [e.step_started for e in story if e.step == "write" and e.HasField("step_started")]
    first, second = (started.expected_tokens for started in told)
    for expected in (first, second):
        assert expected.low < expected.expected < expected.high <= 2048
    assert 1000 < first.expected < 1800
    assert (Estimate.BASIS_DEFAULT, 0) == (first.basis, first.runs)
    # By then it is known that this engine writes thirteen words, whatever it is asked for.
    assert second.expected < 200
    assert (Estimate.BASIS_HISTORY, 1) == (second.basis, second.runs)
    assert told[1].expected.expected.ToNanoseconds() < told[0].expected.expected.ToNanoseconds()


async def test_a_text_is_kept_with_what_it_took(client: Client) -> None:
    """The artifact has the text, how it begins, what was asked for, and what it took."""
    story = await client.write("a poem about tides")
    made = await client.artifact(story[-1].completed.resource)
    assert (TEXT, TEXT, "a poem about tides", Artifact.KIND_TEXT, "text/plain", len(TEXT)) == (
        made.content,
        made.title,
        made.prompt,
        made.kind,
        made.media_type,
        made.size_bytes,
    )
    assert (story[0].generation, "script") == (made.generation, made.usage.model)
    generation = await client.get(made.generation)
    assert (made.name, "", "create_text") == (
        generation.artifact,
        generation.agent,
        generation.recipe,
    )
    assert generation.active_duration.ToNanoseconds() > 0


async def test_an_app_is_taken_out_of_what_was_said_and_made_to_work_alone(
    client: Client, engines: Engines
) -> None:
    """Without the talk around it, with a policy first, and called by its title."""
    engines.text = saying(f"Sure! Here it is:\n```html\n{APP}\n```\nHave fun.")
    story = assert_story(await client.write("a counter", kind=Artifact.KIND_APP))
    made = await client.artifact(story[-1].completed.resource)
    assert ("Counter", Artifact.KIND_APP, "text/html") == (made.title, made.kind, made.media_type)
    assert made.content.startswith("<!DOCTYPE html>")
    assert made.content.endswith("</html>")
    policy = made.content.index("Content-Security-Policy")
    assert policy < made.content.index("<title>") < made.content.index("<button")


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("I would rather write a poem.", "no HTML document"),
        ("<!DOCTYPE html><html><body>", "no end"),
        (APP.replace("++n;", "++;"), "does not parse"),
        (APP.replace("<style>", '<script src="https://x.test/a.js"></script><style>'), "loads"),
        (APP.replace("let n = 0;", 'let n = 0; fetch("/x");'), "fetch"),
    ],
)
async def test_what_is_no_app_that_works_alone_fails_typed(
    client: Client, engines: Engines, said: str, problem: str
) -> None:
    """No canned page: each try says why, and so does the end."""
    engines.text = saying(said)
    story = assert_story(await client.write("a counter", kind=Artifact.KIND_APP))
    assert 2 == len(engines.text_calls)
    assert problem in story[-1].failed.error.message
    error = from_status(story[-1].failed.error)
    assert isinstance(error, OutputInvalid)
    listed = await client.artifacts.ListArtifacts(pb.ListArtifactsRequest())
    assert not listed.artifacts


async def test_a_text_that_reaches_its_limit_is_kept_as_far_as_it_goes(
    client: Client, engines: Engines
) -> None:
    """It completes, says that it is the beginning of one, and is not tried again."""

    async def cut(request: Any, emit: Any) -> StepCompleted:
        await write_text(request, emit)
        raise OutputCutOff("the model reached its token limit before its text was whole")

    engines.text = cut
    story = assert_story(await client.write(max_tokens=13))
    assert 13 == engines.text_calls[0].sampling.max_tokens
    assert 1 == len(engines.text_calls)
    made = await client.artifact(story[-1].completed.resource)
    assert (TEXT, "beginning", len(WORDS), 7) == (
        made.content,
        made.fallback.substitute,
        made.usage.output_tokens,
        made.usage.input_tokens,
    )
    assert ("scripted", "script") == (made.usage.engine, made.usage.model)


async def test_artifacts_are_listed_newest_first_without_their_content(
    client: Client, engines: Engines
) -> None:
    """By pages and by kind; what is deleted is gone for good."""
    for prompt in ("one", "two", "three"):
        await client.write(prompt)
    engines.text = saying(APP)
    await client.write("an app", kind=Artifact.KIND_APP)
    seen, token = [], ""
    while True:
        page = await client.artifacts.ListArtifacts(
            pb.ListArtifactsRequest(page_size=3, page_token=token)
        )
        seen += page.artifacts
        if not (token := page.next_page_token):
            break
    assert ["an app", "three", "two", "one"] == [one.prompt for one in seen]
    assert not any(one.content for one in seen)
    assert all(one.size_bytes for one in seen)
    texts = await client.artifacts.ListArtifacts(pb.ListArtifactsRequest(kind=Artifact.KIND_TEXT))
    assert 3 == len(texts.artifacts)
    gone = pb.DeleteArtifactRequest(name=seen[1].name)
    await client.artifacts.DeleteArtifact(gone)
    refused = await refusal_of(client, "ArtifactService.DeleteArtifact", gone)
    assert "RESOURCE_NOT_FOUND" == refused.reason
    assert 3 == len((await client.artifacts.ListArtifacts(pb.ListArtifactsRequest())).artifacts)
    assert (await client.get(seen[1].generation)).artifact == seen[1].name
