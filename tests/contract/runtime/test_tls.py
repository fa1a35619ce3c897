"""Mutual TLS: who is let in, and certificates that change under running servers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from hatchery.llm.v1 import llm_service_pb2 as llm
from hatchery.llm.v1.llm_service_pb2_grpc import LlmServiceStub
from pydantic import ValidationError

from services.gateway.settings import GatewaySettings
from services.runtime.settings import ServerSettings
from services.runtime.tls import (
    Certificates,
    CertificatesUnusable,
    channel_credentials,
)
from tests.support.authority import Authority
from tests.support.calls import refusal
from tests.support.gateway import gateway
from tests.support.oracle import assert_story
from tests.support.ports import free_port
from tests.support.scripted import Engines, Gate, scripted_engines, scripted_texts
from tests.support.waiting import until


async def ask(target: str, folder: Path | None) -> str:
    """How the llm service answers who shows the certificates of a folder: "OK", or why not."""
    if folder is None:
        channel = grpc.aio.insecure_channel(target)
    else:
        shown = channel_credentials(Certificates(folder).current())
        # Each on a connection of its own, which the library would else share.
        channel = grpc.aio.secure_channel(target, shown, [("grpc.use_local_subchannel_pool", 1)])
    async with channel:
        try:
            await LlmServiceStub(channel).ListModels(llm.ListModelsRequest(), timeout=10)
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.UNAVAILABLE:
                return "UNAVAILABLE"
            return refusal(error).reason
    return "OK"


@asynccontextmanager
async def serving(folder: Path, **settings: Any) -> AsyncIterator[str]:
    """Runs a server with the certificates of a folder; where it is."""
    async with scripted_engines(tls=folder, **settings) as engines:
        yield engines.llm_target


async def test_only_who_shows_a_certificate_is_let_in(tmp_path: Path) -> None:
    """One of the same authority; not without, not with another's, and not without TLS."""
    ours, others = Authority(), Authority()
    async with serving(ours.write(tmp_path / "llm", "llm")) as target:
        assert "OK" == await ask(target, ours.write(tmp_path / "gateway", "gateway"))
        assert "UNAVAILABLE" == await ask(target, None)
        stranger = others.write(tmp_path / "stranger", "gateway", also=ours.pem)
        assert "UNAVAILABLE" == await ask(target, stranger)
        # And who believes another authority does not call.
        wary = ours.write(tmp_path / "wary", "gateway")
        (wary / "ca.crt").write_bytes(others.pem)
        assert "UNAVAILABLE" == await ask(target, wary)
        async with grpc.aio.secure_channel(
            target, grpc.ssl_channel_credentials(ours.pem)
        ) as nameless:
            with pytest.raises(grpc.aio.AioRpcError):
                await LlmServiceStub(nameless).ListModels(llm.ListModelsRequest(), timeout=10)


async def test_only_expected_names_may_call(tmp_path: Path) -> None:
    """Of all that the authority signed; whether it lives may be asked by each of them."""
    ours = Authority()
    folder = ours.write(tmp_path / "llm", "llm")
    avatar = ours.write(tmp_path / "avatar", "avatar")
    async with serving(folder, tls_peers=("gateway", "spare")) as target:
        assert "OK" == await ask(target, ours.write(tmp_path / "gateway", "gateway"))
        assert "PEER_REFUSED" == await ask(target, avatar)
        shown = channel_credentials(Certificates(avatar).current())
        async with grpc.aio.secure_channel(target, shown) as channel:
            asked = health_pb2.HealthCheckRequest()
            told = await health_pb2_grpc.HealthStub(channel).Check(asked)
        assert health_pb2.HealthCheckResponse.SERVING == told.status


async def test_health_is_answered_apart(tmp_path: Path) -> None:
    """Without a certificate, as a probe asks; and nothing else is there."""
    probed = f"127.0.0.1:{free_port()}"
    folder = Authority().write(tmp_path / "llm", "llm")
    engines = Engines(settings={"tls": folder, "health_listen": probed})
    async with scripted_texts(engines), grpc.aio.insecure_channel(probed) as channel:
        asked = health_pb2.HealthCheckRequest()
        told = await health_pb2_grpc.HealthStub(channel).Check(asked)
        assert health_pb2.HealthCheckResponse.SERVING == told.status
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await LlmServiceStub(channel).ListModels(llm.ListModelsRequest())
        assert grpc.StatusCode.UNIMPLEMENTED == error.value.code()


async def test_who_is_believed_no_more_is_out_soon(tmp_path: Path) -> None:
    """Also on a connection that was there before."""
    old, new = Authority("old"), Authority("new")
    folder = old.write(tmp_path / "llm", "llm")
    shown = channel_credentials(Certificates(old.write(tmp_path / "a", "gateway")).current())
    async with (
        serving(folder, connection_age=1) as target,
        grpc.aio.secure_channel(target, shown, [("grpc.use_local_subchannel_pool", 1)]) as channel,
    ):
        stub = LlmServiceStub(channel)
        await stub.ListModels(llm.ListModelsRequest(), timeout=10)
        new.write(folder, "llm")

        async def is_out() -> bool:
            try:
                await stub.ListModels(llm.ListModelsRequest(), timeout=10)
            except grpc.aio.AioRpcError as error:
                return error.code() is grpc.StatusCode.UNAVAILABLE
            return False

        await until(is_out, 10)


async def test_certificates_change_under_a_running_house(database_url: str, tmp_path: Path) -> None:
    """Even their authority, in the usual three steps; what is under way never notices."""
    old, new = Authority("old"), Authority("new")
    places = {name: tmp_path / name for name in ("engines", "gateway")}
    for name, folder in places.items():
        old.write(folder, name)
    async with (
        scripted_engines(tls=places["engines"]) as engines,
        gateway(database_url, engines, tmp_path, tls=places["gateway"]) as client,
    ):
        gate = Gate(engines)
        under_way = await client.start()
        await gate.came.wait()
        for authority, also in ((old, new.pem), (new, old.pem), (new, b"")):
            for name, folder in places.items():
                authority.write(folder, name, also=also)
            await asyncio.sleep(1.1)  # files are looked at once a second
            written = await client.write()
            assert assert_story(written)[-1].HasField("completed")
        assert "UNAVAILABLE" == await ask(
            engines.llm_target, old.write(tmp_path / "late", "gateway", also=new.pem)
        )
        gate.opened.set()
        assert assert_story(await client.watch(under_way))[-1].HasField("completed")


def test_what_does_not_fit_is_not_taken(tmp_path: Path) -> None:
    """A key that came before its certificate, something else than PEM, or what is over."""
    authority, now = Authority(), 0.0
    folder = authority.write(tmp_path / "llm", "llm")
    certificates = Certificates(folder, clock=lambda: now)
    first = certificates.current()
    chain, key = authority.issue("llm")
    (folder / "tls.key").write_bytes(key)
    now = 2.0
    assert first is certificates.current()
    (folder / "tls.crt").write_bytes(b"no certificate")
    now = 4.0
    assert first is certificates.current()
    (folder / "tls.crt").unlink()
    now = 6.0
    assert first is certificates.current()
    old, its_key = authority.issue("llm", days=-1)
    for file, data in (("tls.crt", old), ("tls.key", its_key)):
        (folder / file).write_bytes(data)
    now = 7.0
    assert first is certificates.current()
    for file, data in (("tls.crt", chain), ("tls.key", key)):
        (folder / file).write_bytes(data)
    now = 7.5
    assert first is certificates.current()
    now = 8.0
    assert (chain, key) == (certificates.current().chain, certificates.current().key)


@pytest.mark.parametrize("file", ["tls.crt", "tls.key", "ca.crt"])
@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN CERTIFICATE-----\n!\n"])
def test_none_is_begun_without_good_ones(tmp_path: Path, file: str, content: bytes | None) -> None:
    """In words."""
    folder = Authority().write(tmp_path / "llm", "llm")
    (folder / file).unlink() if content is None else (folder / file).write_bytes(content)
    with pytest.raises(CertificatesUnusable, match=r"tls\.|ca\."):
        Certificates(folder)


def test_it_speaks_in_private_unless_told_otherwise(tmp_path: Path) -> None:
    """Beyond this machine, plaintext is a choice that somebody made."""
    for address in ("0.0.0.0:1", "[::]:1", "10.0.0.1:1", "llm.example:1"):
        with pytest.raises(ValidationError, match="plaintext"):
            ServerSettings(listen=address)
        assert ServerSettings(listen=address, plaintext=True).plaintext
        assert tmp_path == ServerSettings(listen=address, tls=tmp_path).tls
    with pytest.raises(ValidationError, match="tls_peers"):
        ServerSettings(tls_peers=("gateway",))
    with pytest.raises(ValidationError, match="nobody"):
        ServerSettings(tls=tmp_path, tls_peers=" , ")
    assert None is ServerSettings(tls="").tls
    assert "unix:/tmp/s" == ServerSettings(listen="unix:/tmp/s").listen
    for name in ("llm_target", "avatar_target"):
        given = {"database_url": "postgresql://localhost", name: "10.0.0.5:50052"}
        with pytest.raises(ValidationError, match="plaintext"):
            GatewaySettings(**given)
        assert GatewaySettings(**given, plaintext=True).plaintext
        assert tmp_path == GatewaySettings(**given, tls=tmp_path).tls
