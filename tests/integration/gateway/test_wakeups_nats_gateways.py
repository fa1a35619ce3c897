"""Gateways that wake each other over NATS, while it is there and while it is not."""

import asyncio
import uuid
from pathlib import Path
from typing import Any

from grpc_health.v1 import health_pb2, health_pb2_grpc
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.progress.v1.progress_pb2 import Progress
from nats.aio.msg import Msg

from tests.support.authority import Authority
from tests.support.gateway import Client, gateway
from tests.support.nats import (
    SUBJECT,
    nats_server,
    somebody,
    with_certificates,
)
from tests.support.oracle import assert_prefix, assert_story
from tests.support.ports import free_port
from tests.support.postgres import connected
from tests.support.scripted import Engines, Gate, scripted_engines
from tests.support.waiting import until


async def test_a_house_speaks_to_nats_with_its_own_certificates(
    database_url: str, tmp_path: Path
) -> None:
    """Those that gateways and engines show each other; another replica need not poll."""
    ours = Authority()
    place = ours.write(tmp_path / "nats", "nats")
    tls = ours.write(tmp_path / "gateway", "gateway")
    async with (
        nats_server(*with_certificates(place)) as server,
        scripted_engines(tls=ours.write(tmp_path / "engines", "engines")) as engines,
    ):
        settings: dict[str, Any] = {
            "nats_url": f"tls://127.0.0.1:{server.port}",
            "tls": tls,
            "poll": 60.0,
            "lease": 240.0,
        }
        async with (
            gateway(database_url, engines, tmp_path, **settings) as here,
            gateway(database_url, engines, tmp_path, max_running=0, **settings) as there,
        ):
            async with asyncio.timeout(20):
                assert_story(await there.watch(await here.start()))


async def test_a_watcher_misses_nothing_while_nats_is_away(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """With a poll of a minute, the end that came meanwhile is there as soon as NATS is back."""
    gate = Gate(engines)
    async with nats_server() as server:
        settings: dict[str, Any] = {"nats_url": server.url, "poll": 60.0, "lease": 240.0}
        async with (
            gateway(database_url, engines, tmp_path, **settings) as here,
            gateway(database_url, engines, tmp_path, max_running=0, **settings) as there,
        ):
            name = await here.start()
            seen: list[Progress] = []
            watching = asyncio.ensure_future(_watch(there, name, seen))
            async with asyncio.timeout(20):
                await gate.came.wait()
            await until(lambda: _drawing(seen), 20)
            await server.kill()
            gate.opened.set()
            async with asyncio.timeout(20):
                assert_story(await here.watch(name))
            assert not watching.done()
            assert_prefix(seen)
            await server.start()
            async with asyncio.timeout(20):
                await watching
            assert_story(seen)


async def _watch(client: Client, name: str, seen: list[Progress]) -> None:
    request = generations.WatchGenerationRequest(name=name)
    async for event in client.generations.WatchGeneration(request):
        seen.append(event)  # noqa: PERF401  # it is looked at meanwhile


async def _drawing(seen: list[Progress]) -> bool:
    """Whether the step has begun before which the gate stands."""
    return any(event.step == "avatar" for event in seen)


async def test_a_gateway_needs_no_nats(database_url: str, engines: Engines, tmp_path: Path) -> None:
    """It starts, is ready and serves; the poll finds what others do."""
    nowhere = f"nats://127.0.0.1:{free_port()}"
    async with (
        gateway(database_url, engines, tmp_path, nats_url=nowhere) as here,
        gateway(database_url, engines, tmp_path, nats_url=nowhere, max_running=0) as there,
    ):
        await until(lambda: _is_ready(here), 10)
        await until(lambda: _is_ready(there), 10)
        async with asyncio.timeout(20):
            assert_story(await there.watch(await here.start()))
        for one in (here, there):
            assert await _is_ready(one)


async def test_who_reaches_nats_learns_and_changes_nothing(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """They hear numbers of generations and nothing else; what they say only makes gateways look."""
    heard: list[Msg] = []

    async def hear(message: Msg) -> None:
        heard.append(message)

    async with nats_server() as server, somebody(server.url) as other:
        await other.subscribe(">", cb=hear)
        await other.flush()
        async with (
            gateway(database_url, engines, tmp_path, nats_url=server.url) as here,
            gateway(database_url, engines, tmp_path, nats_url=server.url, max_running=0) as there,
        ):
            name = await here.start("a private wish")
            first = assert_story(await there.watch(name))
            await until(lambda: _has_come(heard), 10)
            before = await _rows(database_url)
            known = uuid.UUID(name.removeprefix("generations/"))
            for _ in range(200):
                await other.publish(SUBJECT, known.bytes + uuid.uuid4().bytes * 199)
            await other.flush()
            assert first == assert_story(await there.watch(name))
            assert before == await _rows(database_url)
            assert_story(await there.watch(await here.start()))
        ours = [message for message in heard if len(message.data) < 200 * 16]
        known_here = {row["id"] for row in (await _rows(database_url))["generations"]}
        told = {
            uuid.UUID(bytes=message.data[at : at + 16])
            for message in ours
            for at in range(0, len(message.data), 16)
        }
        assert {SUBJECT} == {message.subject for message in heard}
        assert known in told
        assert told <= known_here
        assert all(message.headers is None for message in ours)


async def _has_come(heard: list[Msg]) -> bool:
    return bool(heard)


async def _is_ready(client: Client) -> bool:
    asked = health_pb2.HealthCheckRequest()
    told = await health_pb2_grpc.HealthStub(client.channel).Check(asked)
    return bool(told.status == health_pb2.HealthCheckResponse.SERVING)


async def _rows(url: str) -> dict[str, list[Any]]:
    """What the store has of generations, apart from when it was last looked at."""
    async with connected(url) as connection:
        return {
            table: await connection.fetch(f"SELECT * FROM {table} ORDER BY 1, 2")
            for table in ("generations", "progress", "agents")
        }
