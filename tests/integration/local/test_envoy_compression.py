"""What Envoy compresses: grpc-web, message by message, without holding one back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest
import pytest_asyncio
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from deploy.envoy.program import command as envoy_command
from deploy.envoy.render import EnvoyConfig, render
from deploy.local.binaries import find_envoy
from deploy.local.checks import grpc_serving
from tests.support.grpc_web import GrpcWebCall
from tests.support.ports import free_port

pytestmark = pytest.mark.asyncio(loop_scope="module")

WATCH = "/hatchery.gateway.v1.GenerationService/WatchGeneration"
DOWNLOAD = "/hatchery.gateway.v1.AssetService/DownloadAsset"
EXPORT = "/hatchery.gateway.v1.AgentService/ExportAgent"
GET = "/hatchery.gateway.v1.GenerationService/GetGeneration"
# As a message of a generation begins: much the same each time.
SAID = b"generations/6a0c1f0e-5a0b-4c0e-9d0b-9a3c5b1e7f21 write %d"


@dataclass
class Gateway:
    """A server that answers each call with what a test puts in, until None ends it."""

    words: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)
    failing: bool = False
    envoy: str = ""

    async def stream(self, _: bytes, context: Any) -> None:
        """Says each word when it is put in."""
        await context.send_initial_metadata(())
        while (word := await self.words.get()) is not None:
            await context.write(word)
        if self.failing:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "it went away")

    async def answer(self, request: bytes, _: Any) -> bytes:
        """Gives back what was asked."""
        return request


class _Everything(grpc.GenericRpcHandler):
    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        if handler_call_details.method == GET:
            return grpc.unary_unary_rpc_method_handler(self._gateway.answer)
        if handler_call_details.method in (WATCH, DOWNLOAD, EXPORT):
            return grpc.unary_stream_rpc_method_handler(self._gateway.stream)
        return None


@asynccontextmanager
async def _serving(gateway: Gateway) -> AsyncIterator[str]:
    server = grpc.aio.server()
    healthy = health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(healthy, server)
    server.add_generic_rpc_handlers((_Everything(gateway),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    await healthy.set("", health_pb2.HealthCheckResponse.SERVING)
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(0)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def edge(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Gateway]:
    """A gateway behind Envoy, configured as in the local stack."""
    gateway = Gateway()
    async with _serving(gateway) as target:
        port, file = free_port(), tmp_path_factory.mktemp("edge") / "envoy.yaml"
        file.write_text(render(EnvoyConfig.for_loopback(port=port, gateways=(target,))))
        process = await asyncio.create_subprocess_exec(
            *envoy_command(find_envoy(), file), stderr=asyncio.subprocess.DEVNULL
        )
        try:
            gateway.envoy = f"127.0.0.1:{port}"
            await grpc_serving(gateway.envoy)
            yield gateway
        finally:
            process.terminate()
            await process.wait()


async def test_no_message_waits_for_the_next(edge: Gateway) -> None:
    """Each is read while the stream is silent behind it, and the stream is smaller all the same."""
    async with GrpcWebCall(edge.envoy, WATCH, b"") as call:
        assert ("gzip", 200) == (call.headers["content-encoding"], call.status)
        messages, sizes = aiter(call), []
        for number in range(200):
            said = SAID % number
            await edge.words.put(said)
            async with asyncio.timeout(20):
                assert said == await anext(messages)
            sizes.append(call.received)
        assert edge.words.empty()
        await edge.words.put(None)
        assert [] == [message async for message in messages]
        assert "0" == call.trailers["grpc-status"]
    assert sizes[-1] - sizes[9] < 190 * len(SAID) / 2


async def test_a_burst_and_a_large_message_come_whole(edge: Gateway) -> None:
    """In order, and equal to what a client gets who takes nothing compressed."""
    said = [SAID % number for number in range(1000)] + [SAID * 20_000, b""]
    heard = []
    for packed in (True, False):
        for word in (*said, None):
            edge.words.put_nowait(word)
        async with GrpcWebCall(edge.envoy, WATCH, b"", gzip=packed) as call:
            heard.append([message async for message in call])
            assert packed is ("content-encoding" in call.headers)
    assert [said, said] == heard


async def test_how_a_stream_fails_is_told_behind_what_was_said(edge: Gateway) -> None:
    """Its trailers are the last of what is compressed, and its end is sound."""
    edge.failing = True
    try:
        for word in (SAID, None):
            edge.words.put_nowait(word)
        async with GrpcWebCall(edge.envoy, WATCH, b"") as call:
            assert [SAID] == [message async for message in call]
            assert str(grpc.StatusCode.UNAVAILABLE.value[0]) == call.trailers["grpc-status"]
            assert "it went away" == call.trailers["grpc-message"]
    finally:
        edge.failing = False


@pytest.mark.parametrize("path", [DOWNLOAD, EXPORT])
async def test_pictures_and_cards_are_let_be(edge: Gateway, path: str) -> None:
    """They are compressed as they are: nothing is spent on them."""
    for word in (b"\x89PNG" * 1000, None):
        edge.words.put_nowait(word)
    async with GrpcWebCall(edge.envoy, path, b"") as call:
        assert [b"\x89PNG" * 1000] == [message async for message in call]
        assert "content-encoding" not in call.headers


async def test_unary_calls_read_the_same(edge: Gateway) -> None:
    """A long answer is smaller, a short one larger by a few headers; both are whole."""
    for length, most in ((0, 80), (100, 80), (20_000, -15_000)):
        asked = (SAID * (length // len(SAID) + 1))[:length]
        received = []
        for packed in (True, False):
            async with GrpcWebCall(edge.envoy, GET, asked, gzip=packed) as call:
                assert [asked] == [message async for message in call]
                assert "0" == call.trailers["grpc-status"]
            received.append(call.received)
        assert received[0] - received[1] < most


async def test_native_grpc_is_let_be(edge: Gateway) -> None:
    """HTTP's way of compressing is none of gRPC's, whatever a client says that it takes."""
    edge.words.put_nowait(SAID)
    edge.words.put_nowait(None)
    async with grpc.aio.insecure_channel(edge.envoy) as channel:
        call = channel.unary_stream(WATCH)(b"", metadata=(("accept-encoding", "gzip"),))
        assert [SAID] == [message async for message in call]
        assert "content-encoding" not in dict(await call.initial_metadata())
