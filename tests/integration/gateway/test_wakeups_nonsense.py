"""Wake-ups over NATS where somebody speaks nonsense: in a server's place, or through a real one."""

import asyncio
import json
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.gateway.upstream.nats import NatsWakeUps
from services.runtime.tls import Certificates
from tests.support.authority import Authority
from tests.support.hearing import Replica, listening, running
from tests.support.nats import (
    GREETING,
    Pretender,
    nats_server,
    pretending,
    shout,
    with_certificates,
)
from tests.support.waiting import until

_PONG = b"PONG\r\n"
# How somebody greets, and what they answer.
GREETINGS: Mapping[str, tuple[bytes, bytes]] = {
    "a list": (b"INFO []\r\n", _PONG),
    "nothing": (b"INFO\r\n", _PONG),
    "no JSON": (b"INFO {\r\n", _PONG),
    "no end": (b"INFO " + b"x" * 70_000, _PONG),
    "an address that is none": (b'INFO {"connect_urls":["[::1"]}\r\n', _PONG),
    "addresses that are none": (b'INFO {"connect_urls":7}\r\n', _PONG),
    "another protocol": (b"HTTP/1.1 400 Bad Request\r\n\r\n", _PONG),
    "an empty error": (GREETING, b"-ERR\r\n"),
    "an error that is no text": (GREETING, b"-ERR \xff\r\n"),
    "a long error": (GREETING, b"-ERR '" + b"x" * 60_000 + b"'\r\n"),
}
LATER: Mapping[str, tuple[bytes, bytes]] = {
    "a list": (GREETING, _PONG + b"INFO []\r\n"),
    "an address that is none": (GREETING, _PONG + b'INFO {"connect_urls":["[::1"]}\r\n'),
    "an empty error": (GREETING, _PONG + b"-ERR \r\n"),
    "an error that is no text": (GREETING, _PONG + b"-ERR '\xff'\r\n"),
    "another protocol": (GREETING, _PONG + b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "a line that nobody knows": (GREETING, _PONG + b"MSG a 1 b\vc 5000\r\n" + b"x" * 5000),
    "no end": (GREETING, _PONG + b"x" * 70_000),
    "a size that is none": (GREETING.replace(b'"proto"', b'"max_payload":"x","proto"'), _PONG),
}
# What anybody may publish.
PUBLISHED: Mapping[str, bytes] = {
    "a reply that is no text": b"PUB hatchery.moved \xff\xfe 16\r\n" + bytes(16) + b"\r\n",
    "a status that is no text": b"HPUB hatchery.moved 16 16\r\nNATS/1.0 \xff\xff\xff\r\n\r\n\r\n",
    "a header without a status": b"HPUB hatchery.moved 8 24\r\nNATS/1.0" + bytes(16) + b"\r\n",
    "a reply that parts its line": b"PUB hatchery.moved b\vc 5000\r\n" + bytes(5000) + b"\r\n",
}


@pytest.mark.parametrize(("greeting", "answer"), GREETINGS.values(), ids=GREETINGS)
async def test_nonsense_in_place_of_a_server_is_left(
    tmp_path: Path, greeting: bytes, answer: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """It is tried again and told no secret, each gateway says so once, and a server is found."""
    authority = Authority()
    place = authority.write(tmp_path / "nats", "nats")
    ours = Certificates(authority.write(tmp_path / "gateway", "gateway"))
    async with pretending(greeting, answer) as pretender:
        one, two, three = (
            NatsWakeUps([f"tls://{shown}127.0.0.1:{pretender.port}"], ours)
            for shown in ("gateway:a-password@", "a-token@", "")
        )
        with capture_logs() as told:
            async with running(one) as here, running(two) as there, running(three) as elsewhere:
                await until(lambda: _has_come(pretender, 9), 10)
                assert [0, 0, 0] == [each.unsure for each in (here, there, elsewhere)]
                assert not any(each.wakeups.connected for each in (here, there, elsewhere))
                pretender.leave()
                async with nats_server(*with_certificates(place), port=pretender.port):
                    await _assert_heard(here, there, elsewhere)
    secrets = (b"a-password", b"a-token", b"SUB", b"PUB")
    assert not any(word in pretender.said for word in secrets)
    assert ["no wake-ups; polling meanwhile"] * 3 == [line["event"] for line in told]
    assert len(json.dumps(told)) < 3 * 400
    assert [] == [record for record in caplog.records if record.name.startswith("nats")]


@pytest.mark.parametrize(("greeting", "answer"), LATER.values(), ids=LATER)
async def test_nonsense_on_a_connection_ends_it(
    greeting: bytes, answer: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Also where a server seemed to be there; it is tried again, and a server is found."""
    async with pretending(greeting, answer) as pretender:
        url = f"nats://127.0.0.1:{pretender.port}"
        with capture_logs() as told:
            async with running(NatsWakeUps([url])) as one, running(NatsWakeUps([url])) as two:
                await until(lambda: _has_come(pretender, 6, one, two), 10)
                pretender.leave()
                async with nats_server(port=pretender.port):
                    await _assert_heard(one, two)
    assert ["no wake-ups; polling meanwhile"] * 2 == [line["event"] for line in told]
    assert [] == [record for record in caplog.records if record.name.startswith("nats")]


@pytest.mark.parametrize("said", PUBLISHED.values(), ids=PUBLISHED)
async def test_nonsense_through_a_server_is_deafness_for_half_a_second(
    said: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever heard it connects anew, and is told that anything may have moved."""
    loop = asyncio.get_running_loop()
    with capture_logs() as told:
        async with (
            nats_server() as server,
            listening(NatsWakeUps([server.url])) as one,
            listening(NatsWakeUps([server.url])) as two,
        ):
            for times in (2, 3):
                one.wakeups.send(uuid.uuid4())  # and is asking for an answer, perhaps
                began = loop.time()
                await shout(server, said)
                await one.listens(times)
                await two.listens(times)
                assert 0.5 <= loop.time() - began < 5
            await _assert_heard(one, two)
    assert ["no wake-ups; polling meanwhile"] * 2 == [line["event"] for line in told]
    assert [] == [record for record in caplog.records if record.name.startswith("nats")]


async def _has_come(pretender: Pretender, times: int, *replicas: Replica) -> bool:
    """Whether so many have come to it; meanwhile these have something to say."""
    for one in replicas:
        one.wakeups.send(uuid.uuid4())
    return pretender.came >= times


async def _are_connected(replicas: Sequence[Replica]) -> bool:
    return all(one.wakeups.connected for one in replicas)


async def _assert_heard(*replicas: Replica) -> None:
    """Each of them listens, and hears what another one says."""
    await until(lambda: _are_connected(replicas), 10)
    for one in replicas:
        moved = uuid.uuid4()
        one.wakeups.send(moved)
        for other in replicas:
            if other is not one:
                await other.has({moved})
