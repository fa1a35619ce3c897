"""The oracle sees what it is there to see."""

from pathlib import Path

import asyncpg
import pytest
from hatchery.progress.v1.progress_pb2 import Progress

from tests.faults.judge import judge
from tests.faults.people import History
from tests.support.gateway import gateway
from tests.support.scripted import Engines


async def _hatched(url: str, engines: Engines, folder: Path) -> History:
    history = History("one")
    async with gateway(url, engines, folder) as client:
        for event in await client.hatch():
            history.hear(event)
    return history


async def test_nothing_is_wrong_with_what_went_well(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """One generation, one watcher, no complaint."""
    history = await _hatched(database_url, engines, tmp_path)
    verdict = await judge(database_url, [history])
    assert ([], 1, len([e for e in history.events if e.sequence])) == (
        verdict.violations,
        verdict.generations,
        verdict.events,
    )


@pytest.mark.parametrize(
    ("sql", "complaint"),
    [
        ("DELETE FROM progress WHERE sequence = 3", "no story"),
        ("DELETE FROM progress WHERE sequence = (SELECT max(sequence) FROM progress)", "no story"),
        ("UPDATE generations SET state = 'FAILED'", "FAILED at"),
        ("UPDATE generations SET last_sequence = 2", "COMPLETED at 2"),
        ("DELETE FROM agents", "is there: False"),
    ],
)
async def test_a_log_that_breaks_a_promise_is_seen(
    database_url: str, engines: Engines, tmp_path: Path, sql: str, complaint: str
) -> None:
    """A gap, a lost ending, a row that says otherwise, an agent that is gone."""
    history = await _hatched(database_url, engines, tmp_path)
    connection = await asyncpg.connect(database_url)
    await connection.execute(sql)
    await connection.close()
    verdict = await judge(database_url, [history])
    assert any(complaint in violation for violation in verdict.violations), verdict.violations


async def test_a_text_that_is_not_what_was_said_is_seen(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """A word that was lost or told twice where it was interrupted."""
    history = History("one")
    async with gateway(database_url, engines, tmp_path) as client:
        for event in await client.write():
            history.hear(event)
    assert [] == (await judge(database_url, [history])).violations
    connection = await asyncpg.connect(database_url)
    await connection.execute("UPDATE artifacts SET content = content || ' again'")
    await connection.close()
    (violation,) = (await judge(database_url, [history])).violations
    assert "said was" in violation


async def test_a_watcher_who_was_told_something_else_is_seen(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """A repeat, a gap, another text, and a second generation for one request."""
    heard = (await _hatched(database_url, engines, tmp_path)).events
    other = [Progress.FromString(event.SerializeToString()) for event in heard]
    next(e for e in other if e.HasField("text_delta")).text_delta.text = "never said"
    for events, complaint in (
        ([*heard[:3], *heard[2:]], "no prefix"),
        ([*heard[:3], *heard[5:]], "no prefix"),
        (other, "what the log does not say"),
    ):
        history = History("one", heard[0].generation, events)
        verdict = await judge(database_url, [history])
        assert any(complaint in violation for violation in verdict.violations)
    twins = [History("one", heard[0].generation), History("one", "generations/another")]
    assert "one request made" in (await judge(database_url, twins)).violations[0]


async def test_a_step_that_ran_again_is_seen(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """What was done begins a second time."""
    history = await _hatched(database_url, engines, tmp_path)
    done = next(e for e in history.events if e.WhichOneof("event") == "step_completed")
    later = next(e for e in history.events if e.step == "avatar" and e.HasField("step_started"))
    again = Progress.FromString(later.SerializeToString())
    again.step, again.attempt = done.step, done.attempt
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        "UPDATE progress SET event = $1 WHERE sequence = $2",
        again.SerializeToString(),
        again.sequence,
    )
    await connection.close()
    verdict = await judge(database_url, [])
    assert any("was done, and then step_started" in v for v in verdict.violations)
