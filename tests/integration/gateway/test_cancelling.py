"""Cancelling what waits, what nobody runs, and what runs, after any event of it."""

import asyncio
from pathlib import Path

from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import generation_service_pb2 as generations

from tests.support.gateway import gateway
from tests.support.oracle import assert_story, kinds
from tests.support.postgres import connected
from tests.support.scripted import (
    Engines,
    Gate,
)


async def test_cancelling_what_waits_ends_it_where_it_stands(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Queued ones end at once, also thirty at a time; no engine is ever called for them."""
    gate = Gate(engines)
    async with gateway(database_url, engines, tmp_path, max_running=1, lease=60.0) as client:
        running = await client.start()
        await gate.came.wait()
        waiting = [await client.start() for _ in range(30)]
        async with asyncio.timeout(20):
            answers = await asyncio.gather(*(client.cancel(name) for name in waiting))
        assert {generations.Generation.STATE_CANCELLED} == {a.state for a in answers}
        for name in waiting:
            assert ["queued", "cancelled"] == kinds(assert_story(await client.watch(name)))
        assert 1 == len(engines.text_calls)
        await client.cancel(running)
        assert "cancelled" == kinds(assert_story(await client.watch(running)))[-1]


async def test_cancelling_an_orphan_ends_it(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Where the runner is gone and nobody may claim, the request to cancel is the end itself."""
    gate = Gate(engines)
    async with gateway(database_url, engines, tmp_path) as first:
        name = await first.start()
        await gate.came.wait()
    # Nobody here knows this recipe, as during a rolling deployment.
    async with connected(database_url) as database:
        await database.execute("UPDATE generations SET recipe = 'of_the_next_release'")
    async with gateway(database_url, engines, tmp_path) as second:
        answer = await second.cancel(name)
        assert generations.Generation.STATE_CANCELLED == answer.state
        events = assert_story(await second.watch(name))
    assert "cancelled" == kinds(events)[-1]
    assert 1 == len(engines.image_calls)


async def test_a_cancel_at_any_time_makes_one_ending(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Asked for after any event of it: one terminal event, and an agent only where it completed."""
    endings = []
    async with gateway(database_url, engines, tmp_path, llm_slots=8) as client:

        async def race(number: int) -> None:
            owner = client.as_owner(f"owner-{number}")
            call = owner.agents.CreateAgent(
                agents.CreateAgentRequest(description="x"), metadata=owner.metadata
            )
            events = []
            async for event in call:
                events.append(event)
                if len(events) == number:
                    await owner.cancel(event.generation)
            story = assert_story(events)
            again = await owner.watch(story[0].generation)
            assert story == again
            listed = await owner.agents.ListAgents(
                agents.ListAgentsRequest(), metadata=owner.metadata
            )
            assert len(listed.agents) == (kinds(story)[-1] == "completed")
            endings.append(kinds(story)[-1])

        for batch in range(4):
            await asyncio.gather(*(race(batch * 8 + number) for number in range(8)))
    assert {"completed", "cancelled"} == set(endings)
