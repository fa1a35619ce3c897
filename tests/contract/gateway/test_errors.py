"""Requests that break a rule, bytes that are none, and text that only looks as if it did."""

import grpc
import pytest
from google.protobuf.message import Message
from hatchery.gateway.v1 import agent_service_pb2 as agents

from tests.contract.gateway.conftest import House
from tests.contract.gateway.invalid import INVALID
from tests.contract.gateway.requests import refusal_of
from tests.support.calls import RPCS, Refusal, call
from tests.support.gateway import Client
from tests.support.postgres import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    ("rpc", "request_", "field"),
    INVALID,
    ids=[f"{r}-{f}-{i}" for i, (r, _, f) in enumerate(INVALID)],
)
async def test_a_field_that_breaks_a_rule_is_named_and_nothing_is_stored(
    owner: Client, house: House, rpc: str, request_: Message, field: str
) -> None:
    """INVALID_ARGUMENT, INVALID_FIELD, a BadRequest with the field's path; no row afterwards."""
    refused = await refusal_of(owner, rpc, request_)
    assert grpc.StatusCode.INVALID_ARGUMENT == refused.code
    assert "INVALID_FIELD" == refused.reason
    assert [field] == refused.fields
    async with connected(house.database_url) as connection:
        assert 0 == await connection.fetchval(
            "SELECT count(*) FROM generations WHERE owner = $1", owner.owner
        )


async def test_every_rpc_with_a_field_has_a_case_that_breaks_one() -> None:
    """The table above forgets no RPC that takes anything."""
    assert {rpc for rpc, m in RPCS.items() if m.input_type.fields} == {r for r, _, _ in INVALID}


@pytest.mark.parametrize("rpc", RPCS)
@pytest.mark.parametrize("raw", [b"\x0a\xff", b"\x07", b"\x0a\x02\xc3\x28", b"not protobuf"])
async def test_bytes_that_do_not_parse_are_malformed(owner: Client, rpc: str, raw: bytes) -> None:
    """Truncated, of no wire type, invalid UTF-8 in a string, and noise: one reason for them all."""
    if raw == b"\x0a\x02\xc3\x28" and not _begins_with_text(rpc):
        raw = b"\x0a\x7f"
    refused = await refusal_of(owner, rpc, raw)
    assert grpc.StatusCode.INVALID_ARGUMENT == refused.code
    assert "MALFORMED_MESSAGE" == refused.reason


def _begins_with_text(rpc: str) -> bool:
    first = RPCS[rpc].input_type.fields_by_number.get(1)
    return first is not None and first.type == first.TYPE_STRING


async def test_a_message_over_ten_mebibytes_is_refused(owner: Client) -> None:
    """It is not read, and the same connection goes on serving."""
    large = agents.CreateAgentRequest(description="x" * (10 * 1024 * 1024 + 1))
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
