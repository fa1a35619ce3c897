"""Trying again: what was finished is kept, and one agent comes of it all."""

import asyncio
import uuid
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted
from hatchery.types.v1.persona_pb2 import Persona

from services.runtime.engine_stream import Emit
from services.runtime.errors import EngineFailed, UnknownModel
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story, kinds
from tests.support.scripted import Engines, Gate, draw_portrait, write_persona


async def retry(client: Client, name: str, **fields: Any) -> list[Progress]:
    """The whole story of a retry."""
    request = pb.RetryGenerationRequest(name=name, **fields)
    return assert_story([event async for event in client.generations.RetryGeneration(request)])


async def kept_agents(client: Client) -> list[agents.Agent]:
    """All agents of the owner."""
    return list((await client.agents.ListAgents(agents.ListAgentsRequest())).agents)


async def test_a_cancelled_one_goes_on_where_it_stood(client: Client, engines: Engines) -> None:
    """The persona is kept and told as reused; only the portrait is drawn, and one agent hatches."""
    gate = Gate(engines)
    name = await client.start()
    await gate.came.wait()
    await client.cancel(name)
    first = assert_story(await client.watch(name))
    engines.image = draw_portrait
    events = await retry(client, name)
    assert ["queued", "started", "step_completed", "step_started"] == kinds(events)[:4]
    assert ("persona", name, 1) == (
        events[2].step,
        events[2].step_completed.reused,
        events[2].attempt,
    )
    written = next(e for e in first if e.WhichOneof("event") == "step_completed")
    assert written.step_completed.persona == events[2].step_completed.persona
    assert 0.0 == events[2].fraction
    assert "completed" == kinds(events)[-1]
    assert (1, 2) == (len(engines.text_calls), len(engines.image_calls))
    (agent,) = await kept_agents(client)
    found = await client.generations.GetGeneration(
        pb.GetGenerationRequest(name=events[0].generation)
    )
    assert (name, agent.name) == (found.retry_of, found.resource)


async def test_a_failed_one_is_tried_until_it_works(client: Client, engines: Engines) -> None:
    """Retries of retries, each from the latest; the story of each folds alone."""

    async def fail(request: Any, emit: Emit) -> StepCompleted:
        raise UnknownModel("x")

    engines.text = fail
    name = (await client.hatch())[0].generation
    for _ in range(2):
        events = await retry(client, name)
        assert "failed" == kinds(events)[-1]
        name = events[0].generation
    engines.text = write_persona
    assert "completed" == kinds(await retry(client, name))[-1]
    assert 1 == len(await kept_agents(client))


async def test_only_the_portrait_again(client: Client, engines: Engines) -> None:
    """From a step of one that completed: the same agent, another seed, and what its owner made."""
    first = await client.hatch("a shy dragon", seed=1)
    (agent,) = await kept_agents(client)
    await client.agents.UpdateAgent(
        agents.UpdateAgentRequest(
            agent=agents.Agent(name=agent.name, persona=Persona(name="Renamed")),
            update_mask=FieldMask(paths=["persona.name"]),
        )
    )
    events = await retry(client, first[0].generation, from_step="avatar", seed=2)
    assert [1, 2] == [call.seed for call in engines.image_calls]
    assert agent.name == events[-1].completed.resource
    (again,) = await kept_agents(client)
    assert ("Renamed", agent.name) == (again.persona.name, again.name)
    assert again.etag != agent.etag
    assert 1 == len(engines.text_calls)


async def test_all_of_it_again(client: Client, engines: Engines) -> None:
    """From the first step on, the persona is written anew, over what was there."""
    first = await client.hatch()
    (agent,) = await kept_agents(client)
    await client.agents.UpdateAgent(
        agents.UpdateAgentRequest(agent=agents.Agent(name=agent.name, persona=Persona(name="Old")))
    )
    await retry(client, first[0].generation, from_step="persona")
    (again,) = await kept_agents(client)
    assert ("Marisol", 2) == (again.persona.name, len(engines.text_calls))


@pytest.mark.parametrize("step", ["avatar", "save", "nonsense"])
async def test_a_step_that_was_not_reached_cannot_be_the_first(
    client: Client, engines: Engines, step: str
) -> None:
    """INVALID_ARGUMENT, and nothing begins."""

    async def fail(request: Any, emit: Emit) -> StepCompleted:
        raise EngineFailed("broken")

    engines.text = fail
    name = (await client.hatch())[0].generation
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await retry(client, name, from_step=step)
    assert grpc.StatusCode.INVALID_ARGUMENT == refused.value.code()
    listed = await client.generations.ListGenerations(pb.ListGenerationsRequest())
    assert 1 == len(listed.generations)


async def test_twenty_at_once_are_one(client: Client, engines: Engines) -> None:
    """With one request id all attach to one retry; without, one is accepted at a time."""
    name = (await client.hatch())[0].generation
    request_id = str(uuid.uuid4())
    stories = await asyncio.gather(
        *(retry(client, name, from_step="avatar", request_id=request_id) for _ in range(20))
    )
    assert all(story == stories[0] for story in stories)
    assert 2 == len(engines.image_calls)
    answers = await asyncio.gather(
        *(retry(client, name, from_step="avatar") for _ in range(20)), return_exceptions=True
    )
    refused = [a for a in answers if isinstance(a, grpc.aio.AioRpcError)]
    assert {grpc.StatusCode.ALREADY_EXISTS} == {error.code() for error in refused}
    assert 1 == len(await kept_agents(client))


async def test_a_retry_is_taken_over_like_any_other(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """A gateway stops in the middle of it: the next one tells the kept step no second time."""
    came, going = asyncio.Event(), asyncio.Event()

    async def slow(request: Any, emit: Emit) -> StepCompleted:
        came.set()
        await going.wait()
        return await draw_portrait(request, emit)

    async with gateway(database_url, engines, tmp_path) as first:
        source = (await first.hatch())[0].generation
        engines.image = slow
        call = first.generations.RetryGeneration(
            pb.RetryGenerationRequest(name=source, from_step="avatar")
        )
        name = (await call.read()).generation
        await came.wait()
    going.set()
    async with gateway(database_url, engines, tmp_path) as second:
        events = assert_story(await second.watch(name))
    reused = [e for e in events if e.step_completed.reused]
    assert ["persona"] == [e.step for e in reused]
    assert {"recovered", "completed"} <= set(kinds(events))
