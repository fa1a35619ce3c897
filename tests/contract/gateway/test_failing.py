"""Steps that fail: tried again, told as data, replaced, or waited for."""

import asyncio
from typing import Any

import grpc
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.runtime.engine_stream import Emit
from services.runtime.errors import EngineBusy, EngineFailed, OutputInvalid, UnknownModel
from tests.support.gateway import Client
from tests.support.oracle import assert_story, kinds
from tests.support.scripted import Engines, draw_portrait, write_persona


async def test_a_step_that_is_tried_again_has_another_seed(
    client: Client, engines: Engines
) -> None:
    """The seed that was asked for would only repeat what went wrong."""

    async def cut_off(request: Any, emit: Emit) -> StepCompleted:
        raise OutputInvalid("cut off")

    engines.text = cut_off
    story = assert_story(await client.hatch(seed=2**32 - 1))
    assert "failed" == kinds(story)[-1]
    assert [2**32 - 1, 0, 1] == [call.seed for call in engines.text_calls]


async def test_a_retryable_failure_is_tried_again(client: Client, engines: Engines) -> None:
    """A step that fails once is told as step_retrying, and its next attempt finishes."""
    attempts = 0

    async def flaky(request: Any, emit: Emit) -> StepCompleted:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            emit(Progress(fraction=0.5))
            await write_persona(request, emit)
            raise OutputInvalid("the document has no name")
        return await write_persona(request, emit)

    engines.text = flaky
    events = assert_story(await client.hatch())
    retrying = [e for e in events if e.WhichOneof("event") == "step_retrying"]
    assert [2] == [e.step_retrying.next_attempt for e in retrying]
    assert [2] == [
        e.attempt
        for e in events
        if e.WhichOneof("event") == "step_completed" and e.step == "persona"
    ]
    assert "completed" == kinds(events)[-1]


async def test_a_failure_is_data_and_the_call_is_ok(client: Client, engines: Engines) -> None:
    """What cannot be retried ends as `failed` with a typed error; the RPC itself succeeds."""

    async def unknown(request: Any, emit: Emit) -> StepCompleted:
        raise UnknownModel("gone")

    engines.text = unknown
    events = assert_story(await client.hatch())
    assert "failed" == kinds(events)[-1]
    assert grpc.StatusCode.INVALID_ARGUMENT.value[0] == events[-1].failed.error.code
    listed = await client.agents.ListAgents(agents.ListAgentsRequest())
    assert [] == list(listed.agents)


async def test_a_portrait_that_cannot_be_drawn_falls_back(client: Client, engines: Engines) -> None:
    """After the last attempt the agent still hatches, with a placeholder that says it is one."""

    async def broken(request: Any, emit: Emit) -> StepCompleted:
        raise EngineFailed("the brush broke")

    engines.image = broken
    events = assert_story(await client.hatch())
    assert "completed" == kinds(events)[-1]
    drawn = next(
        e for e in events if e.WhichOneof("event") == "step_completed" and e.step == "avatar"
    )
    assert "placeholder" == drawn.step_completed.fallback.substitute
    assert "image/svg+xml" == drawn.step_completed.portrait.media_type
    agent = await client.agents.GetAgent(agents.GetAgentRequest(name=events[-1].completed.resource))
    assert "placeholder" == agent.portrait_fallback.substitute


async def test_a_busy_engine_is_waited_for(client: Client, engines: Engines) -> None:
    """A busy engine costs no attempt: the story has no step_retrying in it."""
    refused = 0

    async def busy(request: Any, emit: Emit) -> StepCompleted:
        nonlocal refused
        if refused < 2:
            refused += 1
            raise EngineBusy("busy", retry_after=0.05)
        return await draw_portrait(request, emit)

    engines.image = busy
    events = await client.hatch()
    assert_story(events)
    assert "step_retrying" not in kinds(events)
    assert any(e.WhichOneof("event") == "queued" and e.sequence == 0 for e in events)


async def test_the_bar_stands_still_while_a_busy_engine_is_waited_for(
    client: Client, engines: Engines
) -> None:
    """However long that takes: of the portrait nothing is done yet."""
    waits = 0

    async def slow(request: Any, emit: Emit) -> StepCompleted:
        await asyncio.sleep(1)
        return await draw_portrait(request, emit)

    async def busy(request: Any, emit: Emit) -> StepCompleted:
        nonlocal waits
        if waits < 2:
            waits += 1
            raise EngineBusy("busy", retry_after=0.25)
        return await draw_portrait(request, emit)

    engines.image = slow
    await client.hatch()
    engines.image = busy
    drawing = [event for event in assert_story(await client.hatch()) if event.step == "avatar"]
    first = next(event for event in drawing if event.HasField("step_progress"))
    begun, done = drawing[0].fraction, drawing[-1].fraction
    assert (first.fraction - begun) / (done - begun) < 0.2
