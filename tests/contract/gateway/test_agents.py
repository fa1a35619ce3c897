"""Agents and lists: changing, deleting, bringing back, paging."""

import uuid

import asyncpg
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from hatchery.gateway.v1 import agent_service_pb2 as pb
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.gateway.v1.model_service_pb2 import ListModelsRequest
from hatchery.types.v1.persona_pb2 import Appearance, Persona

from tests.contract.gateway.conftest import House
from tests.support.calls import RPCS, Refusal, call
from tests.support.gateway import Client

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _hatched(owner: Client) -> pb.Agent:
    name = (await owner.hatch())[-1].completed.resource
    agent: pb.Agent = await owner.agents.GetAgent(
        pb.GetAgentRequest(name=name), metadata=owner.metadata
    )
    return agent


async def _update(owner: Client, agent: pb.Agent, *paths: str) -> pb.Agent:
    request = pb.UpdateAgentRequest(agent=agent, update_mask=FieldMask(paths=paths))
    updated: pb.Agent = await owner.agents.UpdateAgent(request, metadata=owner.metadata)
    return updated


async def test_a_mask_changes_what_it_names_and_no_more(owner: Client) -> None:
    """A path sets one field, also within the appearance; one without a value is cleared."""
    agent = await _hatched(owner)
    change = pb.Agent(
        name=agent.name, persona=Persona(name="Tolly", appearance=Appearance(eyes="green eyes"))
    )
    updated = await _update(
        owner, change, "persona.name", "persona.appearance.eyes", "persona.greeting"
    )
    expected = Persona()
    expected.CopyFrom(agent.persona)
    expected.name, expected.greeting, expected.appearance.eyes = "Tolly", "", "green eyes"
    assert expected == updated.persona
    assert agent.portrait == updated.portrait
    assert agent.etag != updated.etag


async def test_without_a_mask_every_field_that_is_set_changes(owner: Client) -> None:
    """Fields that are absent stay; lists are replaced, not added to."""
    agent = await _hatched(owner)
    updated = await _update(owner, pb.Agent(name=agent.name, persona=Persona(traits=["bold"])))
    assert ["bold"] == list(updated.persona.traits)
    assert agent.persona.name == updated.persona.name


async def test_the_mask_persona_replaces_all_of_it(owner: Client) -> None:
    """What the new persona does not have is gone."""
    agent = await _hatched(owner)
    updated = await _update(owner, pb.Agent(name=agent.name, persona=Persona(name="X")), "persona")
    assert Persona(name="X") == updated.persona


@pytest.mark.parametrize(
    "path",
    [
        "description",
        "name",
        "persona.",
        "persona.wisdom",
        "persona..name",
        "personaname",
        "*",
        "persona.traits.0",
        "",
    ],
)
async def test_a_path_that_cannot_be_changed_is_refused(owner: Client, path: str) -> None:
    """Only persona and what lies under it; the field is update_mask, and nothing changes."""
    agent = await _hatched(owner)
    request = pb.UpdateAgentRequest(
        agent=pb.Agent(name=agent.name), update_mask=FieldMask(paths=["persona.name", path])
    )
    answer = await call(owner.channel, RPCS["AgentService.UpdateAgent"], request, owner.metadata)
    assert isinstance(answer, Refusal)
    assert ["update_mask"] == answer.fields
    get = pb.GetAgentRequest(name=agent.name)
    assert agent == await owner.agents.GetAgent(get, metadata=owner.metadata)


async def test_of_two_with_one_etag_the_second_is_refused(owner: Client) -> None:
    """The first update takes the etag; the second reads again and then succeeds."""
    agent = await _hatched(owner)
    change = pb.Agent(name=agent.name, etag=agent.etag, persona=Persona(name="First"))
    first = await _update(owner, change, "persona.name")
    request = pb.UpdateAgentRequest(agent=change, update_mask=FieldMask(paths=["persona.name"]))
    answer = await call(owner.channel, RPCS["AgentService.UpdateAgent"], request, owner.metadata)
    assert isinstance(answer, Refusal)
    assert "ETAG_MISMATCH" == answer.reason
    change.etag, change.persona.name = first.etag, "Second"
    assert "Second" == (await _update(owner, change, "persona.name")).persona.name


async def test_deleting_hides_and_undeleting_brings_back(owner: Client) -> None:
    """A deleted agent is read and listed only where asked for, and cannot be changed."""
    agent = await _hatched(owner)
    deleted = await owner.agents.DeleteAgent(
        pb.DeleteAgentRequest(name=agent.name, etag=agent.etag), metadata=owner.metadata
    )
    assert deleted.HasField("delete_time")

    async def listed(show_deleted: bool = False) -> int:
        request = pb.ListAgentsRequest(show_deleted=show_deleted)
        return len((await owner.agents.ListAgents(request, metadata=owner.metadata)).agents)

    assert (0, 1) == (await listed(), await listed(show_deleted=True))
    for rpc, request in {
        "AgentService.DeleteAgent": pb.DeleteAgentRequest(name=agent.name),
        "AgentService.UpdateAgent": pb.UpdateAgentRequest(agent=pb.Agent(name=agent.name)),
        "AgentService.RegenerateAvatar": pb.RegenerateAvatarRequest(name=agent.name),
    }.items():
        answer = await call(owner.channel, RPCS[rpc], request, owner.metadata)
        assert isinstance(answer, Refusal)
        assert "RESOURCE_NOT_FOUND" == answer.reason
    back = await owner.agents.UndeleteAgent(
        pb.UndeleteAgentRequest(name=agent.name), metadata=owner.metadata
    )
    assert agent.persona == back.persona
    assert not back.HasField("delete_time")
    assert 1 == await listed()


async def test_a_query_finds_what_has_each_of_its_words(owner: Client) -> None:
    """In name, species, traits or description, in upper or lower case; a letter is a letter."""
    plain = await _hatched(owner)
    change = Persona(name="Ölgÿa 100%", species="Water Dragon", traits=["brave_ish"])
    renamed = await _update(owner, pb.Agent(name=(await _hatched(owner)).name, persona=change))

    async def found(query: str) -> list[str]:
        request = pb.ListAgentsRequest(query=query)
        answer = await owner.agents.ListAgents(request, metadata=owner.metadata)
        return [agent.name for agent in answer.agents]

    for query in ("ölgÿa", "ÖLGŸ", "dragon ölg", "WATER  brave", "100%", "brave_ish"):
        assert [renamed.name] == await found(query), query
    assert [renamed.name, plain.name] == await found("a shy") == await found(" ")
    for query in ("ölgÿa nobody", "1%", "brave.ish", "10_%", "\\"):
        assert [] == await found(query), query


async def test_a_new_portrait_leaves_what_it_is_found_by(owner: Client) -> None:
    """A name that was given by hand is found after the portrait was drawn again."""
    agent = await _hatched(owner)
    await _update(owner, pb.Agent(name=agent.name, persona=Persona(name="Quillan")))
    request = pb.RegenerateAvatarRequest(name=agent.name)
    async for _event in owner.agents.RegenerateAvatar(request, metadata=owner.metadata):
        pass
    retry = generations.RetryGenerationRequest(name=agent.generation, from_step="avatar")
    async for _event in owner.generations.RetryGeneration(retry, metadata=owner.metadata):
        pass
    listed = await owner.agents.ListAgents(
        pb.ListAgentsRequest(query="quillan"), metadata=owner.metadata
    )
    assert ["Quillan"] == [agent.persona.name for agent in listed.agents]


async def test_the_generations_of_one_agent_are_listed(owner: Client) -> None:
    """What made it and what changed it, and nothing of another; of a stranger's agent nothing."""
    agent, other = await _hatched(owner), await _hatched(owner)
    request = pb.RegenerateAvatarRequest(name=agent.name)
    async for _event in owner.agents.RegenerateAvatar(request, metadata=owner.metadata):
        pass

    async def recipes(name: str) -> list[str]:
        asked = generations.ListGenerationsRequest(agent=name)
        answer = await owner.generations.ListGenerations(asked, metadata=owner.metadata)
        return [generation.recipe for generation in answer.generations]

    assert ["regenerate_avatar", "create_agent"] == await recipes(agent.name)
    assert ["create_agent"] == await recipes(other.name)
    assert [] == await recipes(f"agents/{uuid.uuid4()}")


async def test_pages_are_complete_while_rows_are_added(house: House, owner: Client) -> None:
    """Every row that was there at the beginning comes once, also those made in one instant."""
    connection = await asyncpg.connect(house.database_url)
    insert = (
        "INSERT INTO generations (id, owner, recipe, state, rpc, request_id, request, description,"
        " resource, snapshot) SELECT gen_random_uuid(), $1, 'r', 'COMPLETED', 'x',"
        " gen_random_uuid(), '', 'd', gen_random_uuid(), '' FROM generate_series(1, $2)"
    )
    await connection.execute(insert, owner.owner, 23)
    seen, page_token = list[str](), ""
    while True:
        page = await owner.generations.ListGenerations(
            generations.ListGenerationsRequest(page_size=5, page_token=page_token),
            metadata=owner.metadata,
        )
        seen += [generation.name for generation in page.generations]
        page_token = page.next_page_token
        if not page_token:
            break
        assert 5 == len(page.generations)
        await connection.execute(insert, owner.owner, 2)
    await connection.close()
    assert 23 == len(seen) == len(set(seen))


async def test_a_list_of_generations_can_be_of_some_states(owner: Client) -> None:
    """Only those in one of the states that are asked for."""
    await owner.hatch()
    for state, count in (
        (generations.Generation.STATE_COMPLETED, 1),
        (generations.Generation.STATE_FAILED, 0),
    ):
        listed = await owner.generations.ListGenerations(
            generations.ListGenerationsRequest(states=[state]), metadata=owner.metadata
        )
        assert count == len(listed.generations)


async def test_models_of_both_services_are_listed(owner: Client) -> None:
    """Text before images, with nothing unavailable."""
    listed = await owner.models.ListModels(ListModelsRequest(), metadata=owner.metadata)
    assert ["KIND_TEXT", "KIND_IMAGE"] == [type(m).Kind.Name(m.kind) for m in listed.models]
    assert [] == list(listed.unavailable)


async def test_a_request_id_may_be_written_in_any_case(owner: Client) -> None:
    """A UUID in capitals is the same request."""
    request_id = str(uuid.uuid4())
    first = await owner.hatch(request_id=request_id)
    again = await owner.hatch(request_id=request_id.upper())
    assert first[0].generation == again[0].generation
