"""Steps that ran tell how long the next ones are expected to take."""

from pathlib import Path
from typing import Any

import pytest
from hatchery.gateway.v1.agent_service_pb2 import PortraitOptions
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted
from hatchery.types.v1.estimate_pb2 import Estimate

from services.gateway.store.database import Database
from services.gateway.store.times import Kind, Run, Times, put_time
from services.runtime.engine_stream import Emit
from services.runtime.errors import EngineFailed
from tests.support.claimed import claimed
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story
from tests.support.scripted import Engines


def _expected(events: list[Progress], step: str) -> Estimate:
    started = next(e for e in events if e.step == step and e.HasField("step_started"))
    return started.step_started.expected


async def test_estimates_rest_on_runs_of_the_same_kind(client: Client) -> None:
    """A guess at first; then so many runs; another model or size is another kind."""
    runs = []
    for _ in range(3):
        events = assert_story(await client.hatch())
        told = _expected(events, "persona")
        runs.append((told.basis, told.runs))
    assert [
        (Estimate.BASIS_DEFAULT, 0),
        (Estimate.BASIS_HISTORY, 1),
        (Estimate.BASIS_HISTORY, 2),
    ] == runs
    assert Estimate.BASIS_HISTORY == events[1].remaining.basis
    # Scripted engines take next to no time, and the guess was eight seconds.
    assert _expected(events, "persona").expected.ToTimedelta().total_seconds() < 2.0
    larger = assert_story(await client.hatch(portrait=PortraitOptions(width=1024, height=1024)))
    assert Estimate.BASIS_HISTORY == _expected(larger, "persona").basis
    assert Estimate.BASIS_DEFAULT == _expected(larger, "avatar").basis


async def test_a_placeholder_says_nothing_of_how_long_drawing_takes(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """What fell back is no run of its kind."""

    async def fail(_: Any, __: Emit) -> StepCompleted:
        raise EngineFailed("no paint")

    engines.image = fail
    async with gateway(database_url, engines, tmp_path) as client:
        await client.hatch()
        again = assert_story(await client.hatch())
    assert Estimate.BASIS_HISTORY == _expected(again, "persona").basis
    assert Estimate.BASIS_DEFAULT == _expected(again, "avatar").basis


@pytest.mark.parametrize("model", ["new", "old"])
async def test_only_the_engine_that_was_used_last_counts(database: Database, model: str) -> None:
    """The default model was another one before: its times are none of the present one's."""
    kind, ids = Kind("persona", "", ""), await claimed(database, 6)
    for place, generation in enumerate(ids):
        used = "old" if place < 4 else model
        async with database.transaction() as connection:
            run = Run(engine="e", model=used, seconds=float(place))
            await put_time(connection, generation, kind, run)
    took = (await Times(database).took([kind]))["persona"]
    assert ((2, 4.5) if model == "new" else (6, 2.5)) == (took.runs, took.median)
    assert {} == await Times(database).took([Kind("persona", "another", "")])
