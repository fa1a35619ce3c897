"""Wake-ups over NATS: servers that go and come, floods, and whoever else speaks there."""

import asyncio
import json
import uuid
from typing import Any

from nats.aio.msg import Msg

from services.gateway.upstream.nats import NatsWakeUps
from tests.support.hearing import Replica, listening, logged, running
from tests.support.nats import (
    SUBJECT,
    NatsServer,
    nats_server,
    somebody,
)
from tests.support.ports import free_port
from tests.support.proxy import proxy
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
        async with logged() as told, running(NatsWakeUps([server.url])) as one:
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
        logged() as told,
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
