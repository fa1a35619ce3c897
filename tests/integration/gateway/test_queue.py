"""How many generations wait for a replica, as metrics tell it."""

import uuid
from pathlib import Path

import pytest

from services.gateway.parts import RECIPES
from services.gateway.store.database import open_database
from services.gateway.store.queue import Queue
from tests.support.gateway import gateway
from tests.support.oracle import assert_story
from tests.support.postgres import connected
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
        queue = Queue(database, RECIPES)
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
        assert 0 == await Queue(database, RECIPES).length()
        await client.cancel(first)
        assert_story(await client.watch(second))


@pytest.mark.parametrize(
    ("lease", "waiting"),
    [("now() - interval '1 second'", 1), ("NULL", 1), ("now() + interval '1 hour'", 0)],
    ids=["ran out", "released", "held"],
)
async def test_what_has_lost_its_runner_waits_again(
    database_url: str, engines: Engines, tmp_path: Path, lease: str, waiting: int
) -> None:
    """Its lease ran out or was handed back: anybody may have it, as if it were new."""
    async with (
        gateway(database_url, engines, tmp_path, max_running=0) as client,
        open_database(database_url) as database,
    ):
        name = await client.start()
        await _put(database_url, name, f"state = 'RUNNING', epoch = 1, lease_expire_time = {lease}")
        assert waiting == await Queue(database, RECIPES).length()


async def test_what_nobody_here_can_run_waits_for_others(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Its recipe was installed at other replicas, or is not any more."""
    async with (
        gateway(database_url, engines, tmp_path, max_running=0) as client,
        open_database(database_url) as database,
    ):
        await _put(database_url, await client.start(), "recipe = 'unheard-of'")
        assert 0 == await Queue(database, RECIPES).length()
        assert 1 == await Queue(database, [*RECIPES, "unheard-of"]).length()


async def _put(url: str, name: str, values: str) -> None:
    """Changes the row of a generation."""
    async with connected(url) as connection:
        await connection.execute(
            f"UPDATE generations SET {values} WHERE id = $1",
            uuid.UUID(name.removeprefix("generations/")),
        )
