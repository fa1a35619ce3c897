"""Owners are walls: another owner's resource answers exactly like a missing one."""

import re
import uuid
from collections.abc import Iterator

import asyncpg
import grpc
import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import artifact_service_pb2 as artifacts
from hatchery.gateway.v1 import asset_service_pb2 as assets
from hatchery.gateway.v1 import conversation_service_pb2 as talks
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.gateway.v1 import template_service_pb2 as templates

from tests.contract.gateway.conftest import House
from tests.contract.gateway.requests import POEM
from tests.support.calls import RPCS, Refusal, call
from tests.support.gateway import Client, token
from tests.support.thinking import conversation_of, memories, messages

pytestmark = pytest.mark.asyncio(loop_scope="module")


def _requests(
    agent: str, generation: str, asset: str, template: str, made: tuple[str, str, str, str]
) -> list[tuple[str, Message]]:
    """A request of every RPC that names something, with each of its fields that does.

    `made` are an artifact, a comparison, a conversation and a memory.
    """
    artifact, comparison, conversation, memory = made
    return [
        (
            "ConversationService.SendMessage",
            talks.SendMessageRequest(conversation=conversation, text="Hello!"),
        ),
        ("ConversationService.GetConversation", talks.GetConversationRequest(name=conversation)),
        (
            "ConversationService.UpdateConversation",
            talks.UpdateConversationRequest(name=conversation, summary="taken"),
        ),
        (
            "ConversationService.DeleteConversation",
            talks.DeleteConversationRequest(name=conversation),
        ),
        ("ConversationService.ListMessages", talks.ListMessagesRequest(conversation=conversation)),
        ("ConversationService.DeleteMemory", talks.DeleteMemoryRequest(name=memory)),
        ("ArtifactService.GetArtifact", artifacts.GetArtifactRequest(name=artifact)),
        ("ArtifactService.DeleteArtifact", artifacts.DeleteArtifactRequest(name=artifact)),
        ("ArtifactService.GetComparison", artifacts.GetComparisonRequest(name=comparison)),
        ("AgentService.CreateAgent", agents.CreateAgentRequest(template=template)),
        ("AgentService.GetAgent", agents.GetAgentRequest(name=agent)),
        ("AgentService.UpdateAgent", agents.UpdateAgentRequest(agent=agents.Agent(name=agent))),
        ("AgentService.DeleteAgent", agents.DeleteAgentRequest(name=agent, etag="0")),
        ("AgentService.UndeleteAgent", agents.UndeleteAgentRequest(name=agent)),
        ("AgentService.RegenerateAvatar", agents.RegenerateAvatarRequest(name=agent)),
        ("AgentService.ExportAgent", agents.ExportAgentRequest(name=agent)),
        ("AssetService.DownloadAsset", assets.DownloadAssetRequest(name=asset)),
        (
            "GenerationService.WatchGeneration",
            generations.WatchGenerationRequest(name=generation, starting_after=10**6),
        ),
        (
            "GenerationService.WatchGenerations",
            generations.WatchGenerationsRequest(
                cursors=[generations.GenerationCursor(name=generation, starting_after=10**6)]
            ),
        ),
        ("GenerationService.WaitGeneration", generations.WaitGenerationRequest(name=generation)),
        ("GenerationService.GetGeneration", generations.GetGenerationRequest(name=generation)),
        ("GenerationService.PauseGeneration", generations.PauseGenerationRequest(name=generation)),
        ("GenerationService.RetryGeneration", generations.RetryGenerationRequest(name=generation)),
        (
            "GenerationService.ResumeGeneration",
            generations.ResumeGenerationRequest(name=generation),
        ),
        (
            "GenerationService.CancelGeneration",
            generations.CancelGenerationRequest(name=generation),
        ),
        (
            "GenerationService.RateGeneration",
            generations.RateGenerationRequest(name=generation, stars=1),
        ),
        ("TemplateService.GetTemplate", templates.GetTemplateRequest(name=template)),
        (
            "TemplateService.UpdateTemplate",
            templates.UpdateTemplateRequest(
                template=templates.Template(name=template, title="Taken")
            ),
        ),
        ("TemplateService.DeleteTemplate", templates.DeleteTemplateRequest(name=template)),
        ("ConversationService.SendMessage", talks.SendMessageRequest(agent=agent, text="Hello!")),
        (
            "ConversationService.ListConversations",
            talks.ListConversationsRequest(agent=agent),
        ),
        ("ConversationService.ListMemories", talks.ListMemoriesRequest(agent=agent)),
        ("GenerationService.ListGenerations", generations.ListGenerationsRequest(agent=agent)),
    ]


# What a request can say that is nobody's: words, keys of its own, and models and recipes, which all
# share. What an agent tells of where it comes from cannot be updated.
_WORDS = re.compile(
    "request_id|page_token|query|etag|model|models|llm_model|vision_model|style|description|prompt"
    "|text|title|summary|comment|step|from_step|template_id|paths|key|string_value|type_url|message"
    "|allowed_actions|substitute|media_type|coat|colors|eyes|features|mood|outfit|age|backstory"
    "|first_name|gender|greeting|last_name|personality|species|traits"
)
_NOBODYS = {
    "hatchery.types.v1.Persona.name",
    "hatchery.gateway.v1.RunRecipeRequest.name",
    "hatchery.gateway.v1.Agent.generation",
    "hatchery.types.v1.ImageRef.asset",
}


def _names(method: MethodDescriptor) -> set[str]:
    """The fields by which a request can name what is somebody's, however deep they are."""

    def within(message: Descriptor, around: tuple[Descriptor, ...]) -> Iterator[FieldDescriptor]:
        for field in message.fields:
            if field.message_type is None:
                yield field
            elif field.message_type not in around:
                yield from within(field.message_type, (*around, field.message_type))

    return {
        field.full_name
        for field in within(method.input_type, ())
        if field.type == field.TYPE_STRING and not _WORDS.fullmatch(field.name)
    } - _NOBODYS


def _filled(message: Message) -> Iterator[str]:
    """The fields with something in them, however deep they are."""
    for field, value in message.ListFields():
        if field.message_type is None:
            yield field.full_name
            continue
        for one in [value] if isinstance(value, Message) else value:
            yield from _filled(one)


async def test_every_rpc_that_names_something_is_held_against_another_owner() -> None:
    """The requests above forget no field of any RPC that names something."""
    held: dict[str, set[str]] = {}
    for rpc, request in _requests("x", "x", "x", "x", ("x", "x", "x", "x")):
        held.setdefault(rpc, set()).update(_filled(request))
    for rpc, method in RPCS.items():
        # A template that is created says its name in no other field.
        if method.name != "CreateTemplate":
            assert _names(method) <= held.get(rpc, set()), rpc


async def test_anothers_is_told_like_a_missing_one(house: House, owner: Client) -> None:
    """Code, message and details are the same, up to the id, and nothing of the owner's changes."""
    story = await owner.hatch()
    name, generation = story[-1].completed.resource, story[0].generation
    get = agents.GetAgentRequest(name=name)
    agent = await owner.agents.GetAgent(get, metadata=owner.metadata)
    kept = templates.CreateTemplateRequest(
        template_id="mine", template=templates.Template(title="Mine", description="a fox")
    )
    mine = await owner.templates.CreateTemplate(kept, metadata=owner.metadata)
    compare = artifacts.CreateComparisonRequest(artifact=POEM, models=["", ""])
    told_of = [e async for e in owner.artifacts.CreateComparison(compare, metadata=owner.metadata)]
    written = await owner.get(told_of[-1].generation)
    said = await owner.say("Please remember that I like tea.", agent=name)
    (memory,) = await memories(owner)
    talk = conversation_of(said)
    stranger = house.client.as_owner(f"stranger-{uuid.uuid4()}")
    missing = _requests(
        f"agents/{uuid.uuid4()}",
        f"generations/{uuid.uuid4()}",
        "assets/" + 64 * "f",
        "templates/none",
        (
            f"artifacts/{uuid.uuid4()}",
            f"comparisons/{uuid.uuid4()}",
            f"conversations/{uuid.uuid4()}",
            f"memories/{uuid.uuid4()}",
        ),
    )
    requests = _requests(
        name,
        generation,
        agent.portrait.asset,
        mine.name,
        (written.artifact, written.comparison, talk, memory.name),
    )
    for (rpc, request), (_, absent) in zip(requests, missing, strict=True):
        told = []
        for wanted in (request, absent):
            answer = await call(stranger.channel, RPCS[rpc], wanted, stranger.metadata)
            # Lists of what belongs to an agent are empty, whoever's it is.
            if "List" in rpc and not isinstance(answer, Refusal):
                told.append((grpc.StatusCode.NOT_FOUND, str(answer)))
                continue
            assert isinstance(answer, Refusal), rpc
            resource = answer.info.metadata["resource"]
            told.append((answer.code, str(answer).replace(resource, "it")))
        assert told[0] == told[1]
        assert grpc.StatusCode.NOT_FOUND == told[0][0]
    assert agent == await owner.agents.GetAgent(get, metadata=owner.metadata)
    assert story[-1] == (await owner.watch(generation))[-1]
    assert mine == await owner.templates.CreateTemplate(kept, metadata=owner.metadata)
    assert not (await owner.get(generation)).ratings
    assert 2 == len(await messages(owner, talk))
    assert [memory] == await memories(owner)
    assert [] == await memories(stranger, name)
    listed_to = await stranger.conversations.ListConversations(
        talks.ListConversationsRequest(), metadata=stranger.metadata
    )
    assert not listed_to.conversations


async def test_lists_show_only_ones_own(house: House, owner: Client) -> None:
    """What is of one owner stands in no list of another: every list is asked."""
    story = await owner.hatch()
    kept = templates.CreateTemplateRequest(
        template_id="mine", template=templates.Template(title="Mine", description="a fox")
    )
    await owner.templates.CreateTemplate(kept, metadata=owner.metadata)
    await owner.write()
    agent = story[-1].completed.resource
    await owner.say("Please remember that I like tea.", agent=agent)
    stranger = house.client.as_owner(f"stranger-{uuid.uuid4()}")
    # Models and recipes are everybody's, and messages are asked for by a conversation's name.
    shared = {"ListModels", "ListRecipes", "ListMessages"}
    lists = {
        rpc: method
        for rpc, method in RPCS.items()
        if method.name.startswith("List") and method.name not in shared
    }
    assert len(lists) == 6
    for rpc, method in lists.items():
        request = GetMessageClass(method.input_type)()
        if method.name == "ListMemories":
            request.agent = agent
        (listed,) = (
            field.name for field in method.output_type.fields if field.type == field.TYPE_MESSAGE
        )
        for client, some in ((owner, True), (stranger, False)):
            told = await call(client.channel, method, request, client.metadata)
            assert not isinstance(told, Refusal), (rpc, told)
            # Some templates come along, for everybody.
            own = [one for one in getattr(told[0], listed) if not getattr(one, "shipped", False)]
            assert some == bool(own), rpc
    for client, count in ((owner, 3), (stranger, 0)):
        stats = await client.generations.QueryGenerationStats(
            generations.QueryGenerationStatsRequest(), metadata=client.metadata
        )
        assert count == len(stats.recipes)
        assert bool(stats.steps) == bool(count)


async def test_the_generations_of_anothers_agent_are_none(house: House, owner: Client) -> None:
    """As those of one that is not there."""
    name = (await owner.hatch())[-1].completed.resource
    stranger = house.client.as_owner(f"stranger-{uuid.uuid4()}")
    for client, count in ((owner, 1), (stranger, 0)):
        request = generations.ListGenerationsRequest(agent=name)
        runs = await client.generations.ListGenerations(request, metadata=client.metadata)
        assert count == len(runs.generations)


async def test_a_request_id_belongs_to_its_owner(house: House, owner: Client) -> None:
    """Two owners with one request id have a generation each, whatever they describe."""
    other = house.client.as_owner(f"other-{uuid.uuid4()}")
    request_id = str(uuid.uuid4())
    one = await owner.hatch("a shy dragon", request_id=request_id)
    two = await other.hatch("a bold fox", request_id=request_id)
    assert one[0].generation != two[0].generation


async def test_a_stream_ends_with_the_token_that_began_it(house: House) -> None:
    """A watch outlives no `exp`: it ends as UNAUTHENTICATED, since a proxy looks only once."""
    name = f"brief-{uuid.uuid4()}"
    client = house.client.as_owner(name)
    story = await client.hatch()
    brief = (("authorization", f"Bearer {token(name, seconds=1.5)}"),)
    # A generation that does not end: nobody here knows its recipe.
    database = await asyncpg.connect(house.database_url)
    await database.execute(
        "UPDATE generations SET recipe = 'unknown', state = 'RUNNING' WHERE owner = $1", name
    )
    await database.close()
    request = generations.WatchGenerationRequest(
        name=story[0].generation, starting_after=max(e.sequence for e in story)
    )
    answer = await call(client.channel, RPCS["GenerationService.WatchGeneration"], request, brief)
    assert isinstance(answer, Refusal)
    assert "TOKEN_EXPIRED" == answer.reason
