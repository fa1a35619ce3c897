"""What logs of several services are joined by: who is believed of which generation."""

from collections.abc import Mapping
from typing import Any

import grpc
import pytest
import structlog
from hatchery.llm.v1 import llm_service_pb2 as llm
from hatchery.llm.v1.llm_service_pb2_grpc import (
    LlmServiceServicer,
    LlmServiceStub,
    add_LlmServiceServicer_to_server,
)

from services.runtime.serving import running_server
from services.runtime.settings import ServerSettings

GENERATION = "dba84d22-b99f-4636-8c6e-d20def63e786"


class _Bound(LlmServiceServicer):
    """Remembers what the lines of its log would have."""

    def __init__(self) -> None:
        self.bound: Mapping[str, Any] = {}

    async def Generate(self, request: Any, context: Any) -> None:  # type: ignore[override]
        raise NotImplementedError

    async def ListModels(self, request: Any, context: Any) -> llm.ListModelsResponse:
        self.bound = structlog.contextvars.get_contextvars()
        return llm.ListModelsResponse()


@pytest.mark.parametrize(
    ("given", "believed"),
    [
        (GENERATION, True),
        ("", False),
        ("x" * 101, False),
        ("two words", False),
        ('"}{"event": "forged"', False),
    ],
)
@pytest.mark.parametrize("generations", [True, False], ids=["engine", "gateway"])
async def test_an_engine_service_is_told_of_which_generation_it_works(
    generations: bool, given: str, believed: bool
) -> None:
    """Within bounds, and by the gateway alone: of nobody else's callers is that believed."""
    bound = _Bound()

    def add(server: grpc.aio.Server) -> None:
        add_LlmServiceServicer_to_server(bound, server)

    async with (
        running_server(ServerSettings(), add, [], generations=generations) as server,
        grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
    ):
        metadata = (("x-hatchery-generation", given), ("x-request-id", "asked"))
        await LlmServiceStub(channel).ListModels(llm.ListModelsRequest(), metadata=metadata)
    assert "asked" == bound.bound["request_id"]
    told = GENERATION if believed and generations else None
    assert told == bound.bound.get("generation")
