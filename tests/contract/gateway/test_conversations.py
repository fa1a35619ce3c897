"""Conversations: in order, after any loss, corrected, summarised, deleted with all of theirs."""

import asyncio
import uuid
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import pytest
from hatchery.gateway.v1 import agent_service_pb2 as agents
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
    companion,
    conversation_of,
    memories,
    messages,
    planned,
    result,
    thinks,
)


class Held:
    """A text engine that holds its replies until it is let go."""

    def __init__(self, engines: Engines) -> None:
        self.came = asyncio.Event()
        self.go = asyncio.Event()
        engines.text = self.write

    async def write(self, request: Any, emit: Emit) -> StepCompleted:
        """Writes, a reply only when it may."""
        if not request.HasField("response_format"):
            self.came.set()
            await self.go.wait()
        return await write_persona(request, emit)


async def _left(database_url: str, conversation: str, generations: list[str]) -> dict[str, int]:
    """How much is left of a conversation and of the logs of its generations, by table."""
    of = uuid.UUID(conversation.removeprefix("conversations/"))
    logs = [uuid.UUID(name.removeprefix("generations/")) for name in generations]
    connection = await asyncpg.connect(database_url)
    try:
        counts = {
            f"{table}.{column}": await connection.fetchval(
                f"SELECT count(*) FROM {table} WHERE {column} = ANY($1)", wanted
            )
            for table, column, wanted in (
                ("conversations", "id", [of]),
                ("messages", "conversation", [of]),
                ("memories", "conversation", [of]),
                ("generations", "conversation", [of]),
                ("generations", "id", logs),
                ("progress", "generation", logs),
            )
        }
    finally:
        await connection.close()
    return {table: count for table, count in counts.items() if count}


async def _conversation(client: Client, name: str) -> pb.Conversation:
    found: pb.Conversation = await client.conversations.GetConversation(
        pb.GetConversationRequest(name=name), metadata=client.metadata
    )
    return found


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


async def test_another_answer_takes_the_place_of_the_first(
    client: Client, engines: Engines
) -> None:
    """Its memories too: what the first try kept, and this one does not, is forgotten."""
    agent = await companion(client)
    thinks(engines, memories=["They like tea."])
    first = await client.say("I like tea.", agent=agent)
    conversation = conversation_of(first)
    thinks(engines, memories=["They drink coffee."])
    await client.say("And coffee.", conversation=conversation)
    thinks(engines, memories=["They like green tea."])
    retry = RetryGenerationRequest(name=first[0].generation, from_step="execution")
    story = assert_story([e async for e in client.generations.RetryGeneration(retry)])
    said = await messages(client, conversation)
    assert 4 == len(said)
    assert story[0].generation == said[1].generation
    assert {"They like green tea.", "They drink coffee."} == {
        one.text for one in await memories(client, agent)
    }


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
    found = await _conversation(client, conversation)
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
    found = await _conversation(client, conversation)
    assert summary == found.summary
    assert bool(found.summarized_messages) == ("title" in change)


async def test_long_messages_are_summarised_sooner(client: Client) -> None:
    """What has no room to be read word by word is not lost; a title is no essay."""
    agent = await companion(client)
    conversation = conversation_of(await client.say("x" * 7000, agent=agent))
    await client.say("y" * 7000, conversation=conversation)
    await client.say("And now?", conversation=conversation)
    found = await _conversation(client, conversation)
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
    found = await _conversation(client, conversation)
    assert "- message 0" in found.summary.splitlines()
    assert "rules" == result(story, "memory").fallback.substitute


async def test_deleting_takes_all_that_came_of_it(
    client: Client, engines: Engines, database_url: str
) -> None:
    """Messages, memories, generations and logs; what runs is cancelled; the companion stays."""
    agent = await companion(client)
    thinks(engines, memories=["They like tea."])
    story = await client.say("I like tea.", agent=agent)
    conversation = conversation_of(story)
    kept = conversation_of(await client.say("I like tea as well.", agent=agent))
    held = Held(engines)
    running = await client.begin_saying("Hello?", conversation=conversation)
    await held.came.wait()
    queued = await client.begin_saying("Anybody?", conversation=conversation)
    watching = asyncio.create_task(client.watch(running))
    await asyncio.sleep(0.1)
    await client.conversations.DeleteConversation(pb.DeleteConversationRequest(name=conversation))
    assert assert_story(await watching)[-1].HasField("cancelled")
    for name in (story[0].generation, running, queued):
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await client.get(name)
        assert "RESOURCE_NOT_FOUND" == refusal(error.value).reason
    for call in (
        lambda: _conversation(client, conversation),
        lambda: messages(client, conversation),
        lambda: client.say("Hello?", conversation=conversation),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await call()
        assert "RESOURCE_NOT_FOUND" == refusal(error.value).reason
    assert {} == await _left(database_url, conversation, [story[0].generation, running, queued])
    assert 2 == len(await messages(client, kept))
    assert ["They like tea."] == [one.text for one in await memories(client, agent)]
    await client.agents.GetAgent(agents.GetAgentRequest(name=agent))


async def test_messages_that_come_while_it_is_deleted_leave_nothing(
    client: Client, engines: Engines, database_url: str
) -> None:
    """Each is accepted and then ends as cancelled, or it is refused; none is left behind."""
    agent = await companion(client)
    conversation = conversation_of(await client.say("Hello!", agent=agent))
    held = Held(engines)
    sent = [
        asyncio.create_task(client.begin_saying(f"{n}", conversation=conversation))
        for n in range(24)
    ]
    await held.came.wait()
    await client.conversations.DeleteConversation(pb.DeleteConversationRequest(name=conversation))
    accepted = []
    for answer in await asyncio.gather(*sent, return_exceptions=True):
        if isinstance(answer, str):
            accepted.append(answer)
        else:
            assert isinstance(answer, grpc.aio.AioRpcError)
            assert "RESOURCE_NOT_FOUND" == refusal(answer).reason
    assert accepted
    assert {} == await _left(database_url, conversation, accepted)


async def test_memories_are_listed_found_and_forgotten(client: Client, engines: Engines) -> None:
    """The latest first; the same is kept once; what is forgotten is before nobody's eyes."""
    agent = await companion(client)
    for text in ("They like tea.", "Their cat is called Mio.", "they like  tea."):
        thinks(engines, memories=[text])
        await client.say("Well.", agent=agent)
    found = await memories(client, agent)
    assert ["Their cat is called Mio.", "They like tea."] == [one.text for one in found]
    assert found[0].message.endswith("/messages/1")
    forget = pb.DeleteMemoryRequest(name=found[0].name)
    await client.conversations.DeleteMemory(forget)
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await client.conversations.DeleteMemory(forget)
    assert "RESOURCE_NOT_FOUND" == refusal(error.value).reason
    story = await client.say("What is my cat called?", agent=agent)
    assert [] == list(result(story, "context").context_reading.memories)


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
