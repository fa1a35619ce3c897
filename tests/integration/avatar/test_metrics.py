"""`python -m services.avatar` measures its calls, where it is asked to."""

from pathlib import Path
from typing import Any, cast

import grpc
import psutil
import pytest
from hatchery.avatar.v1.avatar_service_pb2 import GenerateRequest, ListModelsRequest
from hatchery.avatar.v1.avatar_service_pb2_grpc import AvatarServiceStub

from tests.integration.avatar.test_service import NAME, ready, service
from tests.support.ports import free_port
from tests.support.scraping import listed_in, scrape

PAGE = Path(__file__).parents[3] / "docs" / "metrics.md"


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
        working = await scrape(listen)
        left.cancel()
        await stub.ListModels(ListModelsRequest())
        seen = await scrape(listen)
    engine = {"gen_ai_provider_name": "sketch"}
    assert 1 == working("hatchery_engine_active", **engine)
    assert 0 < working("hatchery_engine_capacity", **engine)
    assert 0 == working("hatchery_engine_refusals_total", **engine)
    assert 1 == working("hatchery_ready")
    calls, took = (f"grpc_server_call_duration_seconds_{of}" for of in ("count", "sum"))
    generate = f"{NAME}/Generate"
    assert [1, 1, 1] == [
        seen(calls, grpc_method=generate, grpc_status=code)
        for code in ("OK", "INVALID_ARGUMENT", "CANCELLED")
    ]
    assert 0 < seen(took, grpc_method=generate, grpc_status="OK") < 30
    assert 1 == seen(calls, grpc_method=f"{NAME}/ListModels", grpc_status="OK")
    assert 1 == seen("target_info", service_name="hatchery-avatar")


async def test_calls_to_a_full_engine_are_counted_as_refused() -> None:
    """While all of its room is taken; engines are added by what is read here."""
    listen = f"127.0.0.1:{free_port()}"
    large = GenerateRequest(prompt="a hen", width=1024, height=1024)
    async with service(HATCHERY_METRICS_LISTEN=listen) as (_, channel):
        await ready(channel)
        stub: Any = AvatarServiceStub(channel)
        room = int((await scrape(listen))("hatchery_engine_capacity"))
        working = [stub.Generate(large) for _ in range(room)]
        for call in working:
            await call.read()
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await stub.Generate(large).read()
        seen = await scrape(listen)
        for call in working:
            call.cancel()
    assert grpc.StatusCode.RESOURCE_EXHAUSTED == refused.value.code()
    assert [room, 1] == [
        seen(f"hatchery_engine_{of}", gen_ai_provider_name="sketch")
        for of in ("active", "refusals_total")
    ]


async def test_the_page_lists_what_an_engine_service_exports() -> None:
    """All that can be read is in docs/metrics.md, with its labels."""
    listen = f"127.0.0.1:{free_port()}"
    async with service(HATCHERY_METRICS_LISTEN=listen) as (_, channel):
        await ready(channel)
        await cast("Any", AvatarServiceStub(channel)).ListModels(ListModelsRequest())
        seen = await scrape(listen)
    listed = listed_in(PAGE, "Every service", "llm and avatar")
    assert set(listed) == seen.names - {"target_info"}
    for name, labels in listed.items():
        assert labels == seen.labels_of(name), name


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
