"""Envoy's one configuration, by Envoy's own validation and by real calls."""

import asyncio
import http.client
import json
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import grpc
import pytest
import pytest_asyncio
from grpc_health.v1 import health_pb2, health_pb2_grpc

from deploy.envoy.render import EnvoyConfig, render
from deploy.local import binaries, parts
from deploy.local.checks import grpc_serving
from deploy.local.ports import choose_ports
from deploy.local.process import Process
from deploy.local.settings import LocalSettings
from deploy.local.state import StateFolder
from tests.integration.local.conftest import eventually, free_port
from tests.integration.local.edge import ANY_PORTS, Edge, an_edge

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHECK = "/grpc.health.v1.Health/Check"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def edge(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Edge]:
    """Yield an Envoy that is ready, configured as in the local stack."""
    async with an_edge(tmp_path_factory.mktemp("edge")) as edge:
        yield edge


@pytest.mark.parametrize(
    "config",
    [
        EnvoyConfig.for_loopback(port=8080, gateways=("127.0.0.1:50051",), admin_port=9901),
        EnvoyConfig(
            host="0.0.0.0",
            port=8080,
            gateways=("gateway-a.hatchery.svc:50051", "gateway-b.hatchery.svc:50051"),
            origins=("https://hatchery.example",),
            hosts=("*",),
        ),
    ],
    ids=["local", "cluster"],
)
async def test_envoy_accepts_the_configuration(config: EnvoyConfig, tmp_path: Path) -> None:
    """Envoy's own validation passes, without a word of warning about what is deprecated."""
    file = tmp_path / "envoy.yaml"
    file.write_text(render(config))
    process = await asyncio.create_subprocess_exec(
        *(str(binaries.find_envoy()), "--mode", "validate", "--config-path", str(file)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    assert "deprecated" not in said.decode()


async def _buf_curl(edge: Edge, path: str, *options: str) -> tuple[int, str, str]:
    buf = Path(sys.executable).with_name("buf")
    process = await asyncio.create_subprocess_exec(
        *(str(buf) if buf.exists() else shutil.which("buf") or "buf", "curl", *options),
        f"http://127.0.0.1:{edge.port}{path}",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize(
    "protocol",
    [
        ("--protocol", "grpc", "--http2-prior-knowledge"),
        ("--protocol", "grpcweb"),
        ("--protocol", "grpcweb", "--http2-prior-knowledge"),
    ],
    ids=["grpc", "grpcweb-h1", "grpcweb-h2"],
)
async def test_one_port_speaks_grpc_and_grpc_web(edge: Edge, protocol: tuple[str, ...]) -> None:
    """A call goes through in each protocol, with its types learnt by reflection on the way."""
    code, out, err = await _buf_curl(edge, CHECK, *protocol, "-d", "{}")
    assert (code, err) == (0, "")
    assert json.loads(out) == {"status": "SERVING"}


async def test_a_gateway_that_is_gone_is_unavailable_and_found_again(edge: Edge) -> None:
    """Without a gateway a call fails with UNAVAILABLE at once; with it back, calls go through."""
    await edge.gateway.stop()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{edge.port}") as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.Check(health_pb2.HealthCheckRequest(), timeout=5)
        assert caught.value.code() == grpc.StatusCode.UNAVAILABLE
    await edge.gateway.start()
    async with asyncio.timeout(5):
        await grpc_serving(f"127.0.0.1:{edge.port}")


async def test_too_much_on_one_connection_is_refused_there(edge: Edge) -> None:
    """RESOURCE_EXHAUSTED, before anybody behind is asked; another connection notices nothing."""
    alone = [("grpc.use_local_subchannel_pool", 1)]
    target, asked = f"127.0.0.1:{edge.port}", health_pb2.HealthCheckRequest()
    async with (
        grpc.aio.insecure_channel(target, alone) as greedy,
        grpc.aio.insecure_channel(target, alone) as modest,
    ):
        check = health_pb2_grpc.HealthStub(greedy).Check
        answers = await asyncio.gather(*(check(asked) for _ in range(600)), return_exceptions=True)
        refused = [answer for answer in answers if isinstance(answer, grpc.aio.AioRpcError)]
        assert {grpc.StatusCode.RESOURCE_EXHAUSTED} == {error.code() for error in refused}
        assert 200 <= 600 - len(refused) < 500
        await health_pb2_grpc.HealthStub(modest).Check(asked)


async def test_where_nobody_says_who_they_are_little_is_taken(edge: Edge) -> None:
    """A question about health is short; one that is long reaches nobody, and is not kept."""
    long = health_pb2.HealthCheckRequest(service="x" * 100_000)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{edge.port}") as channel:
        check = health_pb2_grpc.HealthStub(channel).Check
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await check(long, timeout=5)
        # Whoever is asked would say that there is no such service.
        assert "Payload Too Large" == caught.value.details()
        await check(health_pb2.HealthCheckRequest(), timeout=5)


async def test_a_page_that_asks_too_much_is_told_so(edge: Edge) -> None:
    """429, which is not how a server that is away answers; and nobody follows health here."""
    connection = http.client.HTTPConnection("127.0.0.1", edge.port, timeout=10)
    sent = {"Content-Type": "application/grpc-web+proto", "X-Grpc-Web": "1"}
    answers = []
    with closing(connection):
        for _ in range(600):
            connection.request("POST", CHECK, bytes(5), sent)
            answer = connection.getresponse()
            answer.read()
            answers.append(answer.status)
    assert {200, 429} == set(answers)
    assert 200 <= answers.count(200)
    assert edge.request("POST", CHECK.replace("Check", "Watch"), sent).status == 404


async def test_only_our_own_names_are_hosts(edge: Edge) -> None:
    """A name that was rebound to this address gets 404, whatever it asks for."""
    for host in (f"localhost:{edge.port}", "localhost", f"127.0.0.1:{edge.port}"):
        assert edge.request("GET", "/", {"Host": host}).status == 200
    for host in ("evil.example", f"evil.example:{edge.port}", "localhost.evil.example"):
        assert edge.request("GET", "/", {"Host": host}).status == 404
        assert edge.request("POST", CHECK, {"Host": host}).status == 404


async def test_only_our_own_page_may_call(edge: Edge) -> None:
    """A foreign page's request is refused, not merely its answer hidden; its preflight too."""
    ask = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-grpc-web",
    }
    mine = edge.request("OPTIONS", CHECK, {"Origin": edge.origin, **ask})
    assert mine.status == 200
    assert mine.headers["access-control-allow-origin"] == edge.origin
    assert "x-grpc-web" in mine.headers["access-control-allow-headers"]
    for origin in ("http://evil.example", f"{edge.origin}.evil.example", "null"):
        theirs = edge.request("OPTIONS", CHECK, {"Origin": origin, **ask})
        assert theirs.headers["access-control-allow-origin"] is None
        assert edge.request("POST", CHECK, {"Origin": origin}).status == 403
        assert edge.request("GET", "/", {"Origin": origin}).status == 403


async def test_a_page_reads_status_details_and_request_id(edge: Edge) -> None:
    """A grpc-web call of our page is answered, with what it needs exposed to it."""
    headers = {
        "Origin": edge.origin,
        "Content-Type": "application/grpc-web+proto",
        "X-Grpc-Web": "1",
        "X-Request-Id": "asked-for",
    }
    answer = edge.request("POST", CHECK, headers, body=b"\0\0\0\0\0")
    assert answer.status == 200
    assert answer.body.startswith(b"\0\0\0\0\x02\x08\x01")  # one message: SERVING
    assert b"grpc-status:0" in answer.body
    assert answer.headers["x-request-id"] == "asked-for"
    assert set(answer.headers["access-control-expose-headers"].split(",")) == {
        "grpc-message",
        "grpc-status",
        "grpc-status-details-bin",
        "x-request-id",
    }


async def test_a_taken_port_is_said_so(tmp_path: Path) -> None:
    """Envoy does not share its port with another server: it ends with our words for it."""
    settings = LocalSettings.model_validate(ANY_PORTS)
    state = StateFolder(tmp_path)
    state.prepare()
    ports = {**choose_ports(settings), "gateway": free_port()}
    other = await asyncio.start_server(
        lambda _, writer: writer.close(), "127.0.0.1", ports["envoy"]
    )

    async def never() -> None:
        await asyncio.Event().wait()

    envoy = Process(replace(parts.envoy(settings, state, ports), ready=never), state)
    async with other:
        with pytest.raises(Exception, match="envoy cannot start: its port was taken"):
            await envoy.start()
    await eventually(lambda: not envoy.alive)
