"""What every server has: health that is true, reflection when it is wanted, request ids."""

import asyncio
import gc
import signal
import struct
from contextlib import suppress
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1.agent_service_pb2_grpc import (
    AgentServiceServicer,
    add_AgentServiceServicer_to_server,
)

from services.gateway.parts import NAMES
from services.runtime.interceptors import AroundCalls, Call, Context
from services.runtime.serving import ListenFailed, running_server
from services.runtime.settings import ServerSettings
from tests.bench import flooding
from tests.support.gateway import Client, gateway
from tests.support.half_sent import HalfSent
from tests.support.proxy import proxied_database
from tests.support.scripted import Engines
from tests.support.waiting import until

# HTTP/2 whose windows are shut from the beginning, and a Health.Watch on it.
_STUCK = b"".join(
    (
        flooding.PREFACE,
        flooding.frame(flooding.SETTINGS, 0, 0, struct.pack(">HI", 4, 0)),
        flooding.frame(
            flooding.HEADERS,
            flooding.END_HEADERS,
            1,
            flooding.headers("127.0.0.1", "/grpc.health.v1.Health/Watch"),
        ),
        flooding.frame(flooding.DATA, flooding.END_STREAM, 1, bytes(5)),
    )
)
_SERVING = health_pb2.HealthCheckResponse.SERVING
_NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
_UNKNOWN = health_pb2.HealthCheckResponse.SERVICE_UNKNOWN


async def _until(client: Client, state: int, service: str = "") -> None:
    """Follows grpc.health.v1 until it says so."""
    health = health_pb2_grpc.HealthStub(client.channel)
    async with asyncio.timeout(10):
        async for told in health.Watch(health_pb2.HealthCheckRequest(service=service)):
            if told.status == state:
                return


async def test_a_gateway_is_ready_while_its_store_answers(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """SERVING, for every service by its name; NOT_SERVING while Postgres is away; and back."""
    async with (
        proxied_database(database_url) as (url, proxy),
        gateway(url, engines, tmp_path, poll=0.05) as client,
    ):
        for service in ("", *NAMES):
            await _until(client, _SERVING, service)
        proxy.cut()
        await _until(client, _NOT_SERVING)
        proxy.mend()
        await _until(client, _SERVING)


async def test_python_looks_for_garbage_among_little() -> None:
    """What a process began with is left out of it: everybody waits while Python looks."""
    settings = ServerSettings(listen="127.0.0.1:0")
    looked = len(gc.get_objects())
    async with running_server(settings, lambda _: None, []) as server:
        stopped = asyncio.ensure_future(server.until_stopped())
        try:
            await asyncio.sleep(0)
            assert len(gc.get_objects()) < looked / 10
            server.stopping.set()
            await stopped
        finally:
            gc.unfreeze()
            for sign in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().remove_signal_handler(sign)


async def test_reflection_lists_the_services(client: Client) -> None:
    """Every service of the gateway, health and reflection itself."""
    stub = reflection_pb2_grpc.ServerReflectionStub(client.channel)
    asked = reflection_pb2.ServerReflectionRequest(list_services="")
    call = stub.ServerReflectionInfo(iter([asked]))
    answer = await call.read()
    call.cancel()
    named = {service.name for service in answer.list_services_response.service}
    assert {*NAMES, "grpc.health.v1.Health"} <= named


async def test_reflection_can_be_off(database_url: str, engines: Engines, tmp_path: Path) -> None:
    """Then it is no method of the server."""
    async with gateway(database_url, engines, tmp_path, reflection=False) as client:
        stub = reflection_pb2_grpc.ServerReflectionStub(client.channel)
        call = stub.ServerReflectionInfo(
            iter([reflection_pb2.ServerReflectionRequest(list_services="")])
        )
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call.read()
    assert grpc.StatusCode.UNIMPLEMENTED == refused.value.code()


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-1.2_3", True), ("x" * 101, False), ("a b", False), ("", False), ("<script>", False)],
)
async def test_a_sane_request_id_is_kept_and_told(client: Client, given: str, kept: bool) -> None:
    """The initial metadata names the request id: the caller's, or a new one in its place."""
    call = client.agents.ListAgents(agents.ListAgentsRequest(), metadata=(("x-request-id", given),))
    told = dict(await call.initial_metadata())["x-request-id"]
    await call
    assert kept == (told == given)
    assert told


async def test_a_taken_address_is_told_in_words(client: Client) -> None:
    """Two servers never share a port."""
    settings = ServerSettings(listen=client.target)
    with pytest.raises(ListenFailed, match="is the address taken"):
        async with running_server(settings, lambda _: None, []):
            pass


async def test_who_follows_health_and_reads_nothing_holds_up_nobody() -> None:
    """A stream whose window is shut: others are told, and the server ends in its time."""
    settings = ServerSettings(listen="127.0.0.1:0", stop_grace=0.2)
    async with asyncio.timeout(10):
        async with running_server(settings, lambda _: None, []) as server:
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(_STUCK)
            await asyncio.sleep(0.3)
            async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
                health = health_pb2_grpc.HealthStub(channel)
                watch = health.Watch(health_pb2.HealthCheckRequest())
                assert _NOT_SERVING == (await watch.read()).status
                await server.set_ready()
                assert _SERVING == (await watch.read()).status
                assert _SERVING == (await health.Check(health_pb2.HealthCheckRequest())).status
                unknown = health.Watch(health_pb2.HealthCheckRequest(service="nobody"))
                assert (
                    health_pb2.HealthCheckResponse.SERVICE_UNKNOWN == (await unknown.read()).status
                )
                with pytest.raises(grpc.aio.AioRpcError) as error:
                    await health.Check(health_pb2.HealthCheckRequest(service="nobody"))
                assert grpc.StatusCode.NOT_FOUND == error.value.code()
    writer.transport.abort()


async def test_only_so_many_follow_health() -> None:
    """Nobody has to say who they are for it; who leaves makes room."""
    async with (
        running_server(ServerSettings(), lambda _: None, []) as server,
        grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
    ):
        health = health_pb2_grpc.HealthStub(channel)
        watches = [health.Watch(health_pb2.HealthCheckRequest()) for _ in range(200)]
        for watch in watches:
            await watch.read()
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await health.Watch(health_pb2.HealthCheckRequest()).read()
        assert grpc.StatusCode.RESOURCE_EXHAUSTED == error.value.code()
        watches.pop().cancel()
        told = []

        async def has_room() -> bool:
            with suppress(grpc.aio.AioRpcError):
                told.append(await health.Watch(health_pb2.HealthCheckRequest()).read())
            return bool(told)

        await until(has_room)
        assert [_NOT_SERVING] == [answer.status for answer in told]


class _Held(AroundCalls):
    """Lets nobody pass."""

    async def around(self, method: str, call: Call, context: Context) -> None:
        """Waits for ever."""
        await asyncio.Event().wait()


async def test_what_is_not_read_is_hardly_taken() -> None:
    """However fast a connection is: 64 KiB of each message that nobody reads yet."""
    settings = ServerSettings(listen="127.0.0.1:0", stop_grace=0.0)
    name = agents.DESCRIPTOR.services_by_name["AgentService"].full_name

    def add(server: grpc.aio.Server) -> None:
        add_AgentServiceServicer_to_server(AgentServiceServicer(), server)

    async with running_server(settings, add, [name], [_Held()]) as server:
        path, calls = f"/{name}/ListAgents", 20
        held = HalfSent(f"127.0.0.1:{server.port}", path, calls, 4_000_000)
        await held.send(2.0)
    assert set(held.taken.values()) <= set(range(1, 70_000))
