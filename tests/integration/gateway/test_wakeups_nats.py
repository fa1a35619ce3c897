"""Wake-ups over NATS: servers that go and come, and whoever else may be there."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.progress.v1.progress_pb2 import Progress
from nats.aio.msg import Msg
from structlog.testing import capture_logs

from services.gateway.upstream.nats import NatsWakeUps
from services.runtime.tls import Certificates
from tests.support.authority import Authority
from tests.support.gateway import Client, gateway
from tests.support.hearing import Replica, listening, running
from tests.support.nats import (
    SUBJECT,
    NatsServer,
    nats_server,
    pretending,
    somebody,
    with_certificates,
)
from tests.support.oracle import assert_prefix, assert_story
from tests.support.ports import free_port
from tests.support.postgres import connected
from tests.support.proxy import proxy
from tests.support.scripted import Engines, Gate, scripted_engines
from tests.support.waiting import until


async def test_a_server_that_was_killed_is_found_again() -> None:
    """At its place: anything may have moved then, and what waited meanwhile is not kept."""
    async with (
        nats_server() as server,
        listening(NatsWakeUps([server.url])) as one,
        listening(NatsWakeUps([server.url])) as two,
    ):
        for times in (2, 3):
            await server.kill()
            await asyncio.sleep(0.1)
            meanwhile = uuid.uuid4()
            one.wakeups.send(meanwhile)
            await server.start()
            await one.listens(times)
            await two.listens(times)
            later = uuid.uuid4()
            one.wakeups.send(later)
            await two.has({later})
            assert meanwhile not in two.heard


async def test_a_server_may_come_late() -> None:
    """It is waited for without a word but the first, and nothing piles up."""
    server = NatsServer()
    try:
        async with _told() as told, running(NatsWakeUps([server.url])) as one:
            for _ in range(10_000):
                one.wakeups.send(uuid.uuid4())
            await asyncio.sleep(1.5)
            assert 0 == one.unsure
            await server.start()
            await one.listens()
            async with listening(NatsWakeUps([server.url])) as two:
                later = uuid.uuid4()
                one.wakeups.send(later)
                await two.has({later})
                assert {later} == two.heard
    finally:
        await server.kill()
    assert ["no wake-ups; polling meanwhile"] == [line["event"] for line in told]


async def test_the_next_server_is_tried() -> None:
    """Where several are named, whichever answers is taken."""
    gone = f"nats://127.0.0.1:{free_port()}"
    async with nats_server() as server, listening(NatsWakeUps([gone, server.url])) as one:
        assert 1 == one.unsure


async def test_a_server_that_is_silent_is_left() -> None:
    """Nobody says that it is gone, as when a machine loses its power; it is asked, and left."""
    async with nats_server() as server, proxy("127.0.0.1", server.port) as between:
        url = f"nats://127.0.0.1:{between.port}"
        async with listening(NatsWakeUps([url])) as one, listening(NatsWakeUps([url])) as two:
            between.hold()
            for _ in range(1000):
                one.wakeups.send(uuid.uuid4())
            await asyncio.sleep(3)  # longer than an answer may take
            between.cut()
            between.mend()
            await one.listens(2)
            await two.listens(2)
            later = uuid.uuid4()
            one.wakeups.send(later)
            await two.has({later})


async def test_what_nobody_of_us_sent_is_passed_over() -> None:
    """Once with a word in the log, which has nothing of it."""
    forged = b"forged words\n" + b"!" * 100_000
    async with (
        nats_server() as server,
        _told() as told,
        listening(NatsWakeUps([server.url])) as one,
        somebody(server.url) as other,
    ):
        for message in (b"", b"x", bytes(15), bytes(17), forged, bytes(16 * 201)):
            await other.publish(SUBJECT, message)
        await other.publish(SUBJECT, bytes(16), headers={"forged": "words"})
        later = uuid.uuid4()
        await other.publish(SUBJECT, later.bytes)
        await one.has({later})
        assert {later, uuid.UUID(int=0)} == one.heard
        assert 1 == one.unsure
    assert ["what comes over NATS is not all wake-ups"] == [line["event"] for line in told]
    assert "forged" not in json.dumps(told)


async def test_a_flood_is_sent_in_few_messages_of_bounded_size() -> None:
    """A hundred thousand, and each generation that moved once, however often that was."""
    sizes: list[int] = []
    moved = [uuid.uuid4() for _ in range(50_000)]

    async def see(message: Msg) -> None:
        sizes.append(len(message.data))

    async with nats_server() as server, somebody(server.url) as other:
        await other.subscribe(SUBJECT, cb=see)
        await other.flush()
        async with (
            listening(NatsWakeUps([server.url])) as one,
            listening(NatsWakeUps([server.url])) as two,
        ):
            for generation in (*moved, *moved):
                one.wakeups.send(generation)
            await two.has(set(moved))
            await other.flush()
    assert [200 * 16] * 250 == sizes


async def test_who_cannot_keep_up_is_told_to_look_everywhere() -> None:
    """More than waits to be heard is dropped, and then anything may have moved."""
    async with (
        nats_server() as server,
        listening(NatsWakeUps([server.url])) as one,
        somebody(server.url) as other,
    ):
        for _ in range(100_000):
            await other.publish(SUBJECT, b"")
        await other.flush()
        await one.listens(2)
        later = uuid.uuid4()
        await until(lambda: _is_told(other, later, one), 40)


async def _is_told(other: Any, generation: uuid.UUID, one: Replica) -> bool:
    await other.publish(SUBJECT, generation.bytes)
    await other.flush()
    return generation in one.heard


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("--user", "gateway", "--pass", "p@ss/word"), "gateway:p%40ss%2Fword"),
        (("--auth", "s3cret"), "s3cret"),
    ],
)
async def test_a_password_or_a_token_is_shown(arguments: tuple[str, ...], shown: str) -> None:
    """And a wrong one is no way in, and never in the log."""
    async with nats_server(*arguments) as server, _told() as told:
        place = f"127.0.0.1:{server.port}"
        async with (
            listening(NatsWakeUps([f"nats://{shown}@{place}"])) as one,
            running(NatsWakeUps([f"nats://wrong-{shown}@{place}"])) as two,
            running(NatsWakeUps([f"nats://{place}"])) as three,
        ):
            await asyncio.sleep(1)
            assert [1, 0, 0] == [replica.unsure for replica in (one, two, three)]
    assert 2 == len(told)
    assert all("Authorization Violation" in line["error"] for line in told)
    assert "wrong" not in json.dumps(told)


async def test_both_ends_show_certificates_and_new_ones_with_each_connection(
    tmp_path: Path,
) -> None:
    """Who has none of the server's authority is not let in, and neither is a wrong server."""
    old, new = Authority("old"), Authority("new")
    place = old.write(tmp_path / "nats", "nats")
    ours = old.write(tmp_path / "gateway", "gateway")
    strange = new.write(tmp_path / "stranger", "gateway", also=old.pem)
    wary = old.write(tmp_path / "wary", "gateway")
    (wary / "ca.crt").write_bytes(new.pem)
    async with nats_server(*with_certificates(place)) as server:
        url = f"tls://127.0.0.1:{server.port}"
        async with (
            listening(NatsWakeUps([url], Certificates(ours))) as one,
            listening(NatsWakeUps([url], Certificates(ours))) as two,
            running(NatsWakeUps([url], Certificates(strange))) as three,
            running(NatsWakeUps([url], Certificates(wary))) as four,
        ):
            first, later = uuid.uuid4(), uuid.uuid4()
            one.wakeups.send(first)
            await two.has({first})
            await asyncio.sleep(0.6)
            assert [0, 0] == [three.unsure, four.unsure]
            await server.kill()
            new.write(place, "nats")
            for file in ("tls.key", "tls.crt"):  # one after the other, as they come
                (ours / file).write_bytes((strange / file).read_bytes())
                await asyncio.sleep(0.6)
            (ours / "ca.crt").write_bytes(new.pem)
            await server.start()
            await one.listens(2)
            await two.listens(2)
            one.wakeups.send(later)
            await two.has({later})


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


@pytest.mark.parametrize("shown", ["gateway:a-password@", "a-token@", ""])
async def test_nothing_is_said_where_tls_is_taken_away(tmp_path: Path, shown: str) -> None:
    """Whoever stands before a server and says that it has no TLS learns no secret and no name."""
    ours = Certificates(Authority().write(tmp_path / "gateway", "gateway"))
    async with (
        pretending() as pretender,
        running(NatsWakeUps([f"tls://{shown}127.0.0.1:{pretender.port}"], ours)) as one,
    ):
        one.wakeups.send(uuid.uuid4())
        await asyncio.sleep(1)
        assert 0 == one.unsure
    secrets = (b"a-password", b"a-token", b"SUB", b"PUB")
    assert not any(word in pretender.said for word in secrets)


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


@asynccontextmanager
async def _told() -> AsyncIterator[list[Any]]:
    """What is logged while the block lasts."""
    with capture_logs() as lines:
        yield lines
