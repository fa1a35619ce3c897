"""What a gateway measures of its place among others: leases, the tail, commits, engines."""

import asyncio
import datetime as dt
import uuid
from pathlib import Path
from typing import Any

from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.runtime.errors import EngineBusy
from tests.support.measured import Measured, measured_gateway
from tests.support.nats import nats_server
from tests.support.oracle import assert_story
from tests.support.ports import free_port
from tests.support.postgres import connected
from tests.support.proxy import proxied_database
from tests.support.scraping import Scrape
from tests.support.scripted import Engines, Gate, scripted_texts, write_persona
from tests.support.waiting import turns, until

LOSSES, TAKEOVERS = "hatchery_lease_losses_total", "hatchery_lease_takeovers_total"
WAKEUPS = "hatchery_wakeups_connected"


async def test_a_generation_that_another_runner_has_is_a_lost_lease(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Its loss is counted once, as fenced; whoever goes on with it counts a takeover."""
    gate = Gate(engines)
    async with measured_gateway(database_url, engines, tmp_path) as here:
        assert [0, 0] == await _leases(here, LOSSES, "fenced", "store_lost")
        name = await here.client.start()
        await gate.came.wait()
        await _run_out(database_url, name)
        gate.opened.set()
        assert_story(await here.client.watch(name))
        assert [1, 0] == await _leases(here, LOSSES, "fenced", "store_lost")
        assert [1, 0] == await _leases(here, TAKEOVERS, "expired", "handed_over")


async def test_a_gateway_that_stops_hands_over(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """No lease is lost by that; who goes on counts a takeover that was handed over."""
    gate = Gate(engines)
    async with measured_gateway(database_url, engines, tmp_path, step_grace=0) as here:
        name = await here.client.start()
        await gate.came.wait()
    gate.opened.set()
    async with measured_gateway(database_url, engines, tmp_path) as there:
        assert_story(await there.client.watch(name))
        assert [0, 1] == await _leases(there, TAKEOVERS, "expired", "handed_over")
        assert [0, 0] == await _leases(there, LOSSES, "fenced", "store_lost")


async def test_a_hand_over_after_a_lease_that_ran_out_is_none(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Within one step its runner was lost and followed, and that one was stopped as it should."""
    gate = Gate(engines)
    async with measured_gateway(database_url, engines, tmp_path, step_grace=0) as here:
        name = await _taken_over(here, gate, database_url)
        assert [1, 0] == await _leases(here, TAKEOVERS, "expired", "handed_over")
    gate.opened.set()
    async with measured_gateway(database_url, engines, tmp_path) as there:
        assert_story(await there.client.watch(name))
        assert [0, 1] == await _leases(there, TAKEOVERS, "expired", "handed_over")


async def test_going_on_after_a_pause_is_no_takeover(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Though its runner was lost in the same step, before the pause: that is told once."""
    gate = Gate(engines)
    async with measured_gateway(database_url, engines, tmp_path, step_grace=0) as here:
        name = await _taken_over(here, gate, database_url)
        await here.client.pause(name)
        await until_seen(here, "hatchery_generation_active", 0)
        gate.opened.set()
        await here.client.resume(name)
        story = assert_story(await here.client.watch(name))
        assert [1, 0] == await _leases(here, TAKEOVERS, "expired", "handed_over")
    assert 1 == sum(event.HasField("recovered") for event in story)


async def test_a_lost_store_makes_it_unready_and_costs_the_lease(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Ready is 0 while the store is away; what ran is counted as lost with it."""
    gate = Gate(engines)
    async with (
        proxied_database(database_url) as (url, proxy),
        measured_gateway(url, engines, tmp_path, lease=1.0, poll=0.1) as here,
    ):
        await until_seen(here, "hatchery_ready", 1)
        name = await here.client.start()
        await gate.came.wait()
        proxy.cut()
        await until_seen(here, "hatchery_ready", 0)
        await until_seen(here, LOSSES, at_least=1, hatchery_cause="store_lost")
        proxy.mend()
        await until_seen(here, "hatchery_ready", 1)
        gate.opened.set()
        assert_story(await here.client.watch(name))


async def test_the_tail_of_another_replica_is_timed(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """How late it is where somebody follows what runs elsewhere; nothing of what was replayed."""
    gate = Gate(engines)
    lag = "hatchery_tail_lag_seconds_count"
    async with (
        measured_gateway(database_url, engines, tmp_path) as here,
        measured_gateway(database_url, engines, tmp_path, max_running=0) as there,
    ):
        name = await here.client.start()
        await gate.came.wait()
        follows = asyncio.Event()

        def drawing(event: Progress) -> bool:
            if event.step == "avatar":
                follows.set()
            return False

        watching = asyncio.ensure_future(there.client.watch(name, until=drawing))
        await follows.wait()
        await (
            turns()
        )  # whoever has replayed a log hears what is new; nothing tells when that begins
        gate.opened.set()
        assert_story(await watching)
        elsewhere, local = await there.scrape(), await here.scrape()
        assert 0 < elsewhere(lag)
        assert 0 == local(lag)
        assert 0 < elsewhere("hatchery_tail_lag_seconds_sum") < 30
        # Who only watches may wait for long until anything happens.
        assert 0 == elsewhere("hatchery_stream_first_event_duration_seconds_count")
        replays = elsewhere(lag)
        assert_story(await there.client.watch(name))
        assert replays == (await there.scrape())(lag)


async def test_wake_ups_over_postgres_that_are_away_are_told(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """1 while others are heard, 0 while they are not."""
    async with (
        proxied_database(database_url) as (url, proxy),
        measured_gateway(url, engines, tmp_path) as here,
    ):
        await until_seen(here, WAKEUPS, 1)
        proxy.cut()
        await until_seen(here, WAKEUPS, 0)
        proxy.mend()
        await until_seen(here, WAKEUPS, 1)


async def test_wake_ups_over_nats_that_are_away_are_told(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """The same, while the store is there."""
    async with (
        nats_server() as server,
        measured_gateway(database_url, engines, tmp_path, nats_url=server.url) as here,
    ):
        await until_seen(here, WAKEUPS, 1)
        await server.kill()
        await until_seen(here, WAKEUPS, 0)
        await until_seen(here, "hatchery_ready", 1)
        await server.start()
        await until_seen(here, WAKEUPS, 1)


async def test_commits_are_timed_with_their_events(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Every event after the first is in exactly one commit: one that ends a step, or another."""
    async with measured_gateway(database_url, engines, tmp_path) as here:
        story = assert_story(await here.client.hatch())
        seen = await here.scrape()
    kinds = [{"hatchery_commit_kind": kind} for kind in ("together", "step")]
    counts = [seen("hatchery_commit_events_count", **kind) for kind in kinds]
    assert counts == [seen("hatchery_commit_duration_seconds_count", **kind) for kind in kinds]
    assert 0 < counts[0] < len(story)
    assert 3 == counts[1]
    # The first was stored with the acceptance.
    assert len(story) - 1 == seen("hatchery_commit_events_sum")
    assert 0 < seen("hatchery_commit_duration_seconds_sum") < 30


async def test_a_step_that_waits_for_a_busy_engine_is_in_its_queue(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """From its refusal until it is taken, although it has a slot: engines are scaled by it."""
    busy = True

    async def refuse(request: Any, emit: Any) -> StepCompleted:
        if busy:
            raise EngineBusy("busy", retry_after=0.1)
        return await write_persona(request, emit)

    engines.text = refuse
    async with measured_gateway(database_url, engines, tmp_path) as here:
        name = await here.client.start()
        await until_seen(here, "hatchery_queue_length", 1, hatchery_queue="llm")
        busy = False
        assert_story(await here.client.watch(name))
        seen = await here.scrape()
    assert [0, 0] == [seen("hatchery_queue_length", hatchery_queue=of) for of in ("llm", "avatar")]
    assert 0 == seen("hatchery_step_failures_total")


async def test_a_step_whose_engine_is_away_is_in_its_queue(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Between its tries, so that engines are brought up from none."""
    engines.llm_target, there = f"127.0.0.1:{free_port()}", engines.llm_target
    async with measured_gateway(database_url, engines, tmp_path) as here:
        name = await here.client.start()
        await until_seen(here, "hatchery_queue_length", 1, hatchery_queue="llm")
        async with scripted_texts(engines):
            assert_story(await here.client.watch(name))
            assert 0 == (await here.scrape())("hatchery_queue_length", hatchery_queue="llm")
    engines.llm_target = there


async def until_seen(
    here: Measured, name: str, value: float = 0, *, at_least: float | None = None, **labels: str
) -> None:
    """Reads until a metric has a value, or has reached one."""

    async def there() -> bool:
        seen: Scrape = await here.scrape()
        now = seen(name, **labels)
        return now == value if at_least is None else now >= at_least

    await until(there, seconds=10)


async def _taken_over(here: Measured, gate: Gate, url: str) -> str:
    """A generation that draws, and whose runner was lost and followed meanwhile; its name."""
    name = await here.client.start()
    await gate.came.wait()
    gate.came.clear()
    await _run_out(url, name)
    await gate.came.wait()
    return name


async def _run_out(url: str, name: str) -> None:
    """Somebody else took a generation over, and was lost."""
    async with connected(url) as connection:
        await connection.execute(
            "UPDATE generations SET epoch = epoch + 1, lease_expire_time = now() - $2::interval"
            " WHERE id = $1",
            uuid.UUID(name.removeprefix("generations/")),
            dt.timedelta(seconds=1),
        )


async def _leases(here: Measured, name: str, *causes: str) -> list[float]:
    seen = await here.scrape()
    return [seen(name, hatchery_cause=cause) for cause in causes]
