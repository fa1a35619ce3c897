"""Forgetting: what is deleted, said anew or no longer wanted leaves nothing behind."""

import asyncio
import uuid

import asyncpg
import grpc
import pytest
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import conversation_service_pb2 as pb
from hatchery.gateway.v1.generation_service_pb2 import (
    RetryGenerationRequest,
    WatchGenerationRequest,
)

from services.gateway.store import forgetting
from tests.support.calls import refusal
from tests.support.gateway import Client
from tests.support.oracle import assert_story
from tests.support.scripted import Engines
from tests.support.thinking import (
    Held,
    companion,
    conversation_of,
    found_conversation,
    memories,
    messages,
    result,
    thinks,
)


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


@pytest.mark.parametrize("at_once", [1, 50])
async def test_deleting_takes_all_that_came_of_it(
    client: Client,
    engines: Engines,
    database_url: str,
    at_once: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Messages, memories, generations and logs; what runs is cancelled; the companion stays.

    However few generations are deleted at once, what was tried again among them.
    """
    monkeypatch.setattr(forgetting, "_AT_ONCE", at_once)
    agent = await companion(client)
    thinks(engines, memories=["They like tea."])
    story = await client.say("I like tea.", agent=agent)
    conversation = conversation_of(story)
    again = RetryGenerationRequest(name=story[0].generation, from_step="planning")
    assert_story([event async for event in client.generations.RetryGeneration(again)])
    kept = conversation_of(await client.say("I like tea as well.", agent=agent))
    held = Held(engines)
    running = await client.begin_saying("Hello?", conversation=conversation)
    await held.came.wait()
    queued = await client.begin_saying("Anybody?", conversation=conversation)
    watching = aiter(client.generations.WatchGeneration(WatchGenerationRequest(name=running)))
    first = await anext(watching)
    await client.conversations.DeleteConversation(pb.DeleteConversationRequest(name=conversation))
    seen = [first, *[event async for event in watching]]
    assert assert_story(seen)[-1].HasField("cancelled")
    for name in (story[0].generation, running, queued):
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await client.get(name)
        assert "RESOURCE_NOT_FOUND" == refusal(error.value).reason
    for call in (
        lambda: found_conversation(client, conversation),
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
