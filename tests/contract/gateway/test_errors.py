"""Every error that the contract documents, provoked; and a table that fails when one is not."""

import uuid
from collections.abc import Awaitable, Callable

import asyncpg
import grpc
import pytest
from google.protobuf.message import Message
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import asset_service_pb2 as assets
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.gateway.v1 import model_service_pb2 as models

from tests.contract.gateway.conftest import House
from tests.support.calls import RPCS, Refusal, call, documented
from tests.support.gateway import Client

pytestmark = pytest.mark.asyncio(loop_scope="module")

_NOBODY = uuid.UUID(int=7)
_AGENT, _GENERATION = f"agents/{_NOBODY}", f"generations/{_NOBODY}"
_ASSET = "assets/" + "0" * 64
# A well-formed request of every RPC, about nothing that is there.
VALID: dict[str, Message] = {
    "AgentService.CreateAgent": agents.CreateAgentRequest(description="a dragon"),
    "AgentService.GetAgent": agents.GetAgentRequest(name=_AGENT),
    "AgentService.ListAgents": agents.ListAgentsRequest(),
    "AgentService.UpdateAgent": agents.UpdateAgentRequest(agent=agents.Agent(name=_AGENT)),
    "AgentService.DeleteAgent": agents.DeleteAgentRequest(name=_AGENT),
    "AgentService.UndeleteAgent": agents.UndeleteAgentRequest(name=_AGENT),
    "AgentService.RegenerateAvatar": agents.RegenerateAvatarRequest(name=_AGENT),
    "AssetService.DownloadAsset": assets.DownloadAssetRequest(name=_ASSET),
    "GenerationService.WatchGeneration": generations.WatchGenerationRequest(name=_GENERATION),
    "GenerationService.WaitGeneration": generations.WaitGenerationRequest(name=_GENERATION),
    "GenerationService.GetGeneration": generations.GetGenerationRequest(name=_GENERATION),
    "GenerationService.ListGenerations": generations.ListGenerationsRequest(),
    "GenerationService.CancelGeneration": generations.CancelGenerationRequest(name=_GENERATION),
    "ModelService.ListModels": models.ListModelsRequest(),
}
# Requests that break a rule, and the field that they break it in.
INVALID: list[tuple[str, Message, str]] = [
    ("AgentService.CreateAgent", agents.CreateAgentRequest(), "description"),
    ("AgentService.CreateAgent", agents.CreateAgentRequest(description=" \n\t"), "description"),
    ("AgentService.CreateAgent", agents.CreateAgentRequest(description="x" * 2001), "description"),
    ("AgentService.CreateAgent", agents.CreateAgentRequest(description="a\0b"), "description"),
    (
        "AgentService.CreateAgent",
        agents.CreateAgentRequest(description="x", request_id="seven"),
        "request_id",
    ),
    (
        "AgentService.CreateAgent",
        agents.CreateAgentRequest(description="x", llm_model="x" * 201),
        "llm_model",
    ),
    *(
        (
            "AgentService.CreateAgent",
            agents.CreateAgentRequest(description="x", portrait=options),
            f"portrait.{options.ListFields()[0][0].name}",
        )
        for options in (
            agents.PortraitOptions(width=65),
            agents.PortraitOptions(width=48),
            agents.PortraitOptions(width=4096),
            agents.PortraitOptions(width=-16),
            agents.PortraitOptions(height=100),
            agents.PortraitOptions(height=2**31 - 1),
            # In the proto's range and not in the model's own.
            agents.PortraitOptions(width=1040),
            agents.PortraitOptions(height=2048),
            agents.PortraitOptions(steps=21),
            agents.PortraitOptions(steps=-1),
            agents.PortraitOptions(steps=101),
        )
    ),
    ("AgentService.GetAgent", agents.GetAgentRequest(), "name"),
    ("AgentService.GetAgent", agents.GetAgentRequest(name=_GENERATION), "name"),
    ("AgentService.GetAgent", agents.GetAgentRequest(name=f"{_AGENT}/x"), "name"),
    ("AgentService.GetAgent", agents.GetAgentRequest(name=_AGENT.upper()), "name"),
    ("AgentService.GetAgent", agents.GetAgentRequest(name=f"{_AGENT}\n"), "name"),
    ("AgentService.ListAgents", agents.ListAgentsRequest(page_size=-1), "page_size"),
    ("AgentService.ListAgents", agents.ListAgentsRequest(page_token="garbage"), "page_token"),
    ("AgentService.ListAgents", agents.ListAgentsRequest(page_token="Ω"), "page_token"),
    ("AgentService.UpdateAgent", agents.UpdateAgentRequest(), "agent"),
    (
        "AgentService.UpdateAgent",
        agents.UpdateAgentRequest(agent=agents.Agent(name="agents/1")),
        "agent.name",
    ),
    ("AgentService.DeleteAgent", agents.DeleteAgentRequest(name="agents/"), "name"),
    ("AgentService.UndeleteAgent", agents.UndeleteAgentRequest(name="x"), "name"),
    ("AgentService.RegenerateAvatar", agents.RegenerateAvatarRequest(name="x"), "name"),
    (
        "AgentService.RegenerateAvatar",
        agents.RegenerateAvatarRequest(name=_AGENT, portrait=agents.PortraitOptions(steps=21)),
        "portrait.steps",
    ),
    ("AssetService.DownloadAsset", assets.DownloadAssetRequest(name="assets/00"), "name"),
    (
        "GenerationService.WatchGeneration",
        generations.WatchGenerationRequest(name=_GENERATION, starting_after=-1),
        "starting_after",
    ),
    ("GenerationService.WatchGeneration", generations.WatchGenerationRequest(name="x"), "name"),
    ("GenerationService.WaitGeneration", generations.WaitGenerationRequest(name="x"), "name"),
    ("GenerationService.GetGeneration", generations.GetGenerationRequest(name="x"), "name"),
    (
        "GenerationService.ListGenerations",
        generations.ListGenerationsRequest(page_token="AAAA"),
        "page_token",
    ),
    (
        "GenerationService.ListGenerations",
        generations.ListGenerationsRequest(states=[generations.Generation.STATE_UNSPECIFIED]),
        "states[0]",
    ),
    ("GenerationService.CancelGeneration", generations.CancelGenerationRequest(name="x"), "name"),
]
# What needs no store to be answered.
STORELESS = {"ModelService.ListModels"}


async def _refused(client: Client, rpc: str, request: Message | bytes) -> Refusal:
    answer = await call(client.channel, RPCS[rpc], request, client.metadata)
    assert isinstance(answer, Refusal), f"{rpc} was not refused: {answer}"
    return answer


@pytest.mark.parametrize(
    ("rpc", "request_", "field"),
    INVALID,
    ids=[f"{r}-{f}-{i}" for i, (r, _, f) in enumerate(INVALID)],
)
async def test_a_field_that_breaks_a_rule_is_named_and_nothing_is_stored(
    owner: Client, house: House, rpc: str, request_: Message, field: str
) -> None:
    """INVALID_ARGUMENT, INVALID_FIELD, a BadRequest with the field's path; no row afterwards."""
    refused = await _refused(owner, rpc, request_)
    assert grpc.StatusCode.INVALID_ARGUMENT == refused.code
    assert "INVALID_FIELD" == refused.reason
    assert [field] == refused.fields
    connection = await asyncpg.connect(house.database_url)
    try:
        assert 0 == await connection.fetchval(
            "SELECT count(*) FROM generations WHERE owner = $1", owner.owner
        )
    finally:
        await connection.close()


async def test_every_rpc_with_a_field_has_a_case_that_breaks_one() -> None:
    """The table above forgets no RPC that takes anything."""
    assert {rpc for rpc, m in RPCS.items() if m.input_type.fields} == {r for r, _, _ in INVALID}


@pytest.mark.parametrize("rpc", RPCS)
@pytest.mark.parametrize("raw", [b"\x0a\xff", b"\x07", b"\x0a\x02\xc3\x28", b"not protobuf"])
async def test_bytes_that_do_not_parse_are_malformed(owner: Client, rpc: str, raw: bytes) -> None:
    """Truncated, of no wire type, invalid UTF-8 in a string, and noise: one reason for them all."""
    if raw == b"\x0a\x02\xc3\x28" and not _begins_with_text(rpc):
        raw = b"\x0a\x7f"
    refused = await _refused(owner, rpc, raw)
    assert grpc.StatusCode.INVALID_ARGUMENT == refused.code
    assert "MALFORMED_MESSAGE" == refused.reason


def _begins_with_text(rpc: str) -> bool:
    first = RPCS[rpc].input_type.fields_by_number.get(1)
    return first is not None and first.type == first.TYPE_STRING


async def test_a_message_over_four_mebibytes_is_refused(owner: Client) -> None:
    """It is not read, and the same connection goes on serving."""
    large = agents.CreateAgentRequest(description="x" * (4 * 1024 * 1024 + 1))
    answer = await call(owner.channel, RPCS["AgentService.CreateAgent"], large, owner.metadata)
    assert isinstance(answer, Refusal)
    assert grpc.StatusCode.RESOURCE_EXHAUSTED == answer.code
    await owner.agents.ListAgents(agents.ListAgentsRequest(), metadata=owner.metadata)


@pytest.mark.parametrize(
    "description",
    [
        "一只害羞的水龙，喜欢书",
        "<script>alert('x')</script> & \"quotes\" {braces} {{more}} %s \\n \\u0000 `ls` $(id)",
        "🐉🏳️‍🌈👩‍👩‍👧‍👦",
        "\u202eright to left\u202c and Z̸a̸l̸g̸o̸",
        "'; DROP TABLE agents; --",
    ],
)
async def test_any_text_hatches(owner: Client, description: str) -> None:
    """Other languages, markup, quotes, braces and emoji hatch, and are kept as they came."""
    story = await owner.hatch(description)
    name = story[-1].completed.resource
    agent = await owner.agents.GetAgent(agents.GetAgentRequest(name=name), metadata=owner.metadata)
    assert description == agent.description


Provoke = Callable[[House, Client], Awaitable[Refusal]]
PROVOKED: dict[tuple[str, str], Provoke] = {}


def provokes(rpc: str, reason: str) -> Callable[[Provoke], Provoke]:
    """Enters a provocation into the table that is held against the protos."""

    def enter(provoke: Provoke) -> Provoke:
        PROVOKED[(rpc, reason)] = provoke
        return provoke

    return enter


def _missing(rpc: str) -> Provoke:
    async def provoke(_: House, owner: Client) -> Refusal:
        refused = await _refused(owner, rpc, VALID[rpc])
        assert refused.info.metadata["resource"] in (_AGENT, _GENERATION, _ASSET)
        return refused

    return provoke


for _rpc, _reasons in documented().items():
    if "RESOURCE_NOT_FOUND" in _reasons:
        PROVOKED[(_rpc, "RESOURCE_NOT_FOUND")] = _missing(_rpc)


@provokes("AgentService.CreateAgent", "UNKNOWN_MODEL")
async def _unknown_text_model(_: House, owner: Client) -> Refusal:
    request = agents.CreateAgentRequest(description="x", llm_model="llama\0 \u2028 9")
    refused = await _refused(owner, "AgentService.CreateAgent", request)
    assert ["llm_model"] == refused.fields
    assert request.llm_model == refused.info.metadata["model"]
    portrait = agents.PortraitOptions(model="龍" * 400)
    request = agents.CreateAgentRequest(description="x", portrait=portrait)
    refused = await _refused(owner, "AgentService.CreateAgent", request)
    assert ["portrait.model"] == refused.fields
    return refused


@provokes("AgentService.RegenerateAvatar", "UNKNOWN_MODEL")
async def _unknown_image_model(_: House, owner: Client) -> Refusal:
    name = (await owner.hatch())[-1].completed.resource
    request = agents.RegenerateAvatarRequest(
        name=name, portrait=agents.PortraitOptions(model="flux")
    )
    return await _refused(owner, "AgentService.RegenerateAvatar", request)


@provokes("AgentService.CreateAgent", "REQUEST_ID_REUSED")
async def _create_twice(_: House, owner: Client) -> Refusal:
    request_id = str(uuid.uuid4())
    first = await owner.hatch("a shy dragon", request_id=request_id)
    request = agents.CreateAgentRequest(description="a bold dragon", request_id=request_id)
    refused = await _refused(owner, "AgentService.CreateAgent", request)
    assert first[0].generation == refused.info.metadata["generation"]
    return refused


@provokes("AgentService.RegenerateAvatar", "REQUEST_ID_REUSED")
async def _regenerate_twice(_: House, owner: Client) -> Refusal:
    name, request_id = (await owner.hatch())[-1].completed.resource, str(uuid.uuid4())
    request = agents.RegenerateAvatarRequest(name=name, request_id=request_id)
    async for _event in owner.agents.RegenerateAvatar(request, metadata=owner.metadata):
        pass
    request.seed = 7
    return await _refused(owner, "AgentService.RegenerateAvatar", request)


@provokes("AgentService.UpdateAgent", "ETAG_MISMATCH")
async def _update_stale(_: House, owner: Client) -> Refusal:
    name = (await owner.hatch())[-1].completed.resource
    request = agents.UpdateAgentRequest(agent=agents.Agent(name=name, etag="0"))
    return await _refused(owner, "AgentService.UpdateAgent", request)


@provokes("AgentService.DeleteAgent", "ETAG_MISMATCH")
async def _delete_stale(_: House, owner: Client) -> Refusal:
    name = (await owner.hatch())[-1].completed.resource
    request = agents.DeleteAgentRequest(name=name, etag="0")
    return await _refused(owner, "AgentService.DeleteAgent", request)


@provokes("AgentService.UndeleteAgent", "NOT_DELETED")
async def _undelete_what_lives(_: House, owner: Client) -> Refusal:
    name = (await owner.hatch())[-1].completed.resource
    request = agents.UndeleteAgentRequest(name=name)
    return await _refused(owner, "AgentService.UndeleteAgent", request)


@provokes("GenerationService.WatchGeneration", "CURSOR_BEYOND_LOG")
async def _watch_beyond(_: House, owner: Client) -> Refusal:
    events = await owner.hatch()
    last = max(event.sequence for event in events)
    request = generations.WatchGenerationRequest(name=events[0].generation, starting_after=last + 1)
    refused = await _refused(owner, "GenerationService.WatchGeneration", request)
    assert str(last) == refused.info.metadata["last_sequence"]
    return refused


_CODES = {
    "RESOURCE_NOT_FOUND": grpc.StatusCode.NOT_FOUND,
    "UNKNOWN_MODEL": grpc.StatusCode.INVALID_ARGUMENT,
    "REQUEST_ID_REUSED": grpc.StatusCode.ALREADY_EXISTS,
    "NOT_DELETED": grpc.StatusCode.ALREADY_EXISTS,
    "ETAG_MISMATCH": grpc.StatusCode.ABORTED,
    "CURSOR_BEYOND_LOG": grpc.StatusCode.OUT_OF_RANGE,
}


@pytest.mark.parametrize(
    ("rpc", "reason"),
    sorted((rpc, reason) for rpc, reasons in documented().items() for reason in reasons),
)
async def test_a_documented_error_is_what_its_rpc_answers(
    house: House, owner: Client, rpc: str, reason: str
) -> None:
    """Every reason in an RPC's comment is provoked, and comes with its code."""
    assert (rpc, reason) in PROVOKED, "the contract documents an error that nothing here provokes"
    refused = await PROVOKED[(rpc, reason)](house, owner)
    assert (reason, _CODES[reason]) == (refused.reason, refused.code)


async def test_nothing_is_provoked_that_is_not_documented() -> None:
    """The table knows no error that the contract keeps quiet about."""
    assert set(PROVOKED) == {(rpc, r) for rpc, reasons in documented().items() for r in reasons}
