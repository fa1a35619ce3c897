"""A companion thinks before it answers: eight steps that do their work, and say what came of it."""

from pathlib import Path
from typing import Any

import pytest
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1.progress_pb2 import ActionProgress, StepCompleted
from hatchery.types.v1.thought_pb2 import Analysis, ReviewedAction

from services.runtime.engine_stream import Emit
from services.runtime.errors import OutputInvalid, QueueFull
from services.runtime.status import from_status
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story
from tests.support.scripted import TEXT, Engines, write_persona
from tests.support.thinking import (
    STEPS,
    companion,
    conversation_of,
    memories,
    messages,
    planned,
    result,
    thinks,
)


async def test_every_step_works_and_says_so(client: Client) -> None:
    """Started and completed in order, each with its output and words; the reply is streamed."""
    agent = await companion(client)
    story = assert_story(await client.say("Hello! How are the tides?", agent=agent))
    assert list(STEPS) == [e.step for e in story if e.HasField("step_started")]
    assert list(STEPS) == [e.step for e in story if e.HasField("step_completed")]
    outputs = [e.step_completed.WhichOneof("output") for e in story if e.HasField("step_completed")]
    assert [
        "resource",
        "context_reading",
        "analysis",
        "plan",
        "plan_review",
        "reply",
        "memory_update",
        "resource",
    ] == outputs
    assert not any(e.step_completed.HasField("fallback") for e in story)
    spoken = "".join(
        e.text_delta.text
        for e in story
        if e.step == "execution" and e.HasField("text_delta") and not e.text_delta.field
    )
    assert TEXT == spoken == result(story, "execution").reply.text
    assert Analysis.INTENT_CHAT == result(story, "analyzing").analysis.intent
    conversation = conversation_of(story)
    assert f"{conversation}/messages/1" == result(story, "start").resource
    assert f"{conversation}/messages/2" == story[-1].completed.resource
    snapshot = await client.get(story[0].generation)
    assert (conversation, f"{conversation}/messages/1", "") == (
        snapshot.conversation,
        snapshot.message,
        snapshot.agent,
    )


async def test_the_reply_is_kept_with_the_message(client: Client) -> None:
    """A person's message has an odd number, its reply the next one; both name their generation."""
    agent = await companion(client)
    first = await client.say("Hello!", agent=agent)
    conversation = conversation_of(first)
    second = await client.say("And now?", conversation=conversation)
    said = await messages(client, conversation)
    assert ["Hello!", TEXT, "And now?", TEXT] == [one.text for one in said]
    assert [f"{conversation}/messages/{n}" for n in (1, 2, 3, 4)] == [one.name for one in said]
    assert [first[0].generation] * 2 + [second[0].generation] * 2 == [
        one.generation for one in said
    ]
    assert {Generation.STATE_COMPLETED} == {one.state for one in said}
    assert 2 == result(second, "context").context_reading.messages


async def test_the_companion_is_asked_in_its_own_voice(client: Client, engines: Engines) -> None:
    """What answers is told who it is, what was said, and what it remembers."""
    agent = await companion(client)
    thinks(engines, memories=["They love lighthouses."])
    conversation = conversation_of(await client.say("I love lighthouses.", agent=agent))
    await client.say("Do you know a lighthouse?", conversation=conversation)
    reply = [call for call in engines.text_calls if not call.HasField("response_format")][-1]
    system = reply.messages[0].content
    assert "You are Marisol" in system
    assert "a red scarf" in system
    assert "They love lighthouses." in system
    assert ["I love lighthouses.", TEXT, "Do you know a lighthouse?"] == [
        one.content for one in reply.messages[1:]
    ]


async def test_memories_that_matter_are_before_its_eyes(client: Client, engines: Engines) -> None:
    """In another conversation as well, with how well they fit; those that do not fit stay away."""
    agent = await companion(client)
    thinks(engines, memories=["Their cat is called Mio.", "They live in Oslo."])
    told = await client.say("My cat Mio and I live in Oslo.", agent=agent)
    assert ["Their cat is called Mio.", "They live in Oslo."] == [
        one.text for one in result(told, "memory").memory_update.memories
    ]
    assert "kept 2" == result(told, "memory").details
    thinks(engines)
    story = await client.say("What is my cat called?", agent=agent)
    found = result(story, "context").context_reading.memories
    assert ["Their cat is called Mio."] == [one.text for one in found]
    assert 0 < found[0].relevance <= 1
    assert ["Their cat is called Mio."] == [
        one.text for one in await memories(client, agent, "the cat's name")
    ]


async def test_actions_that_pass_are_taken(client: Client, engines: Engines) -> None:
    """Each is told as it begins and ends; what came of it is there, and in the reply."""
    agent = await companion(client)
    thinks(
        engines,
        intent="request",
        wanted=["remember", "change", "portrait", "recall"],
        actions=[
            planned("recall", query="tea"),
            planned("remember", text="They like tea."),
            planned("change", field="outfit", value="a green coat"),
            planned("portrait", style="watercolour"),
        ],
    )
    story = assert_story(await client.say("Remember: I like tea. Wear green!", agent=agent))
    told = [
        (e.action_progress.action.action, e.action_progress.state)
        for e in story
        if e.HasField("action_progress")
    ]
    running, completed = ActionProgress.STATE_RUNNING, ActionProgress.STATE_COMPLETED
    names = ["recall", "remember", "change", "portrait", "answer"]
    assert [(name, state) for name in names for state in (running, completed)] == told
    actions = {one.action: one for one in result(story, "execution").reply.actions}
    assert ["They like tea."] == [one.text for one in await memories(client, agent)]
    assert actions["remember"].resource == (await memories(client, agent))[0].name
    portrait = await client.watch(actions["portrait"].resource)
    assert agent == assert_story(portrait)[-1].completed.resource
    assert story[0].generation == (await client.get(actions["portrait"].resource)).caused_by
    assert "watercolour" == engines.image_calls[-1].style
    changed = await client.agents.GetAgent(agents.GetAgentRequest(name=agent))
    assert "a green coat" == changed.persona.appearance.outfit
    reply = [call for call in engines.text_calls if not call.HasField("response_format")][-1]
    assert "You will remember from now on: They like tea." in reply.messages[0].content
    snapshot = await client.get(story[0].generation)
    step = next(step for step in snapshot.steps if step.step == "execution")
    assert names == [one.action.action for one in step.actions]
    assert {completed} == {one.state for one in step.actions}
    kept = await messages(client, conversation_of(story))
    assert names[:-1] == [one.action for one in kept[-1].actions]


async def test_what_does_not_pass_is_not_taken(client: Client, engines: Engines) -> None:
    """Each planned action has a verdict, and its reason in words."""
    agent = await companion(client)
    thinks(
        engines,
        wanted=["remember", "change"],
        actions=[
            planned("remember", text=""),
            planned("change", field="owner", value="me"),
            planned("change", field="name", value="x" * 201),
        ],
    )
    story = assert_story(await client.say("Do something.", agent=agent))
    review = result(story, "validation").plan_review.actions
    assert [ReviewedAction.VERDICT_NOT_FEASIBLE] * 3 + [ReviewedAction.VERDICT_ACCEPTED] == [
        one.verdict for one in review
    ]
    assert all(one.reason for one in review[:-1])
    assert "1 of 4 pass" == result(story, "validation").details
    assert [] == list(result(story, "execution").reply.actions)
    assert [] == await memories(client, agent)


async def test_only_what_is_allowed_is_planned(client: Client, engines: Engines) -> None:
    """Where an answer alone is allowed, nothing else is even asked of a plan."""
    agent = await companion(client)
    thinks(engines, wanted=["remember"], actions=[planned("remember", text="They like tea.")])
    story = assert_story(
        await client.say("Remember my tea.", agent=agent, allowed_actions=["answer"])
    )
    assert ["answer"] == [one.action for one in result(story, "planning").plan.actions]
    assert [] == await memories(client, agent)


async def test_an_action_that_fails_is_told_and_answered_all_the_same(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Where there is no room for a portrait, that alone fails, and its error is typed."""
    thinks(engines, wanted=["portrait"], actions=[planned("portrait", style="")])
    async with gateway(database_url, engines, tmp_path, owner_unfinished=1) as client:
        agent = await companion(client)
        story = assert_story(await client.say("Draw yourself.", agent=agent))
    failed = [
        e.action_progress.action
        for e in story
        if e.action_progress.state == ActionProgress.STATE_FAILED
    ]
    assert ["portrait"] == [one.action for one in failed]
    error = from_status(failed[0].error)
    assert isinstance(error, QueueFull)
    assert failed[0].details in result(story, "execution").reply.actions[0].details
    reply = [call for call in engines.text_calls if not call.HasField("response_format")][-1]
    assert "You tried to portrait, and it did not work." in reply.messages[0].content
    assert TEXT == result(story, "execution").reply.text


async def test_output_that_does_not_hold_is_tried_again_and_then_falls_back(
    client: Client, engines: Engines
) -> None:
    """The fallback names its reason, and the reply is written as ever."""
    agent = await companion(client)

    async def nonsense(request: Any, emit: Emit) -> StepCompleted:
        if request.HasField("response_format"):
            raise OutputInvalid("no document")
        return await write_persona(request, emit)

    engines.text = nonsense
    story = assert_story(await client.say("Remember that I like tea!", agent=agent))
    retried = [e.step for e in story if e.HasField("step_retrying")]
    assert ["analyzing", "planning", "memory"] == retried
    substitutes = {
        e.step: e.step_completed.fallback.substitute
        for e in story
        if e.HasField("step_completed") and e.step_completed.HasField("fallback")
    }
    assert {
        "analyzing": "rules",
        "planning": "plain answer",
        "execution": "plain answer",
        "memory": "rules",
    } == substitutes
    assert TEXT == result(story, "execution").reply.text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("My cat is called Mio.", "My cat is called Mio."),
        ("Please remember that I love chess.", "I love chess."),
    ],
)
async def test_a_model_too_small_to_plan_answers_plainly(
    client: Client, engines: Engines, text: str, kept: str
) -> None:
    """It is asked for a reply alone; each substitute says why, and what lasts is kept by rules."""
    engines.documents = False
    agent = await companion(client)
    before = len(engines.text_calls)
    story = assert_story(await client.say(text, agent=agent))
    assert 1 == len(engines.text_calls) - before
    for step, substitute in (
        ("analyzing", "rules"),
        ("planning", "plain answer"),
        ("memory", "rules"),
    ):
        fallback = result(story, step).fallback
        assert substitute == fallback.substitute
        assert "too small" in fallback.error.message
    assert [kept] == [one.text for one in await memories(client, agent)]
    assert [kept] == [one.text for one in await memories(client, agent, text)]
