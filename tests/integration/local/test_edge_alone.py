"""An Envoy that runs by itself, as in a cluster: TLS at both sides, and an end that is told."""

import asyncio
import http.client
import json
import os
import signal
import ssl
import struct
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from hatchery.llm.v1 import llm_service_pb2 as llm
from hatchery.llm.v1.llm_service_pb2_grpc import LlmServiceStub

from deploy.envoy import program
from tests.bench import flooding
from tests.support.authority import Authority
from tests.support.edge import Alone, alone
from tests.support.scripted import scripted_engines
from tests.support.waiting import until

# Of HTTP/2 (RFC 9113, 6.5.2).
_MAX_CONCURRENT_STREAMS = 3


async def offered(edge: Alone, authority: Authority) -> Mapping[str, str]:
    """Calls through it, whose certificate has to be of an authority; what the call met."""
    believed = grpc.ssl_channel_credentials(authority.pem)
    options = [("grpc.use_local_subchannel_pool", 1)]
    target = f"localhost:{edge.port}"
    async with grpc.aio.secure_channel(target, believed, options) as channel:
        await LlmServiceStub(channel).ListModels(llm.ListModelsRequest(), timeout=10)
    return await asyncio.to_thread(_page, edge.port, authority)


def _page(port: int, authority: Authority) -> Mapping[str, str]:
    context = ssl.create_default_context(cadata=authority.pem.decode())
    with closing(http.client.HTTPSConnection("localhost", port, context=context)) as page:
        page.request("GET", "/")
        answer = page.getresponse()
        return {"page": str(answer.status), "policy": answer.headers["content-security-policy"][:7]}


async def test_both_sides_show_certificates(tmp_path: Path) -> None:
    """Who calls sees the edge's, and the gateway lets the edge in by its name, and nobody else."""
    ours, public = Authority(), Authority("public")
    engines = ours.write(tmp_path / "gateway", "localhost")
    async with scripted_engines(tls=engines, tls_peers=("edge",)) as behind:
        gateway = f"localhost:{behind.llm_target.rpartition(':')[2]}"
        sides = {
            "tls": str(ours.write(tmp_path / "edge", "edge")),
            "edge_tls": str(public.write(tmp_path / "public", "localhost")),
        }
        async with alone(tmp_path, gateway, **sides) as edge:
            assert {"page": "200", "policy": "default"} == await offered(edge, public)
            assert await edge.get("/stats/prometheus") == 200
            # The administration is not all there.
            assert [404, 404] == [await edge.get("/"), await edge.get("/quitquitquit")]


async def test_a_gateway_of_another_name_is_not_believed(tmp_path: Path) -> None:
    """Though the same authority signed its certificate."""
    ours = Authority()
    engines = ours.write(tmp_path / "gateway", "elsewhere")
    async with scripted_engines(tls=engines) as behind:
        gateway = f"localhost:{behind.llm_target.rpartition(':')[2]}"
        tls = str(ours.write(tmp_path / "edge", "edge"))
        async with alone(tmp_path, gateway, tls=tls) as edge:
            assert grpc.StatusCode.UNAVAILABLE == await _refused(edge)


async def test_certificates_change_while_it_runs(tmp_path: Path) -> None:
    """As Kubernetes changes them: all files of a folder at once, behind a link."""
    old, new = Authority("old"), Authority("new")
    async with scripted_engines() as behind:
        for number, authority in enumerate((old, new)):
            authority.write(tmp_path / f"at-{number}", "localhost")
        folder = tmp_path / "edge"
        folder.mkdir()
        _link(folder / "..data", tmp_path / "at-0")
        for name in ("tls.crt", "tls.key"):
            (folder / name).symlink_to(Path("..data") / name)
        async with alone(tmp_path, behind.llm_target, edge_tls=str(folder)) as edge:
            await offered(edge, old)
            _link(folder / "..data", tmp_path / "at-1")

            async def is_new() -> bool:
                try:
                    await offered(edge, new)
                except grpc.aio.AioRpcError:
                    return False
                return True

            await until(is_new, 20)


async def test_reflection_is_closed_unless_asked_for(tmp_path: Path) -> None:
    """The address of it is not found."""
    path = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
    found = {}
    async with scripted_engines(reflection=True) as behind:
        for setting in ("false", "true"):
            async with alone(tmp_path, behind.llm_target, reflection=setting) as edge:
                found[setting] = await asyncio.to_thread(_posted, edge.port, path)
    assert {"false": 404, "true": 200} == found


@pytest.mark.parametrize(
    "path", ["/ready", "/stats", "/stats/prometheus", "/metrics", "/config_dump", "/server_info"]
)
async def test_what_is_for_operators_is_not_public(tmp_path: Path, path: str) -> None:
    """Neither metrics nor the administration are found where everybody calls."""
    async with scripted_engines() as behind, alone(tmp_path, behind.llm_target) as edge:
        assert 404 == await asyncio.to_thread(_status, edge.port, path)


@pytest.mark.parametrize(("streams", "goes_on"), [(1000, True), (1001, False)])
async def test_a_connection_has_a_thousand_streams_at_once(
    tmp_path: Path, streams: int, goes_on: bool
) -> None:
    """It is told so, and ended if it opens one more."""
    generous = {"connection_calls": "100000"}
    async with scripted_engines() as behind, alone(tmp_path, behind.llm_target, **generous) as edge:
        target = f"127.0.0.1:{edge.port}"
        assert (1000, goes_on) == await asyncio.wait_for(_opened(target, streams), 30)


async def test_it_logs_as_services_do(tmp_path: Path) -> None:
    """One JSON object a line, with the same names."""
    async with scripted_engines() as behind, alone(tmp_path, behind.llm_target):
        config = tmp_path / "run" / "envoy.yaml"
        said = program.command(program.find() or Path(), config)
        process = await asyncio.create_subprocess_exec(
            *("info" if part == "warning" else part for part in said),
            *("--mode", "validate"),
            stderr=subprocess.PIPE,
        )
        _, told = await process.communicate()
    lines = [json.loads(line) for line in told.splitlines()]
    assert {"edge"} == {line["service"] for line in lines}
    assert {"info"} <= {line["level"] for line in lines}
    assert all({"event", "logger", "timestamp"} < line.keys() for line in lines)


async def test_a_name_is_the_same_with_a_port(tmp_path: Path) -> None:
    """Clients of gRPC send the port along; another name is nobody's here."""
    async with scripted_engines() as behind, alone(tmp_path, behind.llm_target) as edge:
        found = {
            host: await asyncio.to_thread(_status, edge.port, host=host)
            for host in ("localhost", "localhost:443", f"127.0.0.1:{edge.port}", "evil.example")
        }
    assert [200, 200, 200, 404] == list(found.values())


async def test_it_drains_before_it_ends(tmp_path: Path) -> None:
    """Calls end well meanwhile, and every connection is told to go elsewhere."""
    async with (
        scripted_engines() as behind,
        alone(tmp_path, behind.llm_target, stop_grace="2") as edge,
        grpc.aio.insecure_channel(f"127.0.0.1:{edge.port}") as channel,
    ):
        check = health_pb2_grpc.HealthStub(channel).Check
        await check(health_pb2.HealthCheckRequest())
        draining = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy.envoy", "drain"),
            env={**os.environ, **edge.environment},
        )
        told = []
        while draining.returncode is None:
            await check(health_pb2.HealthCheckRequest(), timeout=5)
            told.append(await asyncio.to_thread(_closes, edge.port))
            await asyncio.sleep(0.1)
        assert 0 == draining.returncode
        assert all(told[told.index(True) :])
        edge.process.send_signal(signal.SIGTERM)
        assert 0 == await edge.process.wait()


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "HATCHERY_GATEWAYS"),
        ({"HATCHERY_GATEWAYS": "a:1"}, "HATCHERY_HOSTS"),
        ({"HATCHERY_GATEWAYS": " ,", "HATCHERY_HOSTS": "a"}, "have to name something"),
    ],
)
def test_settings_that_are_wrong_are_named(environment: dict[str, str], said: str) -> None:
    """In a line, with exit status 2."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.envoy"],
        env={**{k: v for k, v in os.environ.items() if "HATCHERY" not in k}, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 2 == done.returncode
    assert said in done.stderr


async def _refused(edge: Alone) -> grpc.StatusCode:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{edge.port}") as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await LlmServiceStub(channel).ListModels(llm.ListModelsRequest(), timeout=10)
    return caught.value.code()


def _status(port: int, path: str = "/", host: str = "localhost") -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path, headers={"Host": host})
        return connection.getresponse().status


def _closes(port: int) -> bool:
    """Whether a connection is to end with its answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/")
        return connection.getresponse().headers.get("connection") == "close"


def _posted(port: int, path: str) -> int:
    asked = {"Content-Type": "application/grpc-web+proto", "X-Grpc-Web": "1"}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("POST", path, bytes(5), asked)
        return connection.getresponse().status


async def _opened(target: str, streams: int) -> tuple[int, bool]:
    """Opens so many; how many it was told that it may, and whether the connection goes on."""
    reader, writer = await asyncio.open_connection(*target.split(":"))
    writer.write(flooding.PREFACE + flooding.frame(flooding.SETTINGS, 0, 0, b""))
    begun = flooding.headers(target, "/hatchery.llm.v1.LlmService/Generate")
    announced = 0
    try:
        while True:
            head = await reader.readexactly(9)
            kind, flags = head[3], head[4]
            payload = await reader.readexactly(int.from_bytes(head[:3], "big"))
            if kind == flooding.PING and flags:
                return announced, True
            if kind == flooding.SETTINGS and not flags:
                announced = dict(struct.iter_unpack(">HI", payload))[_MAX_CONCURRENT_STREAMS]
                writer.write(flooding.frame(flooding.SETTINGS, 1, 0, b""))
                for stream in range(1, 2 * streams, 2):
                    writer.write(
                        flooding.frame(flooding.HEADERS, flooding.END_HEADERS, stream, begun)
                    )
                writer.write(flooding.frame(flooding.PING, 0, 0, bytes(8)))
    except (asyncio.IncompleteReadError, ConnectionError):
        return announced, False
    finally:
        writer.transport.abort()


def _link(at: Path, target: Path) -> None:
    """Puts a link in the place of another in one step."""
    new = at.with_name("..new")
    new.symlink_to(target)
    new.rename(at)
