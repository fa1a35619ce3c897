"""`python -m services.avatar` measures its calls, where it is asked to."""

from typing import Any

import grpc
import psutil
import pytest
from hatchery.avatar.v1.avatar_service_pb2 import GenerateRequest, ListModelsRequest
from hatchery.avatar.v1.avatar_service_pb2_grpc import AvatarServiceStub

from tests.integration.avatar.test_service import NAME, ready, service
from tests.support.ports import free_port
from tests.support.scraping import scrape


async def test_calls_are_measured_by_method_and_code() -> None:
    """One that went well, one that was refused, one that its caller left; each once."""
    listen = f"127.0.0.1:{free_port()}"
    async with service(HATCHERY_METRICS_LISTEN=listen) as (_, channel):
        await ready(channel)
        stub: Any = AvatarServiceStub(channel)
        asked = GenerateRequest(prompt="a hen", width=64, height=64)
        assert [event async for event in stub.Generate(asked)]
        with pytest.raises(grpc.aio.AioRpcError):
            [_ async for _ in stub.Generate(GenerateRequest(prompt="a hen", model="none"))]
        left = stub.Generate(GenerateRequest(prompt="a hen", width=1024, height=1024))
        await left.read()
        left.cancel()
        await stub.ListModels(ListModelsRequest())
        seen = await scrape(listen)
    calls, took = (f"rpc_server_call_duration_seconds_{of}" for of in ("count", "sum"))
    generate = f"{NAME}/Generate"
    assert [1, 1, 1] == [
        seen(calls, rpc_method=generate, rpc_response_status_code=code, rpc_system_name="grpc")
        for code in ("OK", "INVALID_ARGUMENT", "CANCELLED")
    ]
    assert 0 < seen(took, rpc_method=generate, rpc_response_status_code="OK") < 30
    assert 1 == seen(calls, rpc_method=f"{NAME}/ListModels", rpc_response_status_code="OK")
    assert 1 == seen("target_info", service_name="hatchery-avatar")


async def test_nothing_is_served_unless_it_is_asked_for() -> None:
    """The one port that it listens on is that of its calls."""
    async with service() as (process, channel):
        await ready(channel)
        connections = psutil.Process(process.pid).net_connections("tcp")
        assert 1 == len([one for one in connections if one.status == psutil.CONN_LISTEN])


@pytest.mark.parametrize("listen", ["127.0.0.1:http", "nowhere", "127.0.0.1:-1", "256.0.0.1:0"])
async def test_an_address_that_is_none_ends_it_in_words(listen: str) -> None:
    """It says which, and no service is there that nobody can look into."""
    with pytest.raises(AssertionError, match="did not start"):
        async with service(HATCHERY_METRICS_LISTEN=listen):
            pass
