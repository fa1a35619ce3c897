"""Several models side by side: one call, a generation for each, all of them or none."""

import asyncio
import uuid

from hatchery.gateway.v1 import artifact_service_pb2 as pb
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.progress.v1.progress_pb2 import Progress

from tests.support.gateway import Client
from tests.support.oracle import assert_story
from tests.support.scripted import HOLD, TEXT, WORDS, Engines


def comparison(
    *models: str, prompt: str = "a poem", **fields: object
) -> pb.CreateComparisonRequest:
    """What several models are to write."""
    artifact = pb.CreateArtifactRequest(prompt=prompt, **fields)  # type: ignore[arg-type]
    return pb.CreateComparisonRequest(
        artifact=artifact, models=models, request_id=str(uuid.uuid4())
    )


async def compare(client: Client, request: pb.CreateComparisonRequest) -> dict[str, list[Progress]]:
    """The stream, taken apart by generation; heartbeats of its own left out."""
    told: dict[str, list[Progress]] = {}
    async for event in client.artifacts.CreateComparison(request):
        if event.generation:
            told.setdefault(event.generation, []).append(event)
    return told


def _logged(told: dict[str, list[Progress]]) -> dict[str, list[Progress]]:
    """What of it is in the logs: a position that moved is told to whoever is there."""
    return {name: [e for e in story if e.sequence] for name, story in told.items()}


async def test_each_model_tells_a_story_of_its_own(client: Client, engines: Engines) -> None:
    """On one stream, in the order of each, with their speeds; and one comparison shows them all."""
    engines.eyes = ("seer",)
    told = await compare(client, comparison("seer", "", "script"))
    assert 3 == len(told)
    for story in told.values():
        assert_story(story)
        assert TEXT == "".join(e.text_delta.text for e in story)
    names = {(await client.get(name)).comparison for name in told}
    assert 1 == len(names)
    found = await client.artifacts.GetComparison(pb.GetComparisonRequest(name=names.pop()))
    assert ["seer", "", "script"] == [entry.model for entry in found.entries]
    assert set(told) == {entry.generation for entry in found.entries}
    assert ("a poem", pb.Artifact.KIND_TEXT) == (found.prompt, found.kind)
    for entry in found.entries:
        assert (generations.Generation.STATE_COMPLETED, 1.0, len(WORDS), 50.0) == (
            entry.state,
            entry.fraction,
            entry.usage.output_tokens,
            entry.tokens.tokens_per_second,
        )
        assert TEXT == (await client.artifact(entry.artifact)).content
        assert entry.active_duration.ToNanoseconds() > 0


async def test_drafts_of_one_model_differ_by_their_seeds(client: Client, engines: Engines) -> None:
    """Named twice it writes twice, each time with the next seed; where none is given, by chance."""
    await compare(client, comparison("", "script", "", seed=2**32 - 1))
    assert [("", 2**32 - 1), ("", 0), ("script", 2**32 - 1)] == sorted(
        ((call.model, call.seed) for call in engines.text_calls), key=lambda c: (c[0], -c[1])
    )


async def test_one_request_id_is_one_comparison(client: Client, engines: Engines) -> None:
    """Ten calls at once attach to the same generations, in the end and also long after."""
    request = comparison("", "script")
    told = await asyncio.gather(*(compare(client, request) for _ in range(10)))
    logged = [_logged(one) for one in (*told, await compare(client, request))]
    assert all(one == logged[0] for one in logged)
    assert 2 == len(engines.text_calls)


async def test_one_is_stopped_and_the_others_go_on(client: Client) -> None:
    """Each is steered by itself; the stream ends when all have ended."""
    request = comparison("", "script", prompt=f"{HOLD}a poem")
    call = client.artifacts.CreateComparison(request)
    seen: dict[str, list[Progress]] = {}
    async for event in call:
        if not event.generation:
            continue
        seen.setdefault(event.generation, []).append(event)
        if len(seen) == 2 and len(seen[event.generation]) == 1:
            for name in seen:
                await client.cancel(name)
    for story in seen.values():
        assert "cancelled" == assert_story(story)[-1].WhichOneof("event")
