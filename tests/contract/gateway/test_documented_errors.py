"""Every error that the contract documents is what its RPC answers, and no other is provoked."""

import grpc
import pytest

from tests.contract.gateway.provocations import PROVOKED, Provoke
from tests.contract.gateway.requests import (
    AGENT,
    ARTIFACT,
    ASSET,
    COMPARISON,
    GENERATION,
    RECIPE,
    TEMPLATE,
    VALID,
    refusal_of,
)
from tests.support.calls import Refusal, documented
from tests.support.gateway import Client

pytestmark = pytest.mark.asyncio(loop_scope="module")


_NAMES = (AGENT, ARTIFACT, ASSET, COMPARISON, GENERATION, RECIPE, TEMPLATE)


def _missing(rpc: str) -> Provoke:
    async def provoke(owner: Client) -> Refusal:
        refused = await refusal_of(owner, rpc, VALID[rpc])
        assert refused.info.metadata["resource"] in _NAMES
        return refused

    return provoke


for _rpc, _reasons in documented().items():
    if "RESOURCE_NOT_FOUND" in _reasons:
        PROVOKED.setdefault((_rpc, "RESOURCE_NOT_FOUND"), _missing(_rpc))


_CODES = {
    "INVALID_FIELD": grpc.StatusCode.INVALID_ARGUMENT,
    "BUDGET_EXCEEDED": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "QUEUE_FULL": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "NOT_ENDED": grpc.StatusCode.FAILED_PRECONDITION,
    "NOTHING_TO_RETRY": grpc.StatusCode.FAILED_PRECONDITION,
    "RETRY_UNDER_WAY": grpc.StatusCode.ALREADY_EXISTS,
    "RESOURCE_NOT_FOUND": grpc.StatusCode.NOT_FOUND,
    "ENGINE_UNAVAILABLE": grpc.StatusCode.UNAVAILABLE,
    "UNKNOWN_MODEL": grpc.StatusCode.INVALID_ARGUMENT,
    "REQUEST_ID_REUSED": grpc.StatusCode.ALREADY_EXISTS,
    "NOT_DELETED": grpc.StatusCode.ALREADY_EXISTS,
    "TEMPLATE_EXISTS": grpc.StatusCode.ALREADY_EXISTS,
    "TEMPLATE_SHIPPED": grpc.StatusCode.FAILED_PRECONDITION,
    "ETAG_MISMATCH": grpc.StatusCode.ABORTED,
    "CURSOR_BEYOND_LOG": grpc.StatusCode.OUT_OF_RANGE,
    "CURSOR_TRIMMED": grpc.StatusCode.OUT_OF_RANGE,
    "SCOPE_MISSING": grpc.StatusCode.PERMISSION_DENIED,
}


@pytest.fixture
def others(deserted: Client, forgetful: Client, thrifty: Client) -> dict[str, Client]:
    """Clients of gateways to whom something happens, by what that is."""
    return {
        "ENGINE_UNAVAILABLE": deserted,
        "CURSOR_TRIMMED": forgetful,
        "BUDGET_EXCEEDED": thrifty,
    }


@pytest.mark.parametrize(
    ("rpc", "reason"),
    sorted((rpc, reason) for rpc, reasons in documented().items() for reason in reasons),
)
async def test_a_documented_error_is_what_its_rpc_answers(
    owner: Client, others: dict[str, Client], rpc: str, reason: str
) -> None:
    """Every reason in an RPC's comment is provoked, and comes with its code."""
    assert (rpc, reason) in PROVOKED, "the contract documents an error that nothing here provokes"
    client = others.get(reason, owner)
    refused = await PROVOKED[(rpc, reason)](client)
    assert (reason, _CODES[reason]) == (refused.reason, refused.code)


async def test_nothing_is_provoked_that_is_not_documented() -> None:
    """The table knows no error that the contract keeps quiet about."""
    assert set(PROVOKED) == {(rpc, r) for rpc, reasons in documented().items() for r in reasons}
