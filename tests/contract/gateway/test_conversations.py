"""Conversations: in order, after any loss, corrected and summarised."""

import asyncio
import uuid
from pathlib import Path
from typing import Any

import grpc
import pytest
from hatchery.gateway.v1 import conversation_service_pb2 as pb
from hatchery.gateway.v1.generation_service_pb2 import Generation, RetryGenerationRequest
from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.runtime.engine_stream import Emit
from tests.support.calls import refusal
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story, kinds
from tests.support.scripted import TEXT, WORDS, Engines, write_persona
from tests.support.thinking import (
    Held,
    companion,
    conversation_of,
    found_conversation,
    messages,
    planned,
    result,
    thinks,
)


async def test_messages_of_one_conversation_are_answered_in_order(
    client: Client, engines: Engines
) -> None:
    """Sent at once, each waits until those before it have ended; others do not wait for them."""
    agent = await companion(client)
    conversation = conversation_of(await client.say("Hello!", agent=agent))
    held = Held(engines)
    names = [await client.begin_saying("first", conversation=conversation)]
    await held.came.wait()
    names += [await client.begin_saying(text, conversation=conversation) for text in "bcd"]
    other = await client.begin_saying("elsewhere", agent=agent)
    await client.watch(other, until=lambda event: event.step == "context")
    states = [(await client.get(name)).state for name in names]
    assert [Generation.STATE_RUNNING, *[Generation.STATE_QUEUED] * 3] == states
    held.go.set()
    stories = [assert_story(await client.watch(name)) for name in names]
    ends = [story[-1].emit_time.ToNanoseconds() for story in stories]
    begins = [
        next(e for e in story if e.HasField("started")).emit_time.ToNanoseconds()
        for story in stories
    ]
    assert all(end <= begin for end, begin in zip(ends, begins[1:], strict=False))
    assert ["first", "b", "c", "d"] == [
        one.text for one in (await messages(client, conversation))[2::2]
    ]
    # Each had those before it before its eyes.
    assert [2, 4, 6, 8] == [result(story, "context").context_reading.messages for story in stories]


async def test_a_paused_message_holds_up_its_own_conversation_alone(
    client: Client, engines: Engines
) -> None:
    """Those behind it wait; its owner's other work goes on; once cancelled, they go on too."""
    agent = await companion(client)
    conversation = conversation_of(await client.say("Hello!", agent=agent))
    held = Held(engines)
    first = await client.begin_saying("first", conversation=conversation)
    await held.came.wait()
    await client.pause(first)
    await client.watch(first, until=lambda event: event.HasField("paused"))
    held.go.set()
    second = await client.begin_saying("second", conversation=conversation)
    assert_story(await client.hatch())
    assert Generation.STATE_QUEUED == (await client.get(second)).state
    await client.cancel(first)
    assert assert_story(await client.watch(second))[-1].HasField("completed")


async def test_many_messages_at_once_have_an_order(client: Client) -> None:
    """Whatever comes in the same moment: numbers without a gap, each answered once."""
    agent = await companion(client)
    conversation = conversation_of(await client.say("Hello!", agent=agent))
    texts = [f"message {n}" for n in range(6)]
    stories = await asyncio.gather(*(client.say(text, conversation=conversation) for text in texts))
    for story in stories:
        assert assert_story(story)[-1].HasField("completed")
    said = await messages(client, conversation)
    assert [f"{conversation}/messages/{n}" for n in range(1, 15)] == [one.name for one in said]
    assert sorted(texts) == sorted(one.text for one in said[2::2])


async def test_the_same_request_is_the_same_message(client: Client) -> None:
    """Sent again, also while it runs and at once, it attaches, and nothing is said twice."""
    agent = await companion(client)
    request_id = str(uuid.uuid4())
    stories = await asyncio.gather(
        *(client.say("Hello!", agent=agent, request_id=request_id) for _ in range(4))
    )
    assert 1 == len({story[0].generation for story in stories})
    listed = await client.conversations.ListConversations(
        pb.ListConversationsRequest(agent=agent), metadata=client.metadata
    )
    assert 1 == len(listed.conversations)
    assert 2 == len(await messages(client, listed.conversations[0].name))


async def test_stopped_and_tried_again(client: Client, engines: Engines) -> None:
    """The message stays without a reply; the retry thinks no more, and answers in its place."""
    agent = await companion(client)
    held = Held(engines)
    name = await client.begin_saying("Hello!", agent=agent)
    await held.came.wait()
    await client.cancel(name)
    assert assert_story(await client.watch(name))[-1].HasField("cancelled")
    conversation = (await client.get(name)).conversation
    (said,) = await messages(client, conversation)
    assert (Generation.STATE_CANCELLED, name) == (said.state, said.generation)
    held.go.set()
    retry = RetryGenerationRequest(name=name)
    story = [e async for e in client.generations.RetryGeneration(retry)]
    assert_story(story)
    reused = [e.step for e in story if e.HasField("step_completed") and e.step_completed.reused]
    assert ["start", "context", "analyzing", "planning", "validation"] == reused
    said = await messages(client, conversation)
    assert ["Hello!", TEXT] == [one.text for one in said]
    assert {story[0].generation} == {one.generation for one in said}


async def test_a_reply_goes_on_after_a_stop_of_its_gateway(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Another one takes it over: nothing is thought twice, and the reply is one text."""
    waits = asyncio.Event()

    async def slowly(request: Any, emit: Emit) -> StepCompleted:
        if request.HasField("response_format") or request.prefix:
            return await write_persona(request, emit)
        for done, word in enumerate(WORDS[:4], 1):
            text = word if done == 1 else f" {word}"
            emit(progress.Progress(text_delta=progress.TextDelta(text=text)))
            gauge = progress.TokenProgress(tokens=done, tokens_per_second=50)
            emit(progress.Progress(token_progress=gauge))
        waits.set()
        await asyncio.Event().wait()
        raise AssertionError

    engines.text = slowly
    async with gateway(database_url, engines, tmp_path, lease=60.0, stop_grace=0.1) as first:
        agent = await companion(first)
        name = await first.begin_saying("Hello!", agent=agent)
        await waits.wait()
        await first.watch(
            name,
            until=lambda event: (
                event.step == "execution"
                and event.HasField("token_progress")
                and event.token_progress.tokens == 4
            ),
        )
    async with gateway(database_url, engines, tmp_path, lease=60.0) as second:
        story = assert_story(await second.watch(name))
        assert "recovered" in kinds(story)
        assert TEXT == result(story, "execution").reply.text
        assert 1 == len([e for e in story if e.step == "analyzing" and e.HasField("step_started")])
        assert ["Hello!", TEXT] == [
            one.text for one in await messages(second, conversation_of(story))
        ]


async def test_a_long_conversation_is_summarised_and_corrected(
    client: Client, engines: Engines
) -> None:
    """Its earlier half is read as a summary; a person's correction is what counts then."""
    thinks(engines, summary="They spoke of tides.")
    agent = await companion(client)
    conversation = conversation_of(await client.say("message 0", agent=agent))
    for n in range(1, 14):
        await client.say(f"message {n}", conversation=conversation)
    found = await found_conversation(client, conversation)
    assert "They spoke of tides." == found.summary
    assert 0 < found.summarized_messages < found.messages == 28
    update = pb.UpdateConversationRequest(
        name=conversation, summary="They spoke of whales.", etag=found.etag
    )
    corrected = await client.conversations.UpdateConversation(update)
    assert "They spoke of whales." == corrected.summary
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await client.conversations.UpdateConversation(update)
    assert "ETAG_MISMATCH" == refusal(error.value).reason
    story = await client.say("And what else?", conversation=conversation)
    reading = result(story, "context").context_reading
    assert "They spoke of whales." == reading.summary
    assert found.summarized_messages == reading.earlier_messages
    assert found.messages - found.summarized_messages == reading.messages
    reply = [call for call in engines.text_calls if not call.HasField("response_format")][-1]
    assert "They spoke of whales." in reply.messages[0].content
    assert "message 0" not in str(reply)


@pytest.mark.parametrize(
    ("change", "summary"),
    [
        ({"title": "Tides"}, "They spoke of tides."),
        ({"summary": "They spoke of whales."}, "They spoke of whales."),
    ],
)
async def test_what_a_person_corrects_meanwhile_stays(
    client: Client, engines: Engines, change: dict[str, str], summary: str
) -> None:
    """Also when a summary of the same moment comes later; a title is no word against that."""
    agent = await companion(client)
    conversation = conversation_of(await client.say("message 0", agent=agent))
    for n in range(1, 13):
        await client.say(f"message {n}", conversation=conversation)
    came, go = asyncio.Event(), asyncio.Event()

    async def hold(request: Any, emit: Emit) -> StepCompleted:
        if '"summary"' in request.response_format.json_schema:
            came.set()
            await go.wait()
        return await write_persona(request, emit)

    engines.text = hold
    name = await client.begin_saying("And then?", conversation=conversation)
    await came.wait()
    update = pb.UpdateConversationRequest(name=conversation, **change)
    await client.conversations.UpdateConversation(update)
    go.set()
    assert_story(await client.watch(name))
    found = await found_conversation(client, conversation)
    assert summary == found.summary
    assert bool(found.summarized_messages) == ("title" in change)


async def test_long_messages_are_summarised_sooner(client: Client) -> None:
    """What has no room to be read word by word is not lost; a title is no essay."""
    agent = await companion(client)
    conversation = conversation_of(await client.say("x" * 7000, agent=agent))
    await client.say("y" * 7000, conversation=conversation)
    await client.say("And now?", conversation=conversation)
    found = await found_conversation(client, conversation)
    assert found.summarized_messages
    story = await client.say("And then?", conversation=conversation)
    reading = result(story, "context").context_reading
    assert (found.summarized_messages, found.summary) == (reading.earlier_messages, reading.summary)
    assert found.messages - found.summarized_messages == reading.messages
    assert 80 >= len(found.title)


async def test_a_portrait_is_drawn_once_for_all_tries(client: Client, engines: Engines) -> None:
    """A retry finds the one that the first try has begun."""
    agent = await companion(client)
    thinks(engines, wanted=["portrait"], actions=[planned("portrait", style="")])
    story = await client.say("Draw yourself.", agent=agent)
    retry = RetryGenerationRequest(name=story[0].generation, from_step="execution")
    again = assert_story([e async for e in client.generations.RetryGeneration(retry)])
    first, second = (result(one, "execution").reply.actions[0].resource for one in (story, again))
    assert first == second
    assert_story(await client.watch(first))
    assert 2 == len(engines.image_calls)


async def test_a_small_model_has_a_summary_too(client: Client, engines: Engines) -> None:
    """Of how each of the person's messages began, which says that it is a substitute."""
    engines.documents = False
    agent = await companion(client)
    conversation = conversation_of(await client.say("message 0", agent=agent))
    for n in range(1, 14):
        story = await client.say(f"message {n}", conversation=conversation)
    found = await found_conversation(client, conversation)
    assert "- message 0" in found.summary.splitlines()
    assert "rules" == result(story, "memory").fallback.substitute


async def test_conversations_and_messages_come_in_pages(client: Client) -> None:
    """Each once, the one with the latest message first."""
    agent = await companion(client)
    names = [conversation_of(await client.say(f"talk {n}", agent=agent)) for n in range(3)]
    await client.say("again", conversation=names[0])
    seen, token = [], ""
    while True:
        page = await client.conversations.ListConversations(
            pb.ListConversationsRequest(page_size=2, page_token=token, agent=agent)
        )
        seen += [one.name for one in page.conversations]
        if not (token := page.next_page_token):
            break
    assert [names[0], names[2], names[1]] == seen
    said, token = [], ""
    while True:
        part = await client.conversations.ListMessages(
            pb.ListMessagesRequest(conversation=names[0], page_size=3, page_token=token)
        )
        said += [one.text for one in part.messages]
        if not (token := part.next_page_token):
            break
    assert [TEXT, "again", TEXT, "talk 0"] == said
