"""Wake-ups over NATS in private: passwords, tokens and certificates, and who learns none."""

import asyncio
import json
import uuid
from pathlib import Path

import pytest

from services.gateway.upstream.nats import NatsWakeUps
from services.runtime.tls import Certificates
from tests.support.authority import Authority
from tests.support.hearing import listening, logged, running
from tests.support.nats import (
    nats_server,
    pretending,
    with_certificates,
)
from tests.support.waiting import turns, until


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("--user", "gateway", "--pass", "p@ss/word"), "gateway:p%40ss%2Fword"),
        (("--auth", "s3cret"), "s3cret"),
    ],
)
async def test_a_password_or_a_token_is_shown(arguments: tuple[str, ...], shown: str) -> None:
    """And a wrong one is no way in, and never in the log."""
    async with nats_server(*arguments) as server, logged() as told:
        place = f"127.0.0.1:{server.port}"
        async with (
            listening(NatsWakeUps([f"nats://{shown}@{place}"])) as one,
            running(NatsWakeUps([f"nats://wrong-{shown}@{place}"])) as two,
            running(NatsWakeUps([f"nats://{place}"])) as three,
        ):

            async def both_are_refused() -> bool:
                return 2 == len(told)

            await until(both_are_refused)
            await turns()
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
