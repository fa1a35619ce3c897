"""How many generations wait for a replica, as metrics tell it."""

from pathlib import Path

from services.gateway.store.database import open_database
from services.gateway.store.queue import Queue
from tests.support.gateway import gateway
from tests.support.oracle import assert_story
from tests.support.scripted import Engines
from tests.support.thinking import Held, companion, conversation_of


async def test_what_nobody_has_claimed_waits(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Of all owners, until it is claimed or ends."""
    async with (
        gateway(database_url, engines, tmp_path, max_running=0) as client,
        open_database(database_url) as database,
    ):
        queue = Queue(database)
        assert 0 == await queue.length()
        name = await client.start()
        await client.as_owner("ada").start()
        assert 2 == await queue.length()
        await client.cancel(name)
        assert 1 == await queue.length()


async def test_a_message_behind_another_waits_for_no_replica(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """It may stand behind one that is paused for days, and no gateway more would help."""
    async with (
        gateway(database_url, engines, tmp_path) as client,
        open_database(database_url) as database,
    ):
        agent = await companion(client)
        conversation = conversation_of(await client.say("Hello!", agent=agent))
        held = Held(engines)
        first = await client.begin_saying("first", conversation=conversation)
        await held.came.wait()
        await client.pause(first)
        await client.watch(first, until=lambda event: event.HasField("paused"))
        held.go.set()
        second = await client.begin_saying("second", conversation=conversation)
        assert 0 == await Queue(database).length()
        await client.cancel(first)
        assert_story(await client.watch(second))
